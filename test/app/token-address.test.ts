import { expect, it } from 'vitest';
import { tokensOfAddress } from '../../src/app/pages/scan/token-address.ts';

/** Every character of base45 that an address may change, a slash and a space last. */
const TOKEN = 'EL1:6BF %41$*+-./:%20Z/';

it('reads an encoded token first', () => {
  expect(tokensOfAddress(`#/v/${encodeURIComponent(TOKEN)}`)[0]).toBe(TOKEN);
});

it('finds a token that was not encoded, where the browser changed its spaces or not', () => {
  const spaced = 'EL1:6BF %41$*+-./:Z/';
  expect(tokensOfAddress(`#/v/${spaced}`)).toContain(spaced);
  expect(tokensOfAddress(`#/v/${spaced.replaceAll(' ', '%20')}`)).toContain(spaced);
});

it('keeps a token whose % is no encoding', () => {
  expect(tokensOfAddress('#/v/EL1:A%ZZ')[0]).toBe('EL1:A%ZZ');
});

it('tells a space from a %20 of the token itself, and finds a space at the end', () => {
  const token = 'EL1:A%20B C ';
  const written = token.replaceAll(' ', '%20').replace(/%20$/, '');
  expect(tokensOfAddress(`#/v/${written}`)).toContain(token);
});
