import { beforeAll, describe, expect, test } from 'vitest';
import {
  type Cbor,
  CborTag,
  concat,
  ES256,
  owned,
  readCbor,
  readCoseSign1,
  sigStructure,
  utf8,
  writeCbor,
  writeCoseSign1,
} from '../../src/crypto/index.ts';

const kid = new Uint8Array(8).fill(7);
const payload = utf8('licence');
const ecdsa = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
let keys: CryptoKeyPair;
let cose: Uint8Array;

beforeAll(async () => {
  keys = await crypto.subtle.generateKey(ecdsa, true, ['sign', 'verify']);
  cose = await writeCoseSign1(
    ES256,
    kid,
    payload,
    async (data) => new Uint8Array(await crypto.subtle.sign(ecdsa, keys.privateKey, data)),
  );
});

const codeOf = (bytes: Uint8Array): string => {
  try {
    readCoseSign1(bytes);
    return 'ok';
  } catch (error) {
    return (error as { code: string }).code;
  }
};

/** The parts of `cose`, some of them replaced. */
function parts(change: Partial<Record<0 | 1 | 2 | 3, Cbor>>): Uint8Array {
  return writeCbor((readCbor(cose) as Cbor[]).map((part, i) => change[i as 0] ?? part));
}

const header = (...entries: [Cbor, Cbor][]) => writeCbor(new Map<Cbor, Cbor>(entries));

describe('RFC 9052 COSE_Sign1', () => {
  test('the Sig_structure is what is signed', async () => {
    const read = readCoseSign1(cose);
    expect(read).toMatchObject({ alg: ES256, kid, payload });
    expect(read.signed).toEqual(sigStructure(read.protected, payload));
    const good = await crypto.subtle.verify(
      ecdsa,
      keys.publicKey,
      owned(read.signature),
      read.signed,
    );
    expect(good).toBe(true);
  });
  test('tag 18 in front is the same message; other tags are not', () => {
    const tagged = concat(new Uint8Array([0xd2]), cose);
    expect(readCoseSign1(tagged).payload).toEqual(payload);
    expect(codeOf(writeCbor(new CborTag(61, readCbor(tagged))))).toBe('cose-form');
  });
  test('a key id outside the protected header does not count', () => {
    const unprotected = new Map<Cbor, Cbor>([[4, kid]]);
    expect(codeOf(parts({ 0: header([1, ES256]), 1: unprotected }))).toBe('cose-header');
    expect(codeOf(parts({ 1: unprotected }))).toBe('cose-header');
    expect(codeOf(parts({ 0: header([1, ES256]) }))).toBe('cose-header');
  });
  test('nothing but alg and kid is protected', () => {
    expect(codeOf(parts({ 0: header([1, ES256], [4, kid], [2, [1]]) }))).toBe('cose-header');
    expect(codeOf(parts({ 0: header([4, kid], [5, kid]) }))).toBe('cose-header');
  });
  test('parts of other types or number', () => {
    expect(codeOf(parts({ 2: 'text' }))).toBe('cose-form');
    expect(codeOf(writeCbor([...(readCbor(cose) as Cbor[]), null]))).toBe('cose-form');
  });
});
