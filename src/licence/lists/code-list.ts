import type { Coded } from '../types.ts';

/** A list of values of a box. `demo` lists are samples, incomplete and unverified; a deployment replaces them. */
export interface CodeList {
  readonly demo: boolean;
  readonly entries: readonly Coded[];
}

/** `code zh en` per line, separated by `|`. */
export function codeList(demo: boolean, table: string): CodeList {
  const entries = table
    .trim()
    .split('\n')
    .map((row) => {
      const [code = '', zh = '', en = ''] = row.split('|').map((cell) => cell.trim());
      return { code, zh, en };
    });
  return { demo, entries };
}

export function findCode(list: CodeList, code: string): Coded | null {
  return list.entries.find((entry) => entry.code === code) ?? null;
}
