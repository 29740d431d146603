/** Finding an entry by its code, its name in either language, its pinyin or their initials. */
import type { Coded } from '../types.ts';
import { type CodeList, findCode } from './code-list.ts';

const plain = (text: string): string => text.normalize('NFKC').trim().toLowerCase();

/**
 * Entries that fit what was typed, best first: the code itself, codes that begin so, names that
 * begin so, then whatever holds it. Everything, in the order of the list, for nothing typed.
 */
export function searchList(list: CodeList, typed: string): Coded[] {
  const asked = plain(typed);
  if (asked === '') return [...list.entries];
  const ranked = list.entries.flatMap((entry) => {
    const rank = rankOf(entry, list.pinyin.get(entry.code) ?? '', asked);
    return rank < 0 ? [] : [{ entry, rank }];
  });
  return ranked.sort((a, b) => a.rank - b.rank).map(({ entry }) => entry);
}

/** The entry that the text names and no other: its code, or its whole name. */
export function namedEntry(list: CodeList, typed: string): Coded | null {
  const asked = plain(typed);
  const byCode = findCode(list, asked.toUpperCase());
  if (byCode || asked === '') return byCode;
  return (
    list.entries.find((entry) => plain(entry.zh) === asked || plain(entry.en) === asked) ?? null
  );
}

/** Smaller is better; -1 where nothing fits. */
function rankOf({ code, zh, en }: Coded, pinyin: string, asked: string): number {
  const own = code.toLowerCase();
  if (own === asked) return 0;
  if (own.startsWith(asked)) return 1;
  const names = [plain(zh), plain(en)];
  if (names.includes(asked)) return 2;
  const syllables = pinyin.split(' ');
  const initials = syllables.map((each) => each.slice(0, 1)).join('');
  const spelled = syllables.join('');
  const tight = asked.replace(/[\s']/g, '');
  if (names.some((name) => name.startsWith(asked))) return 3;
  if (initials === tight || spelled === tight) return 4;
  if (tight !== '' && (initials.startsWith(tight) || spelled.startsWith(tight))) return 5;
  if (
    plain(en)
      .split(/[\s,()-]+/)
      .some((word) => word.startsWith(asked))
  )
    return 6;
  if (own.includes(asked) || names.some((name) => name.includes(asked))) return 7;
  return tight !== '' && spelled.includes(tight) ? 8 : -1;
}
