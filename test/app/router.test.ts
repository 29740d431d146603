import { expect, it } from 'vitest';
import { match, pathOf } from '../../src/app/router/match.ts';

it.each([
  ['', '/'],
  ['#', '/'],
  ['#/', '/'],
  ['#verify', '/verify'],
  ['#/verify/', '/verify'],
  ['#/inspect?number=26-1', '/inspect'],
])('the hash %j is the path %j', (hash, path) => expect(pathOf(hash)).toBe(path));

it('gives parameters decoded', () => {
  expect(match('/case/:id', '/case/a%20b')).toEqual({ id: 'a b' });
});

it('keeps a parameter that is not an encoding', () => {
  expect(match('/case/:id', '/case/100%')).toEqual({ id: '100%' });
});

it('is another page with more or fewer parts, or an empty parameter', () => {
  expect(match('/case/:id', '/case')).toBeNull();
  expect(match('/case/:id', '/case/')).toBeNull();
  expect(match('/case/:id', '/case/a/b')).toBeNull();
  expect(match('/verify', '/scan')).toBeNull();
});

it('takes the rest with its slashes', () => {
  expect(match('/v/:rest*', '/v/EL1:A/B/C')).toEqual({ rest: 'EL1:A/B/C' });
  expect(match('/v/:rest*', '/v')).toBeNull();
});
