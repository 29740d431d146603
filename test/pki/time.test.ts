import { describe, expect, it } from 'vitest';
import { derWrite, Malformed, readDer, utf8 } from '../../src/crypto/index.ts';
import { readTime } from '../../src/pki/index.ts';

const UTC = 0x17;
const GENERALIZED = 0x18;
const read = (tag: number, text: string): string => {
  try {
    return new Date(readTime(readDer(derWrite.tlv(tag, utf8(text))))).toISOString();
  } catch (error) {
    return error instanceof Malformed ? error.code : String(error);
  }
};

describe('times of certificates (RFC 5280 4.1.2.5)', () => {
  it.each([
    [UTC, '260601123456Z', '2026-06-01T12:34:56.000Z'],
    [UTC, '491231235959Z', '2049-12-31T23:59:59.000Z'],
    [UTC, '500101000000Z', '1950-01-01T00:00:00.000Z'],
    [GENERALIZED, '99991231235959Z', '9999-12-31T23:59:59.000Z'],
    [GENERALIZED, '00010101000000Z', '0001-01-01T00:00:00.000Z'],
    [GENERALIZED, '00000229000000Z', '0000-02-29T00:00:00.000Z'],
    [GENERALIZED, '20000229000000Z', '2000-02-29T00:00:00.000Z'],
  ])('%i %s', (tag, text, expected) => expect(read(tag, text)).toBe(expected));

  it.each([
    [GENERALIZED, '21000229000000Z'],
    [GENERALIZED, '20260631000000Z'],
    [GENERALIZED, '20261301000000Z'],
    [GENERALIZED, '20260001000000Z'],
    [GENERALIZED, '20260100000000Z'],
    [GENERALIZED, '20260101240000Z'],
    [GENERALIZED, '20260101006000Z'],
    [GENERALIZED, '20260101000060Z'],
    [GENERALIZED, '20260101000000.5Z'],
    [GENERALIZED, '20260101000000+'],
    [GENERALIZED, '260601123456Z'],
    [UTC, '20260601123456Z'],
    [UTC, '2606011234Z'],
    [UTC, '26060112345 Z'],
    [UTC, '26060112345/Z'],
    [UTC, '2606011234560'],
    [0x16, '260601123456Z'],
  ])('refuses %i %s', (tag, text) => expect(read(tag, text)).toBe('x509-time'));
});
