import { fill } from '../../i18n/fill.ts';
import { formatDate } from '../../i18n/format.ts';
import { catalog, inWords } from '../../i18n/language.svelte.ts';
import { session } from '../../state/session.svelte.ts';
import type { CheckedFile } from '../../workers/checked-file.ts';
import zh from './zh.ts';

export const words = catalog(zh, () => import('./en.ts'));

/** The authority is called as on its licences, in both languages; only for a name that is vouched for. */
export function vouchedName(organization: string): string {
  const authority = session.deployment?.authority;
  return authority?.zh === organization ? inWords(authority) : organization;
}

/** The verdict in one sentence. */
export const sentence = ({ kind, situation, verdict, params }: CheckedFile): string =>
  fill(keepsNoVersion(kind, situation) ? words.changedSince : words.situations[situation], {
    ...params,
    ...(verdict === 'TOTAL-PASSED' ? { who: vouchedName(params['who'] ?? '') } : {}),
    ...(params['until'] ? { until: formatDate(params['until']) } : {}),
  });

export const nextStep = ({ kind, situation }: CheckedFile): string | null =>
  keepsNoVersion(kind, situation)
    ? words.changedNext
    : ((words.next as Record<string, string>)[situation] ?? null);

/** Only a PDF still has the version that was sealed inside. */
const keepsNoVersion = (kind: CheckedFile['kind'], situation: CheckedFile['situation']): boolean =>
  situation === 'changed' && kind !== 'pdf';
