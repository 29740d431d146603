import { createCipheriv, randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decryptWith, encryptTo } from '../../src/cms/index.ts';
import { type Decrypter, fromHex, Malformed, toHex, utf8 } from '../../src/crypto/index.ts';
import { sm2Decrypt, sm2Encrypt } from '../../src/crypto/sm/sm2-cipher.ts';
import { sm4Open, sm4Seal } from '../../src/crypto/sm/sm4.ts';
import { get, identity, openssl, put } from './peers.ts';

const hex = (text: string) => fromHex(text.replaceAll(' ', '')) as Uint8Array;
const gm = identity('gm', 'SM2');
const other = identity('gm2', 'SM2');
const alice = identity('alice', 'P-256');
const plaintext = utf8('采购合同 contract, confidential');

const keys = new Map<string, { secret: Uint8Array; point: Uint8Array }>();

function keyOf(name: string) {
  const known = keys.get(name) ?? readKey(name);
  keys.set(name, known);
  return known;
}

function readKey(name: string) {
  const text = openssl(`pkey -in ${name}.key -text -noout`);
  const digits = (part: RegExp) => (text.match(part)?.[1] ?? '').replace(/[^0-9a-f]/g, '');
  return {
    secret: hex(digits(/priv:([\s0-9a-f:]+)pub:/).slice(-64)),
    point: hex(digits(/pub:([\s0-9a-f:]+)ASN1/)),
  };
}

const decrypterOf = (name: string, certificate: Uint8Array): Decrypter => ({
  certificate,
  agree: () => Promise.reject(new Error('not asked for')),
  open: async (encryptedKey) => sm2Decrypt(keyOf(name).secret, encryptedKey),
});
const reader = decrypterOf('gm', gm.certificate);

const code = async (der: Uint8Array, who = reader) => {
  try {
    await decryptWith(der, who);
    return 'ok';
  } catch (error) {
    if (error instanceof Malformed) return error.code;
    throw error;
  }
};

describe('SM4-GCM', () => {
  it('gives the vector of RFC 8998 A.1', () => {
    const key = hex('0123456789abcdeffedcba9876543210');
    const iv = hex('00001234567800000000abcd');
    const aad = hex('feedfacedeadbeeffeedfacedeadbeefabaddad2');
    const plain = hex(
      'aaaaaaaaaaaaaaaabbbbbbbbbbbbbbbbccccccccccccccccdddddddddddddddd' +
        'eeeeeeeeeeeeeeeeffffffffffffffffeeeeeeeeeeeeeeeeaaaaaaaaaaaaaaaa',
    );
    const sealed =
      '17f399f08c67d5ee19d0dc9969c4bb7d5fd46fd3756489069157b282bb200735' +
      'd82710ca5c22f0ccfa7cbf93d496ac15a56834cbcf98c397b4024a2691233b8d' +
      '83de3541e4c2b58177e065a9bf7b62ec';
    expect(toHex(sm4Seal(key, iv, plain, aad))).toBe(sealed);
    expect(sm4Open(key, iv, hex(sealed), aad)).toEqual(plain);
    expect(sm4Open(key, iv, hex(sealed), aad.subarray(1))).toBeNull();
  });

  it('enciphers as openssl sm4-ctr does, at every length', () => {
    for (const length of [0, 1, 15, 16, 17, 255, 256, 257, 70_001]) {
      const [key, iv, plain] = [randomBytes(16), randomBytes(12), randomBytes(length)];
      const counter = Buffer.concat([iv, Buffer.from([0, 0, 0, 2])]);
      const cipher = createCipheriv('sm4-ctr', key, counter);
      const theirs = Buffer.concat([cipher.update(plain), cipher.final()]);
      const ours = sm4Seal(key, iv, plain);
      expect(Buffer.from(ours.subarray(0, length)).equals(theirs)).toBe(true);
      expect(sm4Open(key, iv, ours)).toEqual(new Uint8Array(plain));
    }
  });
});

describe('SM2 encryption (GM/T 0003.4, GM/T 0009)', () => {
  it('openssl pkeyutl opens ours, and we open theirs', () => {
    const { secret, point } = keyOf('gm');
    const message = utf8('sixteen octets..');
    put('ours.bin', sm2Encrypt(point, message));
    openssl('pkeyutl -decrypt -inkey gm.key -in ours.bin -out ours.txt');
    expect(get('ours.txt')).toEqual(message);
    put('message', message);
    openssl('pkeyutl -encrypt -inkey gm.key -in message -out theirs.bin');
    expect(sm2Decrypt(secret, get('theirs.bin'))).toEqual(message);
  });

  it('any other octets give null', () => {
    const { secret, point } = keyOf('gm');
    const good = sm2Encrypt(point, utf8('sixteen octets..'));
    for (let i = 0; i < good.length; i++) {
      const bad = good.slice();
      bad[i] = (bad[i] as number) ^ 1;
      expect(sm2Decrypt(secret, bad), `byte ${i}`).toBeNull();
    }
    expect(sm2Decrypt(keyOf('gm2').secret, good)).toBeNull();
  });
});

describe('AuthEnvelopedData in the Chinese suite', () => {
  it('is of SM2 and SM4 alone, and every recipient opens it', async () => {
    const der = await encryptTo(plaintext, [gm.certificate, other.certificate]);
    const tree = openssl(`asn1parse -inform DER -in ${put('sm.p7m', der)}`);
    const named = [...tree.matchAll(/OBJECT\s+:(\S+)/g)].map((match) => match[1]);
    const algorithms = named.filter((name) => /sm|aes|sha|ecdh|wrap|1\.2\.156/i.test(name ?? ''));
    expect(new Set(algorithms)).toEqual(
      new Set(['id-smime-ct-authEnvelopedData', '1.2.156.10197.1.301.3', '1.2.156.10197.1.104.8']),
    );
    expect(await decryptWith(der, reader)).toEqual(plaintext);
    expect(await decryptWith(der, decrypterOf('gm2', other.certificate))).toEqual(plaintext);
  });

  it('an envelope is of one suite: nobody of the other is reached by it', async () => {
    await expect(encryptTo(plaintext, [gm.certificate, alice.certificate])).rejects.toMatchObject({
      code: 'cms-recipients',
    });
  });

  it('no other cipher takes the place of SM4-GCM', async () => {
    const der = await encryptTo(plaintext, [gm.certificate]);
    const at = toHex(der).indexOf('2a811ccf5501' + '6808') / 2;
    const ccm = der.slice();
    ccm[at + 7] = 9;
    expect(await code(ccm)).toBe('unsupported-alg');
  });

  it('a changed octet or a truncation never opens', async () => {
    const der = await encryptTo(plaintext, [gm.certificate]);
    for (let i = 0; i < der.length; i++) {
      const bad = der.slice();
      bad[i] = (bad[i] as number) ^ 1;
      expect(await code(bad), `byte ${i}`).not.toBe('ok');
    }
    await fc.assert(
      fc.asyncProperty(
        fc.nat(der.length - 1),
        async (n) => (await code(der.subarray(0, n))) !== 'ok',
      ),
      { numRuns: 40 },
    );
  });
});
