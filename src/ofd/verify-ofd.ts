/** Verifying an OFD: every signature, every file it lists, and everything that is shown besides. */
import { equal, type Finding, Malformed, type Verdict, worse } from '../crypto/index.ts';
import { readCertificate, signerName } from '../pki/index.ts';
import { OfdFindings, type SignatureIntegrity, worst } from './codes.ts';
import type { JudgedValue, OfdOptions } from './judged.ts';
import { OfdFiles } from './ofd-files.ts';
import {
  type ListedSignature,
  listedSignatures,
  type OfdSignature,
  readSignature,
} from './ofd-signature.ts';
import { type CheckedReferences, compareReferences, reportReferences } from './references.ts';
import type { OfdReport, OfdSignatureReport } from './report.ts';
import { judgeValue } from './signature-value.ts';
import { type Shown, unprotectedParts } from './unprotected.ts';
import { readZip } from './zip.ts';

/** Never throws for bad input. @param options `time`: ISO 8601; absent: now */
export async function verifyOfd(ofd: Uint8Array, options: OfdOptions = {}): Promise<OfdReport> {
  try {
    return await verify(ofd, options);
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    const found = new OfdFindings();
    if (error.code === 'zip-encrypted') {
      found.fail('OFD_ENCRYPTED', 'The package is encrypted and cannot be read here');
    } else found.fail('OFD_PARSE', `Not a readable OFD: ${error.message}`);
    const { verdict, findings } = found;
    return { integrity: 'unreadable', verdict, signatures: [], findings, unprotected: [] };
  }
}

/** One signature on its way through the steps. */
interface Work {
  readonly entry: ListedSignature;
  readonly found: OfdFindings;
  signature: OfdSignature | null;
  value: JudgedValue | null;
  references: CheckedReferences | null;
  /** The value stands, the seal beside it is its own, and so is every file that it lists. */
  good: boolean;
  later: boolean;
}

async function verify(ofd: Uint8Array, options: OfdOptions): Promise<OfdReport> {
  const { files: all, around } = readZip(ofd);
  const files = new OfdFiles(all);
  const found = new OfdFindings();
  if (around > 0) {
    const message = `${around} bytes stand outside the package and are not part of the document`;
    found.note('OFD_BYTES_AROUND', message, { count: String(around) });
  }
  const encrypted = files.locate('', 'Encryptions.xml') !== null;
  if (encrypted) {
    found.fail('OFD_ENCRYPTED', 'The document is encrypted (GM/T 0099) and is not opened here');
    if (files.locate('', 'OFD.xml') === null) throw new Malformed('zip-encrypted', 'encrypted');
  }
  const { listed, missing, strange } = listedSignatures(files);
  for (const path of missing) {
    found.warn('OFD_SIGNATURES_MISSING', `The list of signatures ${path} is missing`, { path });
  }
  if (listed.length === 0) {
    const { findings } = found;
    const shared = { signatures: [], findings, unprotected: [] };
    return { integrity: 'unsigned', verdict: 'NO-SIGNATURE', ...shared };
  }
  const works: Work[] = [];
  for (const entry of listed) works.push(await judge(files, entry, options));
  for (const work of [...works].reverse()) {
    settle(work, works.slice(works.indexOf(work) + 1), encrypted);
  }
  for (const path of strange) {
    if (works.some(({ good, references }) => good && references?.same.has(path))) continue;
    found.fail('OFD_LIST_STRANGE', `${path} holds more than signatures`, { path });
  }
  const shown = unprotectedParts(files, works.filter(({ good }) => good).map(protectedBy), found);
  const signatures = works.map((work) => reportOf(work, found.integrity, shown));
  return {
    integrity: signatures.reduce<SignatureIntegrity>((i, s) => worst(i, s.integrity), 'intact'),
    verdict: signatures.reduce<Verdict>((v, s) => worse(v, s.verdict), found.verdict),
    signatures,
    findings: [...found.findings, ...signatures.flatMap(ownFindings)],
    unprotected: shown.unprotected,
  };
}

const ownFindings = ({ findings, field }: OfdSignatureReport): Finding[] =>
  findings.map((each) => ({ object: field, ...each }));

