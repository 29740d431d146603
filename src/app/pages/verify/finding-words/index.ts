/** Sentences for findings and changes in the language of the page. */
import type { Finding } from '../../../../crypto/index.ts';
import { fill } from '../../../i18n/fill.ts';
import { catalog } from '../../../i18n/language.svelte.ts';
import zh from './zh.ts';

const words = catalog(zh, () => import('./en.ts'));

type Lookup = Record<string, string | undefined>;

export function findingWords({ code }: Pick<Finding, 'code'>): string {
  const own = (words.findings as Lookup)[code];
  if (own) return own;
  const family = code.split(/[-_]/)[0] ?? '';
  return (words.families as Lookup)[family] ?? words.families.other;
}

export function changeWords({
  code,
  params,
}: {
  code: string;
  params: Readonly<Record<string, string>>;
}): string {
  return fill((words.changes as Lookup)[code] ?? words.families.other, { ...params });
}
