/** The words on screen are those of the glossary, the same ones in both languages. */
import { expect, it } from 'vitest';
import glossary from '../../docs/glossary.md?raw';

type Entry = { never: string[]; zh: string; en: string };

/** Rows of the table "Words on screen". */
function table(): Entry[] {
  const [, section = ''] = glossary.split('## Words on screen');
  return section
    .split('\n')
    .filter((line) => line.startsWith('|') && !/^\| *(?:-|never)/.test(line))
    .map((line) => line.split('|').map((cell) => cell.trim()))
    .map(([, never = '', zh = '', en = '']) => ({ never: never.split(/, */), zh, en }));
}

const entries = table();
const never = entries.flatMap((entry) => entry.never);

/** English terms are whole words; Chinese ones may stand anywhere. */
const pattern = (term: string): RegExp =>
  /^\p{ASCII}+$/u.test(term) ? new RegExp(`\\b${term}\\b`, 'i') : new RegExp(term);

/** `path → text`; a sentence made by a function is its source, calls taken out. */
function sentences(word: unknown, path = ''): [string, string][] {
  if (typeof word === 'string') return [[path, word]];
  if (typeof word === 'function') return [[path, String(word).replace(/\.\w+\(/g, '(')]];
  return Object.entries(word as object).flatMap(([key, inner]) =>
    sentences(inner, `${path}/${key}`),
  );
}

const load = (modules: Record<string, unknown>) =>
  Object.entries(modules).flatMap(([name, module]) =>
    sentences((module as { default: unknown }).default).map(
      ([path, text]) => [name.replace(/^.*\/app\//, '') + path, text] as const,
    ),
  );

const chinese = load(
  import.meta.glob(['../../src/app/**/{zh,*-zh}.ts', '../../src/app/**/zh/*.ts'], { eager: true }),
);
const english = load(
  import.meta.glob(['../../src/app/**/{en,*-en}.ts', '../../src/app/**/en/*.ts'], { eager: true }),
);
const pages = Object.entries(
  import.meta.glob<string>('../../src/app/**/*.svelte', {
    eager: true,
    query: '?raw',
    import: 'default',
  }),
);

it('reads the table', () => {
  expect(entries.length).toBeGreaterThan(5);
  expect(never).toContain('入座');
});

it('keeps the terms of the field off the screen', () => {
  const found = [...chinese, ...english].flatMap(([path, text]) =>
    never.filter((term) => pattern(term).test(text)).map((term) => `${path}: ${term}`),
  );
  expect(found).toEqual([]);
});

it('keeps them out of the pages, too', () => {
  const terms = never.filter((term) => /\p{Script=Han}/u.test(term));
  const found = pages.flatMap(([path, text]) =>
    terms.filter((term) => text.includes(term)).map((term) => `${path}: ${term}`),
  );
  expect(found).toEqual([]);
});

it('heads no column with a word that says nothing by itself', () => {
  for (const [path, text] of [...chinese, ...english]) {
    expect(['自', 'Since'].includes(text), path).toBe(false);
  }
});

it('says one thing with one word in both languages', () => {
  const other = new Map(
    english.map(([path, text]) => [path.replace(/(^|[/-])en(?=\.ts|\/)/, '$1zh'), text]),
  );
  const parted = chinese.flatMap(([path, text]) =>
    entries
      .filter(({ zh, en }) => !en.startsWith('(') && text.includes(zh))
      .filter(({ en }) => !stem(en).test(other.get(path) ?? ''))
      .map(({ zh, en }) => `${path}: ${zh}, not ${en}: ${other.get(path)}`),
  );
  expect(parted).toEqual([]);
});

/** Any form of the words: "connected" is "connect", "signs in" is "sign in". */
const stem = (term: string): RegExp => new RegExp(term.split(' ').join('\\w*\\s+'), 'i');
