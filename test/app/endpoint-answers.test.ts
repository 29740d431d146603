/** Whatever an endpoint answers, the list of what waits says it in words, in both languages. */
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import en from '../../src/app/i18n/codes/en.ts';
import zh from '../../src/app/i18n/codes/zh.ts';

const folder = new URL('../../src/endpoint/', import.meta.url);
const sources = readdirSync(folder).map((name) => readFileSync(new URL(name, folder), 'utf8'));
/** Codes of the relay of time stamps, which no package is refused with. */
const RELAY = /^tsp-/;

/** Every code that the endpoint's source writes down as such. */
const written = new Set(
  sources.flatMap((text) => [
    ...[...text.matchAll(/\bcode: '([a-z-]+)'/g)].map(([, code]) => code as string),
    ...[...text.matchAll(/refuse\(response, \d{3}, '([a-z-]+)'/g)].map(
      ([, code]) => code as string,
    ),
  ]),
);
/** Answers of the chain of bundles. */
const [, chain = ''] = /const ANSWERS[^{]*\{\n(.*?)\n\};/s.exec(sources.join('\n')) ?? [];
const answers = [...chain.matchAll(/^ {2}'?([a-z-]+)'?: \[/gm)].map(
  ([, code]) => `bundle-${code?.replace(/^bundle-/, '')}`,
);

test('the codes are found', () => {
  expect(written.size).toBeGreaterThan(10);
  expect(answers.length).toBeGreaterThan(8);
});

test.each([['zh', zh.answers] as const, ['en', en.answers] as const])(
  '%s has words for each of them',
  (_, table) => {
    const known = Object.keys(table);
    // To whoever reads; and of an endpoint that takes nothing from anybody now (503).
    const others = [
      'unknown',
      'damaged',
      'request-signature',
      'readers',
      'stopping',
      'log-damaged',
    ];
    const sending = [...written].filter((code) => !RELAY.test(code) && !others.includes(code));
    expect([...sending, ...answers].filter((code) => !known.includes(code))).toEqual([]);
  },
);

test('none of them is a code', () => {
  for (const text of [...Object.values(zh.answers), ...Object.values(en.answers)]) {
    expect(text).not.toMatch(/^[a-z-]+$/);
  }
  expect(Object.keys(zh.answers)).toEqual(Object.keys(en.answers));
});
