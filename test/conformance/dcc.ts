/**
 * EU Digital COVID Certificate vectors: base45, CBOR and COSE_Sign1 of other people, read relaxed
 * where their profile is wider than ours. What decompresses is inflated with fflate, under a bound.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';
import {
  derWrite as d,
  ecdsaToDer,
  equal,
  fromBase45,
  readCbor,
  readCoseSign1,
  sha256,
  signatureAlgorithmOf,
  verifySignature,
} from '../../src/crypto/index.ts';
import { readCertificate } from '../../src/pki/index.ts';
import { base64, hex, Score, type Suite } from './suite.ts';

interface Vector {
  COSE?: string | null;
  COMPRESSED?: string | null;
  PREFIX?: string | null;
  TESTCTX: { CERTIFICATE?: string };
  EXPECTEDRESULTS: Record<string, boolean | undefined>;
}

const HC1 = 'HC1:';
const MAX_INFLATED = 1 << 16;

export const suite: Suite = {
  name: 'dcc',
  async run(directory) {
    const folder = join(directory, 'dcc');
    if (!existsSync(folder)) return null;
    const score = new Score();
    for (const file of readdirSync(folder).filter((name) => name.endsWith('.json'))) {
      const vector = JSON.parse(readFileSync(join(folder, file), 'utf8')) as Vector;
      await runVector(score, file, vector);
    }
    return score;
  },
};

async function runVector(score: Score, file: string, vector: Vector): Promise<void> {
  const { EXPECTEDRESULTS: expected, PREFIX: text } = vector;
  const ask = async (name: string, run: () => Promise<boolean> | boolean) => {
    const answer = expected[name];
    if (answer === undefined) return;
    await score.case(`${file} ${name}`, answer, async () => ({ valid: await quietly(run) }));
  };
  if (text) {
    await ask('EXPECTEDUNPREFIX', () => text.startsWith(HC1));
    await ask('EXPECTEDB45DECODE', () => {
      const bytes = fromBase45(text.slice(HC1.length));
      const known = vector.COMPRESSED;
      return bytes !== null && (!known || equal(bytes, hex(known)));
    });
    await ask('EXPECTEDCOMPRESSION', () => {
      const bytes = inflated(text);
      return !vector.COSE || equal(bytes, hex(vector.COSE));
    });
  }
  const { COSE } = vector;
  const cose = () => (!COSE ? inflated(text as string) : hex(COSE));
  if (!COSE && !text) return;
  await ask('EXPECTEDDECODE', () => {
    const { payload } = readCoseSign1(cose(), { relaxed: true });
    const certificate = healthClaim(payload);
    return certificate instanceof Map && certificate.get(1) instanceof Map;
  });
  const certificate = vector.TESTCTX.CERTIFICATE;
  if (certificate) await ask('EXPECTEDVERIFY', () => verify(cose(), base64(certificate)));
}

async function quietly(run: () => Promise<boolean> | boolean): Promise<boolean> {
  try {
    return await run();
  } catch {
    return false;
  }
}

function inflated(text: string): Uint8Array {
  const bytes = fromBase45(text.slice(HC1.length));
  if (!bytes) throw new Error('base45');
  return new Uint8Array(inflateSync(bytes, { maxOutputLength: MAX_INFLATED }));
}

/** RSASSA-PSS with SHA-256, salt of 32 octets (RFC 4055). */
const PS256 = (() => {
  const sha256Id = d.sequence(d.oid('2.16.840.1.101.3.4.2.1'));
  return d.sequence(
    d.oid('1.2.840.113549.1.1.10'),
    d.sequence(
      d.context(0, sha256Id),
      d.context(1, d.sequence(d.oid('1.2.840.113549.1.1.8'), sha256Id)),
      d.context(2, d.integer(32)),
    ),
  );
})();

/** The health certificate claim of a CWT. */
function healthClaim(payload: Uint8Array): unknown {
  const claims = readCbor(payload, { relaxed: true });
  return claims instanceof Map ? claims.get(-260) : null;
}

/** As a verifier that knows this one certificate: key id from the protected header, claims well-formed. */
async function verify(cose: Uint8Array, certificate: Uint8Array): Promise<boolean> {
  const message = readCoseSign1(cose, { relaxed: true });
  const kid = (await sha256(certificate)).subarray(0, 8);
  if (message.kid && !equal(message.kid, kid)) return false;
  if (!message.kid && !unprotectedKid(cose, kid)) return false;
  if (!(healthClaim(message.payload) instanceof Map)) return false;
  const rsa = message.alg === -37;
  const { valid } = await verifySignature({
    spki: readCertificate(certificate).spki,
    algorithm: rsa ? PS256 : signatureAlgorithmOf('P-256'),
    signature: rsa ? message.signature : ecdsaToDer(message.signature),
    data: message.signed,
  });
  return valid;
}

/** The public profile allows the key id in the unprotected header; ours does not. */
function unprotectedKid(cose: Uint8Array, kid: Uint8Array): boolean {
  const value = readCbor(cose, { relaxed: true }) as { value?: unknown };
  const parts = (value.value ?? value) as unknown[];
  const found = parts[1] instanceof Map ? parts[1].get(4) : undefined;
  return found instanceof Uint8Array && equal(found, kid);
}
