/** Verifying every signature of an OFD: its value, its seal, and each file that it lists. */
import {
  equal,
  type Finding,
  Malformed,
  type Verdict,
  verifySignature,
  worse,
} from '../crypto/index.ts';
import { normaliseTrust, readCertificate } from '../pki/index.ts';
import {
  judgePerson,
  readSealSignature,
  SealReport,
  type SealVerdict,
  type StepResult,
  sealAlgorithm,
  type VerifySealOptions,
  verifySealSignature,
} from '../seal/index.ts';
import { OfdDocument } from './ofd-document.ts';
import type { Files, ListedSignature, OfdSignature } from './ofd-signature.ts';
import { checkFiles } from './protected-files.ts';

export interface OfdOptions extends VerifySealOptions {
  /** Certificates to try on signatures that carry none, DER. */
  certificates?: readonly Uint8Array[];
}

export interface OfdSignatureReport {
  id: string;
  /** Path of Signature.xml. */
  path: string;
  verdict: Verdict;
  findings: Finding[];
  steps: StepResult[];
  seal: SealVerdict | null;
  /** Claimed, ISO 8601. */
  time: string | null;
  signer: Uint8Array | null;
  stamps: OfdSignature['stamps'];
}

export interface OfdReport {
  verdict: Verdict | 'NO-SIGNATURE';
  signatures: OfdSignatureReport[];
  findings: Finding[];
}

/** Never throws for bad input. */
export async function verifyOfd(bytes: Uint8Array, options: OfdOptions = {}): Promise<OfdReport> {
  try {
    const document = new OfdDocument(bytes);
    const { listed } = document;
    const signatures: OfdSignatureReport[] = [];
    for (const entry of listed) signatures.push(await judge(document, entry, options));
    const verdict = signatures.reduce<Verdict>((v, s) => worse(v, s.verdict), 'TOTAL-PASSED');
    return { verdict: listed.length > 0 ? verdict : 'NO-SIGNATURE', signatures, findings: [] };
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    const message = `Not a readable OFD: ${error.message}`;
    const findings: Finding[] = [{ code: 'OFD_PARSE', message, severity: 'error' }];
    return { verdict: 'TOTAL-FAILED', signatures: [], findings };
  }
}

async function judge(
  document: OfdDocument,
  entry: ListedSignature,
  options: OfdOptions,
): Promise<OfdSignatureReport> {
  const report = new SealReport();
  const empty = { seal: null, time: null, signer: null, stamps: [] };
  let signature: OfdSignature;
  try {
    signature = document.signature(entry.path);
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    report.fail('format', 'OFD_PARSE', error.message);
    return { ...entry, ...outcome(report), ...empty };
  }
  const { files } = document;
  const value = files.get(signature.signedValue);
  const content = files.get(entry.path) as Uint8Array;
  await checkFiles(document, entry, signature, report);
  if (!value) {
    const path = signature.signedValue;
    report.fail('signature-value', 'OFD_FILE_MISSING', `${path} is missing`, { path });
    return { ...entry, ...outcome(report), ...empty, stamps: signature.stamps };
  }
  if (!isSealSignature(value)) {
    const signer = await checkBare(value, content, signature, options, report);
    return { ...entry, ...outcome(report), ...empty, signer, stamps: signature.stamps };
  }
  const inner = await verifySealSignature(value, { ...options, data: content });
  checkSealFile(files, signature, value, report);
  if (pathOf(inner.propertyInfo) !== entry.path) {
    const message = 'The signature names another file than the one that it stands for';
    report.note('OFD_PROPERTY_INFO', message, { path: inner.propertyInfo });
  }
  return {
    ...entry,
    verdict: worse(report.verdict, inner.verdict),
    findings: [...inner.findings, ...report.findings],
    steps: [...inner.steps, ...report.steps],
    seal: inner.seal,
    time: inner.time,
    signer: inner.signer,
    stamps: signature.stamps,
  };
}

/** propertyInfo is a path, with or without the leading slash. */
const pathOf = (propertyInfo: string): string => propertyInfo.replace(/^\//, '');

const outcome = ({ verdict, findings, steps }: SealReport) => ({ verdict, findings, steps });

/** A bare signature value is a SEQUENCE of two INTEGERs; anything else is judged as SES_Signature. */
function isSealSignature(value: Uint8Array): boolean {
  try {
    readSealSignature(value);
    return true;
  } catch {
    return value.length > 160;
  }
}

/** Seal.esl is the seal inside the signature, byte for byte. */
function checkSealFile(
  files: Files,
  { seal }: OfdSignature,
  value: Uint8Array,
  report: SealReport,
): void {
  if (!seal) return;
  const shown = files.get(seal);
  try {
    const { seal: inside } = readSealSignature(value);
    if (shown && equal(shown, inside.der)) {
      report.pass('seal-file');
      return;
    }
  } catch {
    // That the signature does not read is said where it is verified.
  }
  report.fail('seal-file', 'OFD_SEAL_DIFFERS', `${seal} is not the seal of the signature`, {
    path: seal,
  });
}

/** A signature without seal and certificate: tried with the certificates that the caller knows. */
async function checkBare(
  signature: Uint8Array,
  data: Uint8Array,
  { method }: OfdSignature,
  options: OfdOptions,
  report: SealReport,
): Promise<Uint8Array | null> {
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
    report.pass('signature-value');
    const trust = normaliseTrust(options.trust);
    const now = options.time ?? new Date().toISOString();
    await judgePerson('SIGNER', certificate, { report, trust, now, usedAt: null, proven: false });
    return certificate;
  }
  const message = 'The signature carries no certificate, and none that fits is at hand';
  report.open('signature-value', 'OFD_NO_CERTIFICATE', message);
  return null;
}
