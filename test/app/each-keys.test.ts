import { expect, it } from 'vitest';

/** Two entries of one key make Svelte stop rendering the page, for whoever opens it. */
it('no list is keyed by what people, files or certificates are free to say twice', () => {
  const files = import.meta.glob<string>('../../src/app/**/*.svelte', {
    eager: true,
    query: '?raw',
    import: 'default',
  });
  const lists = Object.entries(files).flatMap(([file, source]) =>
    [...source.matchAll(/\{#each ([^}]+?) as (?:\{[^}]*\}|[^{}]*?) \(([^()]+)\)\}/g)].map(
      ([, of, key]) => ({ file, of: of as string, key: key as string }),
    ),
  );
  expect(lists.length).toBeGreaterThan(80);
  /** Constants and lists that the page itself writes. */
  const own = ({ of }: { of: string }) => /^([A-Z]|acts$|w\.)/.test(of);
  const free = lists.filter(
    (list) => /(^|\.)(name|reason|url|declaration|oid|file|field)$/.test(list.key) && !own(list),
  );
  expect(free).toEqual([]);
});