/** The value and the files of one signature, each by itself. */
async function judge(files: OfdFiles, entry: ListedSignature, options: OfdOptions): Promise<Work> {
  const found = new OfdFindings();
  const blank = { signature: null, value: null, references: null, good: false, later: false };
  const work: Work = { entry, found, ...blank };
  try {
    work.signature = readSignature(files, entry.path);
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    found.fail('OFD_PARSE', error.message);
    return work;
  }
  const { signature } = work;
  work.references = await compareReferences(files, signature);
  const stored = files.get(signature.signedValue);
  if (!stored) {
    const path = signature.signedValue;
    found.fail('OFD_FILE_MISSING', `${path} is missing`, { path });
    return work;
  }
  const content = files.get(entry.path) as Uint8Array;
  work.value = await judgeValue(stored, content, signature, options);
  checkSealFile(files, signature, work.value, found);
  const { propertyInfo } = work.value;
  if (propertyInfo !== null && propertyInfo.replace(/^\//, '') !== entry.path) {
    const message = 'The signature names another file than the one that it stands for';
    found.note('OFD_PROPERTY_INFO', message, { path: propertyInfo });
  }
  return work;
}

/** Seal.esl, which viewers draw, is the seal inside the signature, byte for byte. */
function checkSealFile(
  files: OfdFiles,
  { seal: path }: OfdSignature,
  { sealDer }: JudgedValue,
  found: OfdFindings,
): void {
  if (path === null) return;
  const shown = files.get(path);
  if (shown && sealDer && equal(shown, sealDer)) return;
  found.fail('OFD_SEAL_DIFFERS', `${path} is not the seal of the signature`, { path });
}

/** What its files come to; later signatures are settled before, since they may explain its list. */
function settle(work: Work, laters: readonly Work[], encrypted: boolean): void {
  const { entry, signature, references, value, found } = work;
  if (!signature || !references) return;
  work.later = laters.some(
    ({ good, references: theirs }) => good && theirs?.same.has(entry.path) === true,
  );
  // Encrypted files stand for others; what those are is not known here.
  if (!encrypted) reportReferences(references, entry, signature, work.later, found);
  work.good = value?.integrity === 'intact' && found.integrity === 'intact';
}

/** Files that a good signature stands for: those listed, and those that it consists of. */
function protectedBy({ entry, signature, references }: Work): ReadonlySet<string> {
  const { signedValue, seal } = signature as OfdSignature;
  const own = [entry.path, entry.list, signedValue, ...(seal === null ? [] : [seal])];
  return new Set([...own, ...(references as CheckedReferences).same]);
}

function reportOf(
  { entry, signature, value, references, found, later, good }: Work,
  document: SignatureIntegrity,
  { parts, unprotected }: Shown,
): OfdSignatureReport {
  const integrity = worst(worst(found.integrity, value?.integrity ?? 'intact'), document);
  const own = good ? protectedBy({ entry, signature, references } as Work) : new Set<string>();
  const all = parts.every((path) => own.has(path));
  const signer = value?.signer ? who(value.signer) : null;
  const verdict = worse(found.verdict, value?.verdict ?? 'TOTAL-FAILED');
  const sub = found.verdict === verdict ? found.subIndication : value?.subIndication;
  const open = verdict === 'TOTAL-PASSED' && unprotected.length > 0;
  const seal = value?.seal;
  const maker = seal?.makerCertificate ? who(seal.makerCertificate) : null;
  const changed = (references?.changed.length ?? 0) + (references?.missing.length ?? 0);
  return {
    ...{ field: entry.path, id: entry.id, kind: 'approval', form: value?.form ?? null },
    integrity,
    verdict: open ? 'INDETERMINATE' : verdict,
    ...(open ? { subIndication: 'SIG_CONSTRAINTS_FAILURE' } : sub ? { subIndication: sub } : {}),
    coverage: all ? 'file' : later ? 'revision' : 'partial',
    changes: integrity === 'modified' ? 'forbidden' : changed > 0 && later ? 'permitted' : 'none',
    ...(signer ? { signer } : {}),
    ...(value?.signer ? { certificate: value.signer } : {}),
    ...(value?.time ? { time: value.time } : {}),
    timeProven: value?.timeProven ?? false,
    ...(seal && seal.version !== null
      ? {
          seal: {
            ...{ name: seal.name, verdict: seal.verdict, picture: seal.picture },
            maker: maker?.subject ?? '',
            pictureMatches: !found.findings.some(({ code }) => code === 'OFD_SEAL_DIFFERS'),
            ...{ version: seal.version, validStart: seal.validStart, validEnd: seal.validEnd },
          },
        }
      : {}),
    files: signature?.references.length ?? 0,
    stamps: signature?.stamps ?? [],
    findings: [...(value?.findings ?? []), ...found.findings],
  };
}

/** Whom a certificate speaks for; null for one that cannot be read. */
function who(der: Uint8Array): OfdSignatureReport['signer'] | null {
  try {
    const { timeStampAuthority: _, ...name } = signerName(readCertificate(der));
    return name;
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    return null;
  }
}
