import { createCipheriv, createHash, generateKeyPairSync, randomBytes } from 'node:crypto';
import { derWrite } from '../../src/crypto/index.ts';
import { KeyRefused } from '../../src/keys/index.ts';
import { importEnvelopedKey, importKeyFiles } from '../../src/keys/pfx/index.ts';
import { certificate, party } from '../pki/forge.ts';
import type { FuzzedReader } from './reader.ts';

const { bitString, integer, nullValue, octetString, oid, sequence } = derWrite;
const password = randomBytes(8).toString('hex');
const DATA = '1.2.156.10197.6.1.4.2.1';
const SM4 = '1.2.156.10197.1.104';
/** What the signing key shares with every point: the form is fuzzed, not the arithmetic. */
const shared = new Uint8Array(32).fill(1);

/** PKCS #8 in its forms, CFCA's key file, SM2EnvelopedKey. */
export const reader: FuzzedReader = {
  name: 'key-files',
  async seeds() {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
    const plain = privateKey.export({ format: 'der', type: 'pkcs8' });
    const sealing = { cipher: 'aes-256-cbc', passphrase: password };
    const encrypted = privateKey.export({ format: 'der', type: 'pkcs8', ...sealing });
    const text = privateKey.export({ format: 'pem', type: 'sec1' });
    const who = await party('holder');
    const der = await certificate({ subject: who, issuer: who });
    const derived = createHash('sm3')
      .update(password)
      .update(Buffer.from([0, 0, 0, 1]))
      .digest();
    const cipher = createCipheriv('sm4-cbc', derived.subarray(16), derived.subarray(0, 16));
    const sealed = Buffer.concat([cipher.update(randomBytes(32)), cipher.final()]);
    const cfca = sequence(
      integer(1),
      sequence(oid(DATA), oid(SM4), octetString(sealed)),
      sequence(oid(DATA), octetString(der)),
    );
    const enveloped = sequence(
      sequence(oid(`${SM4}.1`), nullValue()),
      sequence(integer(5), integer(7), octetString(shared), octetString(new Uint8Array(16))),
      bitString(new Uint8Array(65).fill(4)),
      bitString(new Uint8Array(32)),
    );
    return [plain, encrypted, new TextEncoder().encode(text as string), cfca, enveloped].map(
      (seed) => new Uint8Array(seed),
    );
  },
  async read(input) {
    const refused = (error: unknown) => {
      if (!(error instanceof KeyRefused)) throw error;
    };
    await importKeyFiles([input], password, { seconds: 0.5 }).catch(refused);
    await importEnvelopedKey([input], async () => shared).catch(refused);
  },
};
