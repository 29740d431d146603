/** SM2 through the door, strict checks and all, beside the fastest npm library called bare. */
import { sm2 } from 'sm-crypto-v2';
import {
  derWrite as d,
  signatureAlgorithmOf,
  toHex,
  verifySignature,
} from '../../src/crypto/index.ts';
import { sm2KeyPair, sm2Sign } from '../../src/crypto/sm/sm2.ts';

const ROUNDS = 60;
const data = crypto.getRandomValues(new Uint8Array(300));
const options = { hash: true, userId: '1234567812345678', der: true };

/** SubjectPublicKeyInfo of a point. */
const spkiOf = (point: Uint8Array) =>
  d.sequence(
    d.sequence(d.oid('1.2.840.10045.2.1'), d.oid('1.2.156.10197.1.301')),
    d.bitString(point),
  );

/** Median of the times of `a` over that of `b`, taken in turns, so that a busy machine slows both alike. */
async function ratio(a: (round: number) => unknown, b: (round: number) => unknown) {
  const timed = async (task: (round: number) => unknown, round: number) => {
    const start = performance.now();
    await task(round);
    return performance.now() - start;
  };
  const times: [number, number][] = [];
  for (let i = 0; i < ROUNDS; i++) times.push([await timed(a, i), await timed(b, i)]);
  const median = (of: 0 | 1) => times.map((t) => t[of]).sort((x, y) => x - y)[times.length >> 1];
  return (median(0) as number) / (median(1) as number);
}

export async function run() {
  const { privateKey, publicKey } = sm2KeyPair();
  const algorithm = signatureAlgorithmOf('SM2');
  const spki = spkiOf(publicKey);
  const point = sm2.precomputePublicKey(toHex(publicKey));
  const hexKey = { private: toHex(privateKey), public: toHex(publicKey) };
  const signatures = Array.from({ length: ROUNDS }, () => sm2Sign(privateKey, data, publicKey));
  const verify = async (key: Uint8Array, signature: Uint8Array) => {
    const { valid } = await verifySignature({ spki: key, algorithm, signature, data });
    if (!valid) throw new Error('bench: SM2 signature');
  };
  for (const signature of signatures.slice(0, 4)) await verify(spki, signature);
  const known = await ratio(
    (i) => verify(spki, signatures[i] as Uint8Array),
    (i) => sm2.doVerifySignature(data, toHex(signatures[i] as Uint8Array), point, options),
  );
  const strangers = Array.from({ length: ROUNDS }, () => {
    const pair = sm2KeyPair();
    const signature = sm2Sign(pair.privateKey, data, pair.publicKey);
    return { spki: spkiOf(pair.publicKey), hex: toHex(pair.publicKey), signature };
  });
  const unseen = await ratio(
    (i) => {
      const { spki: key, signature } = strangers[i] as (typeof strangers)[0];
      return verify(key, signature);
    },
    (i) => {
      const { hex, signature } = strangers[i] as (typeof strangers)[0];
      return sm2.doVerifySignature(data, toHex(signature), hex, options);
    },
  );
  const sign = await ratio(
    () => sm2Sign(privateKey, data, publicKey),
    () => sm2.doSignature(data, hexKey.private, { ...options, publicKey: hexKey.public }),
  );
  const start = performance.now();
  for (const signature of signatures) await verify(spki, signature);
  console.log(
    `SM2: ${Math.round((1000 * ROUNDS) / (performance.now() - start))} verified a second`,
  );
  return [
    {
      name: 'SM2 verify, known key, beside sm-crypto-v2',
      figure: known,
      limit: 1.3,
      unit: 'ratio',
    },
    {
      name: 'SM2 verify, key never seen, beside sm-crypto-v2',
      figure: unseen,
      limit: 1.5,
      unit: 'ratio',
    },
    { name: 'SM2 sign, beside sm-crypto-v2', figure: sign, limit: 1.3, unit: 'ratio' },
  ];
}
