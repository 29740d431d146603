import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { derWrite as d, Malformed, toBase64, toHex, utf8 } from '../../src/crypto/index.ts';
import { certificatesIn, readPem } from '../../src/pki/index.ts';
import { certificate, party } from './forge.ts';

const who = await party('CA');
const der = await certificate({ subject: who, issuer: who });
const body = toBase64(der)
  .match(/.{1,64}/g)
  ?.join('\n') as string;
const pem = `-----BEGIN CERTIFICATE-----\n${body}\n-----END CERTIFICATE-----\n`;
const found = (file: Uint8Array) => certificatesIn(file).map(toHex);

const windows = new Uint8Array(2 + 2 * pem.length);
windows.set([0xff, 0xfe]);
for (let i = 0; i < pem.length; i++) windows[2 + 2 * i] = pem.charCodeAt(i);

/** PKCS #7 of indefinite lengths, as Windows exports `.p7b`. */
const bundle = () => {
  const indefinite = (tag: number, ...parts: Uint8Array[]) =>
    new Uint8Array([tag, 0x80, ...parts.flatMap((part) => [...part]), 0, 0]);
  const data = indefinite(0x30, d.oid('1.2.840.113549.1.7.1'));
  const certificates = indefinite(0xa0, der, der);
  const signed = indefinite(0x30, d.integer(1), d.setOf(), data, certificates, d.setOf());
  return indefinite(0x30, d.oid('1.2.840.113549.1.7.2'), indefinite(0xa0, signed));
};

describe('certificates as tools of the field write them', () => {
  it.each<[string, Uint8Array]>([
    ['PEM', utf8(pem)],
    ['CRLF', utf8(pem.replaceAll('\n', '\r\n'))],
    ['a byte-order mark', utf8(`\ufeff${pem}`)],
    ['UTF-16', windows],
    [
      'text around the block',
      utf8(`Bag Attributes\n  friendlyName: x-y\nsubject=CN=CA\n${pem}end`),
    ],
    ['headers (RFC 1421)', utf8(pem.replace('-----\n', '-----\nComment: a-b\n  more\n\n'))],
    ['bare base64', utf8(body)],
    ['bare base64 in one line', utf8(`${toBase64(der)}\r\n`)],
    ['DER', der],
    ['a line end after DER', new Uint8Array([...der, 13, 10])],
  ])('%s', (_, file) => {
    expect(found(file)).toEqual([toHex(der)]);
  });

  it('a PKCS #7 in BER', () => {
    expect(found(bundle())).toEqual([toHex(der), toHex(der)]);
  });

  it('anything else behind DER is left for the strict reader to refuse', () => {
    expect(found(new Uint8Array([...der, 10, 0x30]))).toEqual([
      toHex(new Uint8Array([...der, 10, 0x30])),
    ]);
  });

  it.each([
    ['a block that does not close', pem.replace('END', 'ENDE')],
    ['a block that closes under another name', pem.replace('END CERTIFICATE', 'END X509 CRL')],
    ['no base64', pem.replace('M', '*')],
    ['words', 'hello'],
  ])('refuses %s', (_, text) => {
    expect(() => readPem(utf8(text))).toThrow(Malformed);
  });

  it('refuses or reads anything, and quickly', () => {
    const pieces = fc.constantFrom(
      '-----BEGIN A-----',
      '-----END A-----',
      'a: b\n',
      '\n',
      'QUJD',
      '-',
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 200 }), (list) => {
        try {
          readPem(utf8(list.join('')));
        } catch (error) {
          expect(error).toBeInstanceOf(Malformed);
        }
      }),
    );
  });
});
