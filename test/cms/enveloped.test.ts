import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decryptWith, encryptTo, recipientsOf } from '../../src/cms/index.ts';
import { Malformed, sha256, utf8 } from '../../src/crypto/index.ts';
import { sm3 } from '../../src/crypto/sm/sm3.ts';
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
    const serials = recipientsOf(sealed).map((r) =>
      'serial' in r ? Buffer.from(r.serial).toString('hex') : 'key',
    );
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

describe('recipients named by subjectKeyIdentifier (RFC 5652 6.2.1 and 6.2.2, RFC 5753 3.1.1)', () => {
  const roles = [alice, bob, rsa].map(({ name, certificate, decrypter }) => {
    const { certificate: _, ...key } = decrypter;
    const { spki } = readCertificate(certificate);
    return { name, spki, key: { ...key, spki } };
  });
  const [first] = roles as [(typeof roles)[number]];

  it('a role key decrypts, and is named by the first 20 octets of the digest of its SPKI', async () => {
    const der = await encryptTo(plaintext, [{ spki: first.spki }, eve.certificate]);
    expect(await decryptWith(der, first.key)).toEqual(plaintext);
    expect(await decryptWith(der, eve.decrypter)).toEqual(plaintext);
    const named = recipientsOf(der).flatMap((r) => ('keyIdentifier' in r ? [r.keyIdentifier] : []));
    expect(named).toEqual([(await sha256(first.spki)).subarray(0, 20)]);
  });

  it('a certificate of the same key is another name: it opens nothing that names the key', async () => {
    const der = await encryptTo(plaintext, [{ spki: first.spki }]);
    expect(await code(der)).toBe('cms-not-recipient');
    const other = decryptWith(sealed, first.key);
    await expect(other).rejects.toMatchObject({ code: 'cms-not-recipient' });
  });

  it.each(roles)(
    'openssl cms -decrypt with a self-signed certificate of the role key: $name',
    async ({ name, spki }) => {
      put('role.p7m', await encryptTo(plaintext, [{ spki }]));
      const id = Buffer.from((await sha256(spki)).subarray(0, 20)).toString('hex');
      openssl(
        `req -x509 -new -key ${name}.key -subj /CN=role -days 9 -addext subjectKeyIdentifier=${id} -out role.pem`,
      );
      openssl(
        `cms -decrypt -binary -inform DER -in role.p7m -recip role.pem -inkey ${name}.key -out role.txt`,
      );
      expect(get('role.txt')).toEqual(plaintext);
    },
  );

  it('a key on SM2 is named by SM3', async () => {
    const gm = readCertificate(identity('gm-role', 'SM2').certificate);
    const der = await encryptTo(plaintext, [{ spki: gm.spki }]);
    const [named] = recipientsOf(der);
    expect(named).toEqual({ keyIdentifier: sm3(gm.spki).subarray(0, 20) });
  });

  it('decrypts what openssl writes for a key identifier', async () => {
    put('plain', plaintext);
    const id = Buffer.from((await sha256(first.spki)).subarray(0, 20)).toString('hex');
    openssl(
      `req -x509 -new -key alice.key -subj /CN=role -days 9 -addext subjectKeyIdentifier=${id} -out role.pem`,
    );
    openssl(
      'cms -encrypt -binary -keyid -aes-256-gcm -outform DER -in plain -recip role.pem -keyopt ecdh_kdf_md:sha256 -aes256-wrap -out theirs.p7m',
    );
    expect(await decryptWith(get('theirs.p7m'), first.key)).toEqual(plaintext);
  });

  it('a changed octet does not decrypt', async () => {
    const der = await encryptTo(plaintext, [{ spki: first.spki }]);
    for (let i = 0; i < der.length; i++) {
      const bad = der.slice();
      bad[i] = (bad[i] as number) ^ 1;
      const opened = decryptWith(bad, first.key);
      await expect(opened, `byte ${i}`).rejects.toBeInstanceOf(Malformed);
    }
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
