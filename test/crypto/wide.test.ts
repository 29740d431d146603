import {
  constants,
  createSign,
  generateKeyPairSync,
  type KeyObject,
  privateEncrypt,
  sign,
} from 'node:crypto';
import { describe, expect, it } from 'vitest';
import {
  concat,
  DIGEST_OID,
  type DigestName,
  derWrite as d,
  digest,
  readDer,
  readPublicKey,
  signatureOid,
  verifySignature,
} from '../../src/crypto/index.ts';

const data = new TextEncoder().encode('a message');
const spkiOf = (key: KeyObject) => new Uint8Array(key.export({ type: 'spki', format: 'der' }));
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const NODE: Partial<Record<DigestName, string>> = {
  'SHA-224': 'sha224',
  'SHA-256': 'sha256',
  'SHA-512/256': 'sha512-256',
  'SHA3-256': 'sha3-256',
  'SHA3-512': 'sha3-512',
  'RIPEMD-160': 'ripemd160',
};

async function holds(key: KeyObject, algorithm: Uint8Array, signature: Uint8Array) {
  const input = { spki: spkiOf(key), algorithm, signature, data };
  const changed = await verifySignature({ ...input, data: concat(data, data) });
  expect(changed.valid).toBe(false);
  return verifySignature(input);
}

describe('RFC 8017 8.2: RSA with digests that WebCrypto has not', () => {
  it.each(['SHA-224', 'SHA3-256', 'SHA3-512'] as const)('%s', async (hash) => {
    const signature = createSign(`RSA-${NODE[hash]?.toUpperCase()}`)
      .update(data)
      .sign(rsa.privateKey);
    const algorithm = d.sequence(d.oid(signatureOid('RSA', hash) as string), d.nullValue());
    expect(await holds(rsa.publicKey, algorithm, signature)).toEqual({ valid: true });
  });

  const padded = async (parameters: Uint8Array[], after = new Uint8Array()) => {
    const named = d.sequence(d.oid(DIGEST_OID['SHA-256']), ...parameters);
    const info = d.sequence(named, d.octetString(await digest('SHA-256', data)));
    const padding = constants.RSA_PKCS1_PADDING;
    return privateEncrypt({ key: rsa.privateKey, padding }, concat(info, after));
  };
  const withSha256 = d.sequence(d.oid('1.2.840.113549.1.1.11'), d.nullValue());

  it('A.2.4: the DigestInfo may lack its parameters', async () => {
    expect(await holds(rsa.publicKey, withSha256, await padded([]))).toEqual({ valid: true });
  });

  it.each([
    ['octets behind the DigestInfo (Bleichenbacher 2006)', () => padded([], new Uint8Array(40))],
    ['other parameters', () => padded([d.octetString(new Uint8Array(20))])],
    ['two NULLs', () => padded([d.nullValue(), d.nullValue()])],
  ])('refuses %s', async (_, forge) => {
    expect(await holds(rsa.publicKey, withSha256, await forge())).toMatchObject({ valid: false });
  });

  it('refuses a value that is not below the modulus', async () => {
    const good = await padded([]);
    const grown = concat(new Uint8Array([0]), good);
    expect(await holds(rsa.publicKey, withSha256, grown)).toMatchObject({ valid: false });
  });
});

describe('RFC 8017 8.1: RSASSA-PSS whose mask hash is another', () => {
  const named = (hash: DigestName) => d.sequence(d.oid(DIGEST_OID[hash]), d.nullValue());
  const parameters = (hash: DigestName, mask: DigestName, salt: number, trailer?: number) =>
    d.sequence(
      d.oid('1.2.840.113549.1.1.10'),
      d.sequence(
        d.context(0, named(hash)),
        d.context(1, d.sequence(d.oid('1.2.840.113549.1.1.8'), named(mask))),
        d.context(2, d.integer(salt)),
        ...(trailer === undefined ? [] : [d.context(3, d.integer(trailer))]),
      ),
    );
  const pssKey = (hash: string, mask: string, saltLength: number) =>
    generateKeyPairSync('rsa-pss', {
      modulusLength: 2048,
      hashAlgorithm: hash,
      mgf1HashAlgorithm: mask,
      saltLength,
    } as never) as unknown as { publicKey: KeyObject; privateKey: KeyObject };
  const made = (hash: string, mask: string, saltLength: number) => {
    const key = pssKey(hash, mask, saltLength);
    const jwk = key.publicKey.export({ type: 'spki', format: 'der' });
    // As an rsaEncryption key, which binds nothing.
    const bits = readDer(new Uint8Array(jwk)).children[1]?.raw as Uint8Array;
    const spki = d.sequence(d.sequence(d.oid('1.2.840.113549.1.1.1'), d.nullValue()), bits);
    const padding = constants.RSA_PKCS1_PSS_PADDING;
    return { spki, signature: sign(hash, data, { key: key.privateKey, padding, saltLength }) };
  };

  it('verifies SHA-256 with MGF1 over SHA-1, and nothing else', async () => {
    const { spki, signature } = made('sha256', 'sha1', 20);
    const ask = (algorithm: Uint8Array) => verifySignature({ spki, algorithm, signature, data });
    expect(await ask(parameters('SHA-256', 'SHA-1', 20))).toEqual({ valid: true });
    expect(await ask(parameters('SHA-256', 'SHA-1', 20, 1))).toEqual({ valid: true });
    expect(await ask(parameters('SHA-256', 'SHA-256', 20))).toMatchObject({ valid: false });
    expect(await ask(parameters('SHA-256', 'SHA-1', 32))).toMatchObject({ valid: false });
    expect(await ask(parameters('SHA-224', 'SHA-1', 20))).toMatchObject({ valid: false });
    expect(await ask(parameters('SHA-256', 'SHA-1', 20, 2))).toMatchObject({
      code: 'unsupported-alg',
    });
  });

  it('an RSASSA-PSS key binds its signatures to its mask hash (RFC 4055 3.3)', async () => {
    const { publicKey } = pssKey('sha256', 'sha256', 20);
    const algorithm = parameters('SHA-256', 'SHA-1', 20);
    const signature = new Uint8Array(256).fill(1);
    const answer = await verifySignature({ spki: spkiOf(publicKey), algorithm, signature, data });
    expect(answer.code).toBe('bad-signature');
  });
});

