/** What one signature's report says, in the words of the page. */
import type { PdfReport, SeamStrip } from '../../../pdf/index.ts';
import { formatNumber } from '../../i18n/format.ts';
import type { Tone } from '../../workers/checked-file.ts';
import { words } from './report-words/index.ts';

export type Signature = PdfReport['signatures'][number];

const TONE: Record<string, Tone> = { 'TOTAL-PASSED': 'ok', 'TOTAL-FAILED': 'bad' };

export const toneOf = (verdict: string): Tone => TONE[verdict] ?? 'unknown';

export function verdictWords(verdict: string, subIndication?: string | null): string {
  const word = (words.verdicts as Record<string, string>)[verdict] ?? verdict;
  if (!subIndication) return word;
  const why = (words.subIndications as Record<string, string>)[subIndication] ?? subIndication;
  return `${word} · ${why}`;
}

/** Whether anything changed since, in one phrase. */
export function afterWords({ integrity, changesList, changes, findings }: Signature): {
  tone: Tone;
  text: string;
} {
  const { since } = words;
  const count = changesList.length;
  if (integrity === 'broken') return { tone: 'bad', text: since.unknown };
  if (integrity === 'unchecked') return { tone: 'unknown', text: words.integrity.unchecked };
  if (changes === 'forbidden') return { tone: 'bad', text: since.forbidden(Math.max(1, count)) };
  if (integrity === 'modified') return { tone: 'warn', text: since.arguable(Math.max(1, count)) };
  const refilled = findings.filter(({ code }) => code === 'pdf-field-changed').length;
  if (refilled > 0) return { tone: 'warn', text: since.refilled(refilled) };
  const seen = changesList.filter(({ kind }) => kind !== 'evidence' && kind !== 'metadata');
  if (seen.length > 0) {
    const permitted = seen.every(({ granted }) => granted);
    return { tone: 'ok', text: (permitted ? since.permitted : since.allowed)(seen.length) };
  }
  if (count > 0) return { tone: 'ok', text: since.added };
  return { tone: 'ok', text: since.none };
}

/** 1–4, 6 */
export function pageRanges(pages: readonly number[]): string {
  const runs: [number, number][] = [];
  for (const page of pages) {
    const last = runs.at(-1);
    if (last && page === last[1] + 1) last[1] = page;
    else runs.push([page, page]);
  }
  return runs.map(([from, to]) => (from === to ? `${from}` : `${from}–${to}`)).join(', ');
}

/** The seam seal in words, where the signature has one. */
export function seamWords(
  seal: NonNullable<Signature['seal']>,
): { tone: Tone; text: string } | null {
  const { seam, seamFault, strips = [], pageCount } = seal;
  if (seam) {
    return { tone: 'ok', text: words.seam(pageRanges(seam), seam.length === pageCount) };
  }
  if (!seamFault) return null;
  const pages = (state: SeamStrip['state']) =>
    strips.filter((strip) => strip.state === state).map(({ page }) => page);
  const faults = [
    [words.seamMissing, seamFault.missing],
    [words.seamMisplaced, pages('misplaced')],
    [words.seamAltered, pages('altered')],
  ] as const;
  const found = faults.flatMap(([word, on]) => (on.length > 0 ? [word(pageRanges(on))] : []));
  return { tone: 'bad', text: words.seamFault(seamFault.named, found) };
}

/** Whose certificate it is, for reading: the person or body by name, not by the whole subject. */
export function nameOf(subject: string): string {
  const part = (key: string) =>
    new RegExp(`(?:^|, )${key}=((?:[^,\\\\]|\\\\.)*)`).exec(subject)?.[1];
  const [own, body] = [part('CN'), part('O')];
  if (!own || !body) return own ?? body ?? subject;
  return own === body ? own : `${own}（${body}）`;
}

export const levelWords = (level: string): string =>
  (words.levels as Record<string, string>)[level] ?? level;

export const byteCount = (bytes: number): string => formatNumber(String(bytes));
