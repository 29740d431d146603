/** Every word has both languages; every code of the desk has words. */
import { expect, it } from 'vitest';
import en from '../../src/app/i18n/codes/en.ts';
import zh from '../../src/app/i18n/codes/zh.ts';
import { REFUSALS } from '../../src/desk/index.ts';

type Words = { [key: string]: Word };
type Word = string | Words | readonly Word[] | ((...args: never[]) => unknown);

/** `path → kind`, with the number of parameters of a sentence made by a function. */
function shape(word: Word, path = ''): [string, string][] {
  if (typeof word === 'string') return [[path, `text ${places(word)}`]];
  if (typeof word === 'function') return [[path, 'function']];
  return Object.entries(word).flatMap(([key, inner]) => shape(inner as Word, `${path}/${key}`));
}

/** `{name}` places that the sentence fills. */
const places = (text: string): string => [...new Set(text.match(/\{\w+\}/g) ?? [])].sort().join();

function texts(word: Word): string[] {
  if (typeof word === 'string') return [word];
  if (typeof word === 'function') return [];
  return Object.values(word).flatMap((inner) => texts(inner as Word));
}

const load = (files: Record<string, unknown>, name: string): Words =>
  (files[name] as { default: Words }).default;

const chinese = import.meta.glob('../../src/app/**/zh.ts', { eager: true });
const english = import.meta.glob('../../src/app/**/en.ts', { eager: true });
const all = Object.keys(chinese).map((name) => ({
  folder: name.replace(/^.*\/app\/(.*)\/zh\.ts$/, '$1'),
  zh: load(chinese, name),
  en: load(english, name.replace(/zh\.ts$/, 'en.ts')),
}));

it('finds the dictionaries', () => expect(all.length).toBeGreaterThan(5));

it.each(all)('$folder says the same things in both languages', (dictionary) => {
  expect(shape(dictionary.en)).toEqual(shape(dictionary.zh));
});

it.each(all)('$folder leaves nothing blank, and raises its voice nowhere', (dictionary) => {
  for (const text of [...texts(dictionary.zh), ...texts(dictionary.en)]) {
    expect(text.trim(), JSON.stringify(text)).not.toBe('');
    expect(text).not.toMatch(/[!！]/);
  }
});

it.each(all)('$folder has no Chinese left in its English', (dictionary) => {
  for (const text of texts(dictionary.en)) {
    const own = text.replace(/[“"(].*?[)"”]/g, '').replaceAll('中文', '');
    expect(own).not.toMatch(/\p{Script=Han}|[，。；：]/u);
  }
});

it('has words for every refusal of the desk', () => {
  for (const code of REFUSALS) {
    expect(zh.refusals).toHaveProperty(code);
    expect(en.refusals).toHaveProperty(code);
  }
});

it('has words for every rule that a record can break', () => {
  const rules = import.meta.glob<string>('../../src/workflow/fold/*.ts', {
    eager: true,
    query: '?raw',
    import: 'default',
  });
  const codes = Object.values(rules).flatMap((source) =>
    [...source.matchAll(/new Refused\(\s*'([\w-]+)'/g)].map(([, code]) => code as string),
  );
  expect(codes.length).toBeGreaterThan(20);
  for (const code of codes) {
    expect(zh.rules).toHaveProperty(code);
    expect(en.rules).toHaveProperty(code);
  }
});

it('has words for everything that stands against a form', () => {
  const sources = import.meta.glob<string>(
    ['../../src/licence/{check,characters,contract}.ts', '../../src/desk/attachments/index.ts'],
    { eager: true, query: '?raw', import: 'default' },
  );
  const codes = Object.values(sources).flatMap((source) =>
    [
      ...source.matchAll(/(?:block|warn)\(\s*issues, [^,]+, '([\w-]+)'|code: '([\w-]+)'/g),
      ...source.matchAll(/'((?:attachment|contract)-[\w-]+)'/g),
    ].map(([, first, second]) => (first ?? second) as string),
  );
  expect(codes.length).toBeGreaterThan(20);
  for (const code of codes) {
    expect(zh.issues).toHaveProperty(code);
    expect(en.issues).toHaveProperty(code);
  }
});