describe('SEC 1 4.1.4: ECDSA on curves that WebCrypto has not', () => {
  it.each([
    ['secp224r1', 'SHA-224'],
    ['secp256k1', 'SHA-256'],
    ['brainpoolP256r1', 'SHA-256'],
    ['brainpoolP320r1', 'SHA-256'],
    ['brainpoolP384r1', 'SHA3-256'],
    ['brainpoolP512r1', 'SHA3-512'],
    ['prime256v1', 'SHA3-512'],
    ['secp521r1', 'SHA3-256'],
  ] as const)('%s with %s', async (namedCurve, hash) => {
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve });
    const signature = sign(NODE[hash], data, privateKey);
    const algorithm = d.sequence(d.oid(signatureOid('ECDSA', hash) as string));
    expect(await holds(publicKey, algorithm, signature)).toEqual({ valid: true });
  });

  it('refuses a point off the curve', async () => {
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'brainpoolP256r1' });
    const spki = spkiOf(publicKey);
    spki[spki.length - 1] = (spki.at(-1) as number) ^ 1;
    const algorithm = d.sequence(d.oid('1.2.840.10045.4.3.2'));
    const signature = sign('sha256', data, privateKey);
    expect((await verifySignature({ spki, algorithm, signature, data })).code).toBe('malformed');
  });
});

describe('SM2 keys as Chinese software spells them', () => {
  const SM2 = '1.2.156.10197.1.301';
  const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'SM2', paramEncoding: 'explicit' });
  const explicit = spkiOf(publicKey);
  const [algorithm, bits] = readDer(explicit).children.map(({ raw }) => raw) as [
    Uint8Array,
    Uint8Array,
  ];
  const curve = { kind: 'EC', curve: 'SM2' };

  it('the parameters written out, equal to the standard’s', () => {
    expect(readPublicKey(explicit)).toMatchObject(curve);
  });

  it('1.2.156.10197.1.301 as the algorithm', () => {
    for (const parameters of [[], [d.nullValue()], [d.oid(SM2)]]) {
      const spki = d.sequence(d.sequence(d.oid(SM2), ...parameters), bits);
      expect(readPublicKey(spki)).toMatchObject(curve);
    }
    const other = d.sequence(d.sequence(d.oid(SM2), d.oid('1.2.840.10045.3.1.7')), bits);
    expect(() => readPublicKey(other)).toThrow('elliptic curve');
  });

  it('CVE-2020-0601: parameters that differ in any octet are refused', () => {
    const own = readDer(algorithm).children[1]?.raw as Uint8Array;
    for (let i = 2; i < own.length; i++) {
      const changed = own.slice();
      changed[i] = (changed[i] as number) ^ 1;
      const spki = d.sequence(d.sequence(d.oid('1.2.840.10045.2.1'), changed), bits);
      // The version says nothing, and 1, 2 and 3 are versions.
      const version = i === 6 && [2, 3].includes(changed[i] as number);
      if (version) expect(readPublicKey(spki)).toMatchObject(curve);
      else expect(() => readPublicKey(spki), `octet ${i}`).toThrow();
    }
  });

  it('another curve written out stays refused', () => {
    const other = generateKeyPairSync('ec', {
      namedCurve: 'prime256v1',
      paramEncoding: 'explicit',
    });
    expect(() => readPublicKey(spkiOf(other.publicKey))).toThrow('elliptic curve');
  });
});
