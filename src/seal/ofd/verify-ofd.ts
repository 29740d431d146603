/** Verifying every signature of an OFD: its value, its seal, and each file that it lists. */
import {
  type DigestName,
  digest,
  equal,
  type Finding,
  Malformed,
  type Verdict,
  verifySignature,
  worse,
} from '../../crypto/index.ts';
import { normaliseTrust, readCertificate } from '../../pki/index.ts';
import { sealAlgorithm } from '../data/algorithm.ts';
import { judgePerson } from '../data/certificate-steps.ts';
import {
  readSealSignature,
  type SealVerdict,
  type StepResult,
  type VerifySealOptions,
  verifySealSignature,
} from '../data/index.ts';
import { SealReport } from '../data/steps.ts';
import {
  type Files,
  type ListedSignature,
  listedSignatures,
  type OfdSignature,
  readSignature,
} from './ofd-signature.ts';
import { readZip } from './zip.ts';

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
    const files = readZip(bytes);
    const listed = listedSignatures(files);
    const signatures: OfdSignatureReport[] = [];
    for (const entry of listed) signatures.push(await judge(files, entry, listed, options));
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
  files: Files,
  entry: ListedSignature,
  listed: readonly ListedSignature[],
  options: OfdOptions,
): Promise<OfdSignatureReport> {
  const report = new SealReport();
  const empty = { seal: null, time: null, signer: null, stamps: [] };
  let signature: OfdSignature;
  try {
    signature = readSignature(files, entry.path);
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    report.fail('format', 'OFD_PARSE', error.message);
    return { ...entry, ...outcome(report), ...empty };
  }
  const value = files.get(signature.signedValue);
  const content = files.get(entry.path) as Uint8Array;
  await checkFiles(files, entry, signature, listed, report);
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

const DIGESTS: Record<string, DigestName> = {
  SM3: 'SM3',
  '1.2.156.10197.1.401': 'SM3',
  SHA256: 'SHA-256',
  'SHA-256': 'SHA-256',
  '2.16.840.1.101.3.4.2.1': 'SHA-256',
};

async function checkFiles(
  files: Files,
  entry: ListedSignature,
  { checkMethod, references, seal, signedValue }: OfdSignature,
  listed: readonly ListedSignature[],
  report: SealReport,
): Promise<void> {
  const name = DIGESTS[checkMethod.toUpperCase()];
  if (!name) {
    report.open('files', 'OFD_DIGEST_UNKNOWN', `Digest ${checkMethod} is not known`, {
      name: checkMethod,
    });
    return;
  }
  const before = report.findings.length;
  for (const { path, value } of references) {
    const content = files.get(path);
    if (!content) report.fail('files', 'OFD_FILE_MISSING', `${path} is missing`, { path });
    else if (value && equal(value, await digest(name, content))) continue;
    else if (path === entry.list && (await coveredLater(files, entry, listed))) {
      const message = `${path} was changed by a later signature, which is in order`;
      report.note('OFD_LATER_SIGNATURE', message, { path });
    } else report.fail('files', 'OFD_FILE_CHANGED', `${path} is not what was signed`, { path });
  }
  const exempt = new Set([entry.path, signedValue, seal, entry.list]);
  for (const other of listed) for (const path of filesOf(files, other)) exempt.add(path);
  const covered = new Set(references.map(({ path }) => path));
  const open = [...files.keys()].filter((path) => !covered.has(path) && !exempt.has(path));
  if (open.length > 0) {
    const message = `Not protected by the signature: ${open.slice(0, 5).join(', ')}`;
    const params = { list: open.slice(0, 5).join(', ') };
    report.open('files', 'OFD_FILE_UNPROTECTED', message, params);
  }
  const noted = report.findings.slice(before).every(({ code }) => code === 'OFD_LATER_SIGNATURE');
  if (noted && report.findings.length === before) report.pass('files');
}

/** Files that a signature itself consists of. */
function filesOf(files: Files, { path }: ListedSignature): string[] {
  try {
    const { signedValue, seal } = readSignature(files, path);
    return [path, signedValue, ...(seal ? [seal] : [])];
  } catch {
    return [path];
  }
}

/** Whether a later signature lists this one's Signature.xml as it stands. */
async function coveredLater(
  files: Files,
  entry: ListedSignature,
  listed: readonly ListedSignature[],
): Promise<boolean> {
  const content = files.get(entry.path) as Uint8Array;
  for (const later of listed.slice(listed.indexOf(entry) + 1)) {
    try {
      const { checkMethod, references } = readSignature(files, later.path);
      const name = DIGESTS[checkMethod.toUpperCase()];
      const value = references.find(({ path }) => path === entry.path)?.value;
      if (name && value && equal(value, await digest(name, content))) return true;
    } catch (error) {
      if (!(error instanceof Malformed)) throw error;
    }
  }
  return false;
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
