/** ISO 32000-2, 7.6.5: files encrypted to recipients, with envelopes as openssl writes them. */
import { constants, createPrivateKey, privateDecrypt } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { openEnveloped } from '../../src/cms/index.ts';
import {
  concat,
  type Decrypter,
  digest,
  fromLatin1,
  Malformed,
  toHex,
  utf8,
} from '../../src/crypto/index.ts';
import { decrypterFor } from '../../src/keys/bind.ts';
import { importKey, liveKey } from '../../src/keys/private-key.ts';
import { verifyPdf } from '../../src/pdf/index.ts';
import { aesWrap } from '../../src/pdf/read/aes.ts';
import { PdfDocument } from '../../src/pdf/read/document.ts';
import { PdfStream } from '../../src/pdf/read/objects.ts';
import type { OpenEnvelope } from '../../src/pdf/read/recipients.ts';
import { at, get, identity, openssl, put } from '../cms/peers.ts';

const alice = identity('alice', 'P-256');
const bob = identity('bob', 'P-384');
const rsa = identity('rsa', 'RSA');
const eve = identity('eve', 'P-256');
const seed = Uint8Array.from({ length: 20 }, (_, i) => i + 1);
const content = concat(seed, Uint8Array.of(0xff, 0xff, 0xff, 0xff));

function envelope(to: string, options = ''): Uint8Array {
  put('seed', content);
  const cipher = options.includes('-cbc') ? [] : ['-aes-256-cbc'];
  const files = ['-in', 'seed', '-out', 'envelope.p7m', '-recip', `${to}.pem`];
  const asked = options === '' ? [] : options.split(' ');
  openssl(
    ['cms', '-encrypt', '-binary', '-outform', 'DER', ...cipher, ...files, ...asked].join(' '),
  );
  return get('envelope.p7m');
}

const rsaDecrypter: Decrypter = {
  ...rsa.decrypter,
  async open(encrypted) {
    const key = createPrivateKey(readFileSync(at('rsa.key')));
    const padding = constants.RSA_PKCS1_OAEP_PADDING;
    return new Uint8Array(privateDecrypt({ key, padding, oaepHash: 'sha256' }, encrypted));
  },
};
const OAEP = '-keyopt rsa_padding_mode:oaep -keyopt rsa_oaep_md:sha256 -keyopt rsa_mgf1_md:sha256';

const code = async (work: Promise<unknown>): Promise<string> => {
  try {
    await work;
    return 'ok';
  } catch (error) {
    if (error instanceof Malformed) return error.code;
    throw error;
  }
};

describe('EnvelopedData (RFC 5652 6, RFC 5753)', () => {
  test.each([
    ['SHA-1 derivation, as openssl and Acrobat do', ''],
    ['SHA-256 derivation', '-keyopt ecdh_kdf_md:sha256 -aes256-wrap'],
    ['SHA-512 derivation, named by key identifier', '-keyopt ecdh_kdf_md:sha512 -keyid'],
    ['AES-128', '-aes-128-cbc -aes128-wrap'],
  ])('ECDH with %s', async (_, options) => {
    expect(await openEnveloped(envelope('alice', options), alice.decrypter)).toEqual(content);
    expect(await code(openEnveloped(envelope('alice', options), eve.decrypter))).toBe(
      'cms-not-recipient',
    );
  });

  test('a P-384 key, an RSA key under OAEP; the old RSA padding not with a key that does not open it', async () => {
    expect(await openEnveloped(envelope('bob'), bob.decrypter)).toEqual(content);
    expect(await openEnveloped(envelope('rsa', OAEP), rsaDecrypter)).toEqual(content);
    expect(await code(openEnveloped(envelope('rsa'), rsaDecrypter))).toBe('unsupported-alg');
  });

  test('cut or changed: a code, never another exception', async () => {
    const whole = envelope('alice');
    for (let at = 0; at < whole.length; at += 7) {
      const changed = whole.slice();
      changed[at] = (changed[at] as number) ^ 0x41;
      await code(openEnveloped(changed, alice.decrypter));
      expect(await code(openEnveloped(whole.subarray(0, at), alice.decrypter))).not.toBe('ok');
    }
  });
});

const TEXT = 'BT /F1 12 Tf (for your eyes) Tj ET';

