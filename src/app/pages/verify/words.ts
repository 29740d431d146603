import { fill } from '../../i18n/fill.ts';
import { formatDate } from '../../i18n/format.ts';
import { catalog } from '../../i18n/language.svelte.ts';
import type { CheckedFile } from '../../workers/checked-file.ts';
import zh from './zh.ts';

export const words = catalog(zh, () => import('./en.ts'));

/** The verdict in one sentence. */
export const sentence = ({ situation, params }: CheckedFile): string =>
  fill(words.situations[situation], {
    ...params,
    ...(params['until'] ? { until: formatDate(params['until']) } : {}),
  });

export const nextStep = ({ situation }: CheckedFile): string | null =>
  (words.next as Record<string, string>)[situation] ?? null;
