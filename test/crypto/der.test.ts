import { describe, expect, it } from 'vitest';
import { derWrite, Malformed, oidOf, readDer, toHex } from '../../src/crypto/index.ts';

const hex = (text: string) => Uint8Array.from(Buffer.from(text, 'hex'));
const code = (text: string) => {
  try {
    readDer(hex(text));
    return 'ok';
  } catch (error) {
    return error instanceof Malformed ? error.code : String(error);
  }
};

describe('strict DER (X.690 clause 10)', () => {
  it.each([
    ['3080', 'der-indefinite'],
    ['30810100', 'der-length'],
    ['0201', 'der-truncated'],
    ['02020001', 'der-integer'],
    ['0200', 'der-integer'],
    ['010101', 'der-boolean'],
    ['03020401', 'der-bit-string'],
    ['06028001', 'der-oid'],
    ['050000', 'der-trailing'],
    ['1000', 'der-tag'],
  ])('refuses %s', (text, expected) => expect(code(text)).toBe(expected));

  it('keeps UUID arcs whole (X.667)', () => {
    const oid = '2.25.329800735698586629295641978511506172918';
    expect(oidOf(readDer(derWrite.oid(oid)))).toBe(oid);
    expect(oidOf(readDer(derWrite.oid('1.2.156.10197.1.301')))).toBe('1.2.156.10197.1.301');
  });

  it('writes what it reads', () => {
    const bytes = derWrite.sequence(
      derWrite.integer(-129n),
      derWrite.integer(128),
      derWrite.oid('1.2.156.10197.1.501'),
    );
    expect(toHex(bytes)).toBe('30120202ff7f0202008006082a811ccf55018375');
    expect(readDer(bytes).children).toHaveLength(3);
  });
});
