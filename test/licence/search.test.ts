import { describe, expect, test } from 'vitest';
import { LISTS, namedEntry, searchList } from '../../src/licence/index.ts';

const lists = Object.entries(LISTS);
const first = (list: keyof typeof LISTS, typed: string) => searchList(LISTS[list], typed)[0]?.code;
const wide = (text: string) =>
  text.replace(/[!-~]/g, (c) => String.fromCharCode(c.charCodeAt(0) + 0xfee0));

describe.each(lists)('%s', (_, list) => {
  test('the code of every entry finds that entry first, however it is typed', () => {
    for (const { code } of list.entries) {
      for (const typed of [code, code.toLowerCase(), wide(code), ` ${code} `]) {
        expect(searchList(list, typed)[0]?.code, typed).toBe(code);
        expect(namedEntry(list, typed)?.code, typed).toBe(code);
      }
    }
  });
  test('the whole name in either language finds its entry first', () => {
    for (const entry of list.entries) {
      expect(searchList(list, entry.zh)[0], entry.zh).toEqual(entry);
      expect(searchList(list, entry.en)[0], entry.en).toEqual(entry);
    }
  });
  test('every Chinese character has its syllable, and pinyin and initials find the entry', () => {
    for (const entry of list.entries) {
      const syllables = (list.pinyin.get(entry.code) ?? '').split(' ');
      expect(syllables, entry.zh).toHaveLength([...entry.zh.matchAll(/\p{Script=Han}/gu)].length);
      for (const each of syllables) expect(each).toMatch(/^[a-z]{1,6}$/);
      const initials = syllables.map(([letter]) => letter).join('');
      for (const typed of [syllables.join(''), syllables.join(' '), initials]) {
        expect(searchList(list, typed)).toContainEqual(entry);
      }
    }
  });
  test('what is chosen is code and names, nothing else', () => {
    for (const entry of list.entries) expect(Object.keys(entry)).toEqual(['code', 'zh', 'en']);
  });
});

test.each([
  ['countries', 'meiguo', 'US'],
  ['countries', 'adly', 'AU'],
  ['countries', '德', 'DE'],
  ['countries', 'germ', 'DE'],
  ['countries', 'zealand', 'NZ'],
  ['currencies', 'rmb', 'CNY'],
  ['ports', 'qdhg', '4200'],
] as const)('%s: %s is %s', (list, typed, code) => expect(first(list, typed)).toBe(code));

test('nothing typed is the whole list, nonsense is nothing', () => {
  expect(searchList(LISTS.ports, ' ')).toEqual(LISTS.ports.entries);
  expect(searchList(LISTS.ports, 'qqqq')).toEqual([]);
  expect(namedEntry(LISTS.ports, '')).toBeNull();
});
