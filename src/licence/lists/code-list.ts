import type { Coded } from '../types.ts';

/** A list of values of a box. `demo` lists are samples, incomplete and unverified; a deployment replaces them. */
export interface CodeList {
  readonly demo: boolean;
  readonly entries: readonly Coded[];
  /** Pinyin of the Chinese name by code: syllables without tones, ü as v. For searching only. */
  readonly pinyin: ReadonlyMap<string, string>;
}

/** `code|zh|en|pinyin` per line. */
export function codeList(demo: boolean, table: string): CodeList {
  const rows = table
    .trim()
    .split('\n')
    .map((row) => row.split('|').map((cell) => cell.trim()));
  return {
    demo,
    entries: rows.map(([code = '', zh = '', en = '']) => ({ code, zh, en })),
    pinyin: new Map(rows.map(([code = '', , , pinyin = '']) => [code, pinyin])),
  };
}

export function findCode(list: CodeList, code: string): Coded | null {
  return list.entries.find((entry) => entry.code === code) ?? null;
}
