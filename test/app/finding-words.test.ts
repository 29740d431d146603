/** Every code that the verifying rooms can give has words in both languages. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import en from '../../src/app/pages/verify/finding-words/en.ts';
import zh from '../../src/app/pages/verify/finding-words/zh.ts';
import { CHANGE_WORDS } from '../../src/pdf/verify/diff/change-words.ts';

const source = (folder: string): string =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => readFileSync(join(folder, name), 'utf8'))
    .join('\n');

function codes(folder: string, shape: RegExp): string[] {
  return [...new Set([...source(folder).matchAll(shape)].map((match) => match[1] as string))];
}

test('both languages have the same codes', () => {
  for (const part of ['findings', 'families', 'changes'] as const) {
    expect(Object.keys(en[part])).toEqual(Object.keys(zh[part]));
  }
});

test.each([
  ['src/pdf/read', /'(pdf-[a-z0-9-]+)'/g],
  ['src/pdf/verify', /'((?:pdf|cms|tst)-[a-z0-9-]+|unsupported-alg)'/g],
  ['src/cms', /'((?:cms|tst)-[a-z0-9-]+)'/g],
  ['src/seal/data', /'(SEAL_[A-Z_]+)'/g],
] as const)('%s', (folder, shape) => {
  const found = codes(folder, shape);
  expect(found.length).toBeGreaterThan(3);
  expect(found.filter((code) => !(code in zh.findings))).toEqual([]);
});

test('every change, with the same params as its English sentence', () => {
  const params = (text: string): string => (text.match(/\{\w+\}/g) ?? []).sort().join();
  for (const [code, sentence] of Object.entries(CHANGE_WORDS)) {
    for (const { changes } of [zh, en]) {
      const words = (changes as Record<string, string>)[code];
      expect(words, code).toBeDefined();
      if (code !== 'revision-unreadable') expect(params(words ?? ''), code).toBe(params(sentence));
    }
  }
});
