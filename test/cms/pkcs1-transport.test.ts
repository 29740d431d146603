/** RSAES-PKCS1-v1_5 key transport (RFC 8017 7.2), and the attack that it must not let in. */
import { constants, createPublicKey, publicEncrypt, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { openEnveloped } from '../../src/cms/index.ts';
import { type Decrypter, equal, Malformed, utf8 } from '../../src/crypto/index.ts';
import { decrypterFor } from '../../src/keys/bind.ts';
import { importKey, type LiveKey, liveKey } from '../../src/keys/private-key.ts';
import { at, get, identity, openssl, put } from './peers.ts';

const rsa = identity('rsa', 'RSA');
const plaintext = utf8('采购合同 contract');
let live: LiveKey;
let decrypter: Decrypter;
beforeAll(async () => {
  live = await liveKey(await importKey(get('rsa.p8')));
  decrypter = decrypterFor(live, rsa.certificate);
});

const open = (encrypted: Uint8Array, size = 32) =>
  (live.openPkcs1 as NonNullable<LiveKey['openPkcs1']>)(encrypted, size);
const publicKey = () => createPublicKey(readFileSync(at('rsa.pem')));
/** RSA without padding: whatever encoded message an attacker likes. */
const encryptRaw = (message: Uint8Array) =>
  new Uint8Array(publicEncrypt({ key: publicKey(), padding: constants.RSA_NO_PADDING }, message));

function encoded(key: Uint8Array, change: (message: Uint8Array) => void = () => {}): Uint8Array {
  const message = new Uint8Array(256).fill(0x5a);
  message.set([0, 2]);
  message[255 - key.length] = 0;
  message.set(key, 256 - key.length);
  change(message);
  return encryptRaw(message);
}

describe('openssl cms -encrypt with the old padding', () => {
  it.each(['-aes-128-cbc', '-aes-192-cbc', '-aes-256-cbc', '-aes-256-cbc -keyid'])(
    '%s',
    async (options) => {
      put('plain', plaintext);
      openssl(`cms -encrypt -binary -outform DER -in plain -out old.p7m -recip rsa.pem ${options}`);
      expect(await openEnveloped(get('old.p7m'), decrypter)).toEqual(plaintext);
    },
  );
});

describe('a wrong padding tells nothing (Bleichenbacher 1998)', () => {
  const key = new Uint8Array(randomBytes(32));

  it('the right one gives the key', async () => {
    expect(await open(encoded(key))).toEqual(key);
  });

  it.each<[string, (message: Uint8Array) => void]>([
    ['of another block type', (m) => m.set([1], 1)],
    ['with a first octet other than zero', (m) => m.set([1], 0)],
    ['without the separator', (m) => m.set([9], 223)],
    ['with a zero among the first eight octets', (m) => m.set([0], 4)],
    ['with a zero late in the padding, before a longer key', (m) => m.set([0], 222)],
  ])(
    '%s: a key of the same length, the same each time, and not what was sent',
    async (_, change) => {
      const forged = encoded(key, change);
      const first = await open(forged);
      expect(first).toHaveLength(32);
      expect(first).not.toEqual(key);
      expect(await open(forged)).toEqual(first);
      const another = encoded(key, (message) => {
        change(message);
        message[100] = 7;
      });
      expect(await open(another)).not.toEqual(first);
    },
  );

  it.each([16, 24, 31])('a key of %i octets where 32 are expected is none', async (length) => {
    const short = key.subarray(0, length);
    const opened = await open(encoded(short));
    expect(opened).toHaveLength(32);
    expect(equal(opened.subarray(32 - length), short)).toBe(false);
    if (length !== 31) expect(await open(encoded(short), length)).toEqual(short);
  });

  it('a ciphertext of another length, or beyond the modulus, is answered alike', async () => {
    for (const wrong of [new Uint8Array(), new Uint8Array(255), new Uint8Array(256).fill(0xff)]) {
      expect(await open(wrong)).toHaveLength(32);
    }
  });

  it('in an envelope: the error of a wrong key, whether padding or key is wrong', async () => {
    put('plain', plaintext);
    openssl('cms -encrypt -binary -outform DER -in plain -out old.p7m -recip rsa.pem -aes-256-cbc');
    const whole = get('old.p7m');
    const openWith = async (forged: Uint8Array): Promise<string> => {
      const sent = whole.slice();
      const start = Buffer.from(whole).indexOf(Buffer.from([0x04, 0x82, 0x01, 0x00])) + 4;
      sent.set(forged, start);
      try {
        // One in 256 wrong keys leaves a padding of CBC that looks right.
        return equal(await openEnveloped(sent, decrypter), plaintext) ? 'opened' : 'cms-decrypt';
      } catch (error) {
        return error instanceof Malformed ? `${error.code}` : String(error);
      }
    };
    expect(await openWith(encoded(key))).toBe('cms-decrypt');
    expect(await openWith(encoded(key, (m) => m.set([1], 1)))).toBe('cms-decrypt');
    expect(await openWith(new Uint8Array(256).fill(0xff))).toBe('cms-decrypt');
  });

  it('after locking nothing opens', async () => {
    const other = await liveKey(await importKey(get('rsa.p8')));
    other.drop();
    await expect(other.openPkcs1?.(encoded(key), 32)).rejects.toMatchObject({ code: 'locked' });
  });
});