/** AES-256, envelopes in the crypt filter, as Acrobat writes them. */
async function encrypted(envelopes: readonly Uint8Array[]): Promise<Uint8Array> {
  const key = await digest('SHA-256', concat(seed, ...envelopes));
  const stream = await aesWrap(key, new Uint8Array(16).fill(7), utf8(TEXT));
  const recipients = envelopes.map((each) => `<${toHex(each)}>`).join(' ');
  const objects = [
    fromLatin1('<</Type /Catalog /Pages 2 0 R>>'),
    fromLatin1('<</Type /Pages /Kids [3 0 R] /Count 1>>'),
    fromLatin1('<</Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] /Contents 4 0 R>>'),
    concat(fromLatin1(`<</Length ${stream.length}>>\nstream\n`), stream, fromLatin1('\nendstream')),
    fromLatin1(
      `<</Filter /Adobe.PubSec /SubFilter /adbe.pkcs7.s5 /V 5 /Length 256 /StmF /DefaultCryptFilter /StrF /DefaultCryptFilter /CF <</DefaultCryptFilter <</CFM /AESV3 /Length 32 /Recipients [${recipients}]>>>>>>`,
    ),
  ];
  let out: Uint8Array = fromLatin1('%PDF-2.0\n');
  let xref = `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n`;
  objects.forEach((object, i) => {
    xref += `${String(out.length).padStart(10, '0')} 00000 n \n`;
    out = concat(out, fromLatin1(`${i + 1} 0 obj\n`), object, fromLatin1('\nendobj\n'));
  });
  const trailer = `trailer\n<</Size ${objects.length + 1} /Root 1 0 R /Encrypt 5 0 R /ID [<00> <00>]>>`;
  return concat(out, fromLatin1(`${xref}${trailer}\nstartxref\n${out.length}\n%%EOF\n`));
}

const opening =
  (decrypter: Decrypter): OpenEnvelope =>
  async (envelopes) => {
    for (const each of envelopes) {
      const plain = await openEnveloped(each, decrypter).catch(() => null);
      if (plain) return plain;
    }
    return null;
  };

async function textIn(pdf: Uint8Array, decrypter: Decrypter): Promise<string> {
  const document = await PdfDocument.open(pdf, { openEnvelope: opening(decrypter) });
  const [revision] = document.revisions;
  const stream = revision?.object(4);
  if (!revision || !(stream instanceof PdfStream)) throw new Error('no stream');
  return new TextDecoder().decode(revision.data(stream));
}

describe('a file for recipients', () => {
  test('one whose key came under the old RSA padding reads it, another RSA key does not', async () => {
    const pdf = await encrypted([envelope('alice'), envelope('rsa')]);
    const live = await liveKey(await importKey(get('rsa.p8')));
    expect(await textIn(pdf, decrypterFor(live, rsa.certificate))).toBe(TEXT);
    const stranger = identity('stranger', 'RSA');
    const other = await liveKey(await importKey(get('stranger.p8')));
    const named = { ...decrypterFor(other, stranger.certificate), certificate: rsa.certificate };
    expect(await code(textIn(pdf, named))).toMatch(/^pdf-/);
  });

  test('any of them reads it', async () => {
    const pdf = await encrypted([envelope('bob'), envelope('alice')]);
    expect(await textIn(pdf, alice.decrypter)).toBe(TEXT);
    expect(await textIn(pdf, bob.decrypter)).toBe(TEXT);
    const report = await verifyPdf(pdf, { openEnvelope: opening(alice.decrypter) });
    expect(report.integrity).toBe('unsigned');
    expect(report.recipients).toBeUndefined();
  });

  test('for anybody else it is said to be for others, with the envelopes', async () => {
    const envelopes = [envelope('alice')];
    const pdf = await encrypted(envelopes);
    for (const options of [{}, { openEnvelope: opening(eve.decrypter) }]) {
      const report = await verifyPdf(pdf, options);
      expect(report).toMatchObject({ integrity: 'unreadable', verdict: 'INDETERMINATE' });
      expect(report.findings[0]?.code).toBe('pdf-recipients');
      expect(report.recipients).toEqual(envelopes);
    }
  });

  test('the list of recipients is part of the key: one taken out, and nothing opens', async () => {
    const [one, two] = [envelope('bob'), envelope('alice')];
    const pdf = await encrypted([one, two]);
    const text = Buffer.from(pdf)
      .toString('latin1')
      .replace(`<${toHex(one)}> `, ' '.repeat(2 * one.length + 3));
    expect(text).not.toBe(Buffer.from(pdf).toString('latin1'));
    // Under another key one padding in 256 is in order by chance: the text never is.
    const read = await textIn(fromLatin1(text), alice.decrypter).catch(() => null);
    expect(read).not.toBe(TEXT);
  });
});
