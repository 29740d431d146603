/** The value of one signature: a seal's (GB/T 38540), a SignedData (GB/T 35275), or a bare one. */
import { fromBase64, latin1, Malformed, verifySignature } from '../crypto/index.ts';
import { readCertificate } from '../pki/index.ts';
import { readSealSignature, sealAlgorithm, verifySealSignature } from '../seal/index.ts';
import { type JudgedValue, notStanding, type OfdOptions, signedBy } from './judged.ts';
import type { OfdSignature } from './ofd-signature.ts';
import { isSignedData, judgeSignedData } from './signed-data.ts';

/** @param content the bytes of Signature.xml */
export async function judgeValue(
  stored: Uint8Array,
  content: Uint8Array,
  signature: OfdSignature,
  options: OfdOptions,
): Promise<JudgedValue> {
  const value = unwrapped(stored);
  if (isSignedData(value)) return judgeSignedData(value, content, options);
  // A bare value is a SEQUENCE of two INTEGERs; whatever else it is, is told as a seal's signature.
  if (value.length > 160 || readable(value)) return judgeSealSignature(value, content, options);
  return judgeBare(value, content, signature, options);
}

/** DER, or its Base64, as some software stores it. */
function unwrapped(stored: Uint8Array): Uint8Array {
  if (stored[0] === 0x30 || stored.length > 1 << 22) return stored;
  const text = latin1(stored).replace(/-----[A-Z0-9 ]+-----|\s/g, '');
  const decoded = fromBase64(text || '?');
  return decoded?.[0] === 0x30 ? decoded : stored;
}

function readable(value: Uint8Array): boolean {
  try {
    readSealSignature(value);
    return true;
  } catch {
    return false;
  }
}

/** Steps of which each must have passed before anything is called unchanged. */
const NEEDED = ['signature-value', 'content', 'seal-signature', 'signer-listed'];
const BROKEN = new Set([
  ...['SIG_PARSE', 'SIG_VALUE', 'SIGNER_NOT_IN_SEAL'],
  ...['SEAL_PARSE', 'SEAL_TRAILING', 'SEAL_VERSION', 'SEAL_SIG'],
]);

async function judgeSealSignature(
  value: Uint8Array,
  data: Uint8Array,
  options: OfdOptions,
): Promise<JudgedValue> {
  const inner = await verifySealSignature(value, { ...options, data });
  const codes = inner.steps.flatMap(({ code }) => code ?? []);
  const passed = new Set(inner.steps.flatMap((s) => (s.result === 'pass' ? [s.step] : [])));
  const whole = NEEDED.every((step) => (passed as Set<string>).has(step));
  const integrity = codes.some((code) => BROKEN.has(code))
    ? 'broken'
    : codes.includes('HASH_MISMATCH')
      ? 'modified'
      : whole
        ? 'intact'
        : 'unchecked';
  return {
    form: 'seal',
    integrity,
    verdict: inner.verdict,
    subIndication: inner.subIndication,
    findings: inner.findings,
    signer: inner.signer,
    time: inner.time,
    timeProven: inner.timeProven,
    seal: inner.seal,
    sealDer: readable(value) ? readSealSignature(value).seal.der : null,
    propertyInfo: inner.propertyInfo,
  };
}

/** A signature without seal and certificate: tried with the certificates that the caller knows. */
async function judgeBare(
  signature: Uint8Array,
  data: Uint8Array,
  { method }: OfdSignature,
  options: OfdOptions,
): Promise<JudgedValue> {
  const profile = sealAlgorithm(method);
  for (const certificate of profile ? (options.certificates ?? []) : []) {
    try {
      const { spki } = readCertificate(certificate);
      const algorithm = (profile as NonNullable<typeof profile>).identifier;
      const { valid } = await verifySignature({ spki, algorithm, signature, data });
      if (!valid) continue;
    } catch (error) {
      if (!(error instanceof Malformed)) throw error;
      continue;
    }
    return signedBy('bare', certificate, null, options);
  }
  const message = 'The signature carries no certificate, and none that fits is at hand';
  return notStanding('bare', 'OFD_NO_CERTIFICATE', message);
}
