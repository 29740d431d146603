import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decryptWith, encryptTo, recipientsOf } from '../../src/cms/index.ts';
import { Malformed, utf8 } from '../../src/crypto/index.ts';
import { sm2Agree } from '../../src/crypto/sm/sm2.ts';
import { readCertificate } from '../../src/pki/index.ts';
import { get, identity, openssl, put } from './peers.ts';

const alice = identity('alice', 'P-256');
const bob = identity('bob', 'P-384');
const rsa = identity('rsa', 'RSA');
const eve = identity('eve', 'P-256');
const plaintext = utf8('采购合同 contract, confidential');
const sealed = await encryptTo(
  plaintext,
  [alice, bob, rsa].map((i) => i.certificate),
);

const code = async (der: Uint8Array, who = alice) => {
  try {
    await decryptWith(der, who.decrypter);
    return 'ok';
  } catch (error) {
    if (error instanceof Malformed) return error.code;
    throw error;
  }
};

describe('AuthEnvelopedData (RFC 5083, 5084, 5753)', () => {
  it('every recipient decrypts, and is named', async () => {
    expect(await decryptWith(sealed, alice.decrypter)).toEqual(plaintext);
    expect(await decryptWith(sealed, bob.decrypter)).toEqual(plaintext);
    const serials = recipientsOf(sealed).map((r) => Buffer.from(r.serial).toString('hex'));
    const expected = [alice, bob, rsa].map((i) =>
      Buffer.from(readCertificate(i.certificate).serial).toString('hex'),
    );
    expect(serials.sort()).toEqual(expected.sort());
    expect(await code(sealed, eve)).toBe('cms-not-recipient');
  });

  it.each(['alice', 'bob', 'rsa'])('openssl cms -decrypt as %s', (name) => {
    put('ours.p7m', sealed);
    openssl(
      `cms -decrypt -binary -inform DER -in ours.p7m -recip ${name}.pem -inkey ${name}.key -out ours.txt`,
    );
    expect(get('ours.txt')).toEqual(plaintext);
  });

  it('decrypts what openssl cms -encrypt writes', async () => {
    put('plain', plaintext);
    openssl(
      'cms -encrypt -binary -aes-256-gcm -outform DER -in plain -recip alice.pem -keyopt ecdh_kdf_md:sha256 -aes256-wrap -out theirs.p7m',
    );
    expect(await decryptWith(get('theirs.p7m'), alice.decrypter)).toEqual(plaintext);
  });

  it('refuses the SHA-1 key derivation and CBC that openssl writes by default', async () => {
    put('plain', plaintext);
    const encrypt = 'cms -encrypt -binary -outform DER -in plain -out old.p7m -recip alice.pem';
    openssl(`${encrypt} -aes-256-gcm -aes256-wrap`);
    expect(await code(get('old.p7m'))).toBe('unsupported-alg');
    openssl(`${encrypt} -aes-256-cbc -keyopt ecdh_kdf_md:sha256 -aes256-wrap`);
    expect(await code(get('old.p7m'))).toBe('cms-content-type');
  });

  it('reaches a holder of an SM2 key', async () => {
    const gm = identity('gm', 'SM2');
    const key = openssl('pkey -in gm.key -text -noout').match(/priv:([\s0-9a-f:]+)pub:/)?.[1];
    const digits = (key as string).replace(/[^0-9a-f]/g, '').slice(-64);
    const secret = Uint8Array.from(Buffer.from(digits, 'hex'));
    const decrypter = {
      certificate: gm.certificate,
      agree: async (point: Uint8Array) => sm2Agree(secret, point),
    };
    const der = await encryptTo(plaintext, [gm.certificate]);
    expect(await decryptWith(der, decrypter)).toEqual(plaintext);
  });

  it('an empty content and a large one', async () => {
    for (const size of [0, 1 << 20]) {
      const der = await encryptTo(new Uint8Array(size), [alice.certificate]);
      expect((await decryptWith(der, alice.decrypter)).length).toBe(size);
    }
  });

  it('nobody to encrypt to is an error', async () => {
    await expect(encryptTo(plaintext, [])).rejects.toMatchObject({ code: 'cms-recipients' });
  });
});

describe('attacks on enveloped data', () => {
  it('a changed ciphertext, tag, nonce or wrapped key does not decrypt', async () => {
    const alone = await encryptTo(plaintext, [alice.certificate]);
    for (let i = 0; i < alone.length; i++) {
      const bad = alone.slice();
      bad[i] = (bad[i] as number) ^ 1;
      expect(await code(bad), `byte ${i}`).not.toBe('ok');
    }
  });

  it('every truncation is refused', async () => {
    for (let n = 0; n < sealed.length; n += 3) {
      expect(await code(sealed.subarray(0, n))).not.toBe('ok');
    }
  });

  it('random edits get a code', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(sealed.length - 1), fc.nat(255)), { minLength: 1, maxLength: 6 }),
        async (edits) => {
          const bad = sealed.slice();
          for (const [i, byte] of edits) bad[i] = byte;
          return typeof (await code(bad)) === 'string';
        },
      ),
      { numRuns: 200 },
    ));
});
