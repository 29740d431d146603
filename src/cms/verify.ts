/**
 * Verifying SignedData: form, agreement of its parts, digest, signing certificate, signature. The
 * answer is about integrity; who the signer is and whether he counts is for path and roster.
 */
import {
  type DerNode,
  DIGEST_OID,
  type DigestName,
  derWrite,
  digestOf,
  equal,
  expect,
  isWeakDigest,
  Malformed,
  oidOf,
  readAlgorithmIdentifier,
  readSignatureAlgorithm,
  schemeOf,
  signatureOid,
  TAG,
  verifySignature,
} from '../crypto/index.ts';
import { namingDigest, readTime } from '../pki/index.ts';
import { checkCanonical } from './canonical.ts';
import { findSigner, type KnownCertificate } from './certificates.ts';
import { type Content, contentBytes, digestContent } from './content.ts';
import { namesCertificate, readSigningCertificate } from './ess.ts';
import { OID } from './oids.ts';
import { type CmsCode, type CmsReport, emptyReport } from './report.ts';
import { revocationValues } from './revocation-values.ts';
import {
  type Attribute,
  type FormOptions,
  readSignedData,
  type SignedData,
  type SignerInfo,
} from './signed-data.ts';

/**
 * Verifies a detached signature over `content`.
 * Never throws for bad input; an algorithm that is not on the allow-list is `unsupported-alg`.
 */
export async function verifyDetached(
  cms: Uint8Array,
  content: Content,
  options: FormOptions = {},
): Promise<CmsReport> {
  return verify(cms, options, async (data, report) => {
    const gm = options.allowBer && data.contentType === OID.gmData;
    if (data.contentType !== OID.data && !gm) {
      fail(report, 'cms-content-type', 'The content type is not data.');
    }
    if (data.content !== null && !(options.allowEmpty && isEmptyForm(data))) {
      fail(report, 'cms-content', 'A detached signature has content of its own attached.');
    }
    return content;
  });
}

/**
 * An empty eContent where RFC 5652 5.2 leaves the field out, as plain PKCS #7 writers do. Whoever
 * protects the algorithms (RFC 6211) knows the form, and has it kept.
 */
function isEmptyForm({ content, signerInfos }: SignedData): boolean {
  const attributes = signerInfos.flatMap(({ signedAttributes }) => signedAttributes ?? []);
  return content?.length === 0 && attributes.every(({ oid }) => oid !== OID.algorithmProtection);
}

/** Verifies a signature with its content inside; the content must be of type `contentType`. */
export async function verifyAttached(
  cms: Uint8Array,
  contentType: string,
  options: FormOptions = {},
): Promise<CmsReport> {
  return verify(cms, options, async (data, report) => {
    if (data.contentType !== contentType) {
      fail(report, 'cms-content-type', `The content type is ${data.contentType}.`);
    }
    if (data.content === null) fail(report, 'cms-content', 'The content is not attached.');
    else report.content = data.content;
    return data.content ?? new Uint8Array();
  });
}

async function verify(
  cms: Uint8Array,
  options: FormOptions,
  contentOf: (data: SignedData, report: CmsReport) => Promise<Content>,
): Promise<CmsReport> {
  const report = emptyReport();
  try {
    const data = readSignedData(cms, options);
    report.length = data.length;
    report.contentType = data.contentType;
    report.certificates = [...data.certificates];
    report.crls = [...data.crls];
    report.ocsps = [...data.ocsps];
    const content = await contentOf(data, report);
    const [info, second] = data.signerInfos;
    if (!info || second) {
      fail(report, 'cms-signer-count', `${data.signerInfos.length} signers where one is demanded.`);
    } else {
      checkVersions(report, data, info, options.allowBer === true);
      await checkSigner(report, data, info, content, options);
      if (options.canonical && report.code === 'ok') await checkCanonical(report, data, info);
    }
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    fail(report, error.code, `Not a well-formed signature: ${error.message}.`);
  }
  report.ok = report.code === 'ok';
  return report;
}

/** RFC 5652 5.1 and 5.3; in BER mode any version that ever was in use. */
function checkVersions(report: CmsReport, data: SignedData, info: SignerInfo, lenient: boolean) {
  const signer = info.sid.kind === 'issuer-serial' ? 1 : 3;
  const whole = signer === 3 || data.contentType !== OID.data ? 3 : 1;
  const fits = lenient
    ? [1, 3, 4, 5].includes(data.version) && [1, 3].includes(info.version)
    : data.version === whole && info.version === signer;
  if (!fits) fail(report, 'cms-version', 'A version number does not fit what follows it.');
}

async function checkSigner(
  report: CmsReport,
  data: SignedData,
  info: SignerInfo,
  content: Content,
  options: FormOptions,
): Promise<void> {
  report.signatureValue = info.signature;
  report.signatureAlgorithm = oidOf(info.signatureAlgorithm.children[0]);
  report.unsigned = info.unsignedAttributes.map(({ oid, values }) => ({
    oid,
    value: values[0]?.raw ?? new Uint8Array(),
  }));
  const lenient = options.allowBer === true;
  const held = revocationValues([...(info.signedAttributes ?? []), ...info.unsignedAttributes]);
  report.crls.push(...held.crls);
  report.ocsps.push(...held.ocsps);
  const hash = checkDigestAlgorithm(report, data, info, lenient);
  const attributes = info.signedAttributes && uniqueAttributes(report, info.signedAttributes);
  const algorithm = hash && checkSignatureAlgorithm(report, info, hash, lenient);
  const signer = await findSigner(info.sid, data.certificates, lenient);
  if (!signer) fail(report, 'cms-signer-missing', 'The certificate of the signer is not embedded.');
  else takeSigner(report, signer);
  if (!attributes) {
    const bare = options.allowBare ? contentBytes(content) : null;
    if (!bare) fail(report, 'cms-signed-attributes', 'The signature has no signed attributes.');
    else if (signer && algorithm) {
      await checkValue(report, info, algorithm, signer, [bare], lenient);
    }
    return;
  }
  checkContentType(report, attributes, data.contentType);
  checkProtection(report, attributes, info);
  readSigningTime(report, attributes, lenient);
  if (hash) await checkMessageDigest(report, attributes, hash, content);
  if (signer) await checkSigningCertificate(report, attributes, signer, lenient);
  if (signer && algorithm) await checkSignature(report, info, algorithm, signer, options);
}

/** What is wrong with a certificate costs trust, which is decided elsewhere; here it is told. */
function takeSigner(report: CmsReport, { certificate, fault, key }: KnownCertificate) {
  report.signer = certificate.der;
  if (!fault || !key) return;
  const message = `The certificate of the signer breaks a rule of its form: ${fault.message}.`;
  warn(report, 'cms-certificate', message);
}

/** The signer's digest is one of those announced, in whatever spelling, and none announced is broken. */
function checkDigestAlgorithm(
  report: CmsReport,
  data: SignedData,
  info: SignerInfo,
  lenient: boolean,
): DigestName | null {
  const meant = (node: DerNode): string => {
    const { oid } = readAlgorithmIdentifier(node);
    const digest = lenient ? schemeOf(oid)?.hash : null;
    return digest ? DIGEST_OID[digest] : oid;
  };
  const listed = data.digestAlgorithms.map(meant);
  const own = meant(info.digestAlgorithm);
  if (own === OID.md5 || listed.includes(OID.md5)) {
    fail(report, 'cms-digest-algorithm', 'MD5 is broken and proves nothing.');
    return null;
  }
  if (!listed.includes(own)) {
    fail(report, 'cms-digest-algorithm', 'The digest of the signer is not announced.');
  }
  const hash = known(report, () => digestOf(info.digestAlgorithm, lenient));
  if (!hash) return null;
  report.digestAlgorithm = hash;
  if (isWeakDigest(hash)) {
    weak(report, 'cms-weak-digest', `The digest ${hash} is weak.`);
  }
  return hash;
}

/** @returns the AlgorithmIdentifier to verify with, or null where none fits. */
function checkSignatureAlgorithm(
  report: CmsReport,
  info: SignerInfo,
  hash: DigestName,
  lenient: boolean,
): Uint8Array | null {
  const der = respelled(report, info, hash, lenient);
  const algorithm = known(report, () => readSignatureAlgorithm(der));
  if (!algorithm) return null;
  // RFC 8419 3.1: Ed25519 over signed attributes goes with SHA-512.
  if ((algorithm.hash ?? 'SHA-512') !== hash) {
    fail(report, 'cms-signature-algorithm', 'Signature and digest algorithm do not agree.');
    return null;
  }
  return der;
}

/**
 * The AlgorithmIdentifier in the one form that our reader takes. RSA in CMS is named without its
 * digest, which stands beside it (RFC 3370 3.2). In BER mode every spelling of RSA, ECDSA and SM2 is
 * taken: other parameters, or the key's kind alone.
 */
function respelled(
  report: CmsReport,
  info: SignerInfo,
  hash: DigestName,
  lenient: boolean,
): Uint8Array {
  const { raw } = info.signatureAlgorithm;
  const stated = schemeOf(report.signatureAlgorithm);
  if (!stated || (stated.hash && stated.hash !== hash)) return raw;
  if (!(lenient || report.signatureAlgorithm === OID.rsaEncryption)) return raw;
  const scheme = stated.scheme === 'ECDSA' && hash === 'SM3' ? 'SM2' : stated.scheme;
  const named = scheme === 'SM2' ? SM2_WITH_SM3 : signatureOid(scheme, hash);
  if (!named) return raw;
  const parameters = scheme === 'RSA' ? [derWrite.nullValue()] : [];
  return derWrite.sequence(derWrite.oid(named), ...parameters);
}

const SM2_WITH_SM3 = '1.2.156.10197.1.501';

function uniqueAttributes(
  report: CmsReport,
  list: readonly Attribute[],
): ReadonlyMap<string, Attribute> {
  const out = new Map<string, Attribute>();
  for (const attribute of list) {
    if (out.has(attribute.oid)) {
      fail(report, 'cms-attribute-twice', `Signed attribute ${attribute.oid} stands twice.`);
    }
    out.set(attribute.oid, attribute);
  }
  return out;
}

/** The value of an attribute that has exactly one; null where the attribute is absent. */
function single(attributes: ReadonlyMap<string, Attribute>, oid: string): DerNode | null {
  const attribute = attributes.get(oid);
  if (!attribute) return null;
  const [value, more] = attribute.values;
  if (!value || more) throw new Malformed('cms-attribute-twice', `attribute ${oid} has one value`);
  return value;
}

function checkContentType(
  report: CmsReport,
  attributes: ReadonlyMap<string, Attribute>,
  contentType: string,
) {
  const value = single(attributes, OID.contentType);
  if (!value || oidOf(value) !== contentType) {
    fail(report, 'cms-content-type-attribute', 'The content-type attribute names another type.');
  }
}

/** RFC 6211: whoever signs the names of the algorithms has them kept, in their one spelling. */
function checkProtection(
  report: CmsReport,
  attributes: ReadonlyMap<string, Attribute>,
  info: SignerInfo,
) {
  const value = single(attributes, OID.algorithmProtection);
  if (!value) return;
  const [digestAlgorithm, signatureAlgorithm] = value.children;
  const named = (node: DerNode | undefined) => oidOf(node?.children[0]);
  if (named(digestAlgorithm) !== named(info.digestAlgorithm)) {
    fail(report, 'cms-digest-algorithm', 'The signer protected another digest algorithm.');
  }
  if (
    signatureAlgorithm?.tag !== 0xa1 ||
    named(signatureAlgorithm) !== named(info.signatureAlgorithm)
  ) {
    fail(report, 'cms-signature-algorithm', 'The signer protected another signature algorithm.');
  }
}

function readSigningTime(
  report: CmsReport,
  attributes: ReadonlyMap<string, Attribute>,
  lenient: boolean,
) {
  const value = single(attributes, OID.signingTime);
  if (!value) return;
  try {
    report.claimedTime = new Date(readTime(value)).toISOString();
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    const message = 'The claimed signing time is no DER time.';
    if (!lenient) fail(report, 'cms-signing-time', message);
    else warn(report, 'cms-signing-time', message);
  }
}

async function checkMessageDigest(
  report: CmsReport,
  attributes: ReadonlyMap<string, Attribute>,
  hash: DigestName,
  content: Content,
) {
  const value = single(attributes, OID.messageDigest);
  const stated = value && expect(value, TAG.OCTET_STRING, 'messageDigest').value;
  if (!stated || !equal(stated, await digestContent(hash, content))) {
    fail(report, 'cms-message-digest', 'The content is not what was signed: its digest differs.');
  }
}

async function checkSigningCertificate(
  report: CmsReport,
  attributes: ReadonlyMap<string, Attribute>,
  signer: KnownCertificate,
  lenient: boolean,
) {
  const v1 = single(attributes, OID.signingCertificate);
  const v2 = single(attributes, OID.signingCertificateV2);
  report.essPresent = v1 !== null || v2 !== null;
  for (const [node, version] of [
    [v1, 1],
    [v2, 2],
  ] as const) {
    if (!node) continue;
    const list = readSigningCertificate(node, version);
    const [first] = list;
    const usual = namingDigest(signer.certificate.der);
    const named =
      first &&
      (first.hash === usual && !first.issuerSerial
        ? equal(first.value, signer.hash)
        : await namesCertificate(first, signer.certificate, lenient));
    if (!named) fail(report, 'cms-ess', 'The signing-certificate attribute names another one.');
    if (version === 2) {
      report.essHashes = list;
    } else if (!v2) {
      const message = 'The signing certificate is named by a SHA-1 hash only.';
      warn(report, 'cms-ess-sha1', message);
    }
  }
}

/** Over the DER SET OF of the attributes; in BER mode the order they stand in is tried first. */
async function checkSignature(
  report: CmsReport,
  info: SignerInfo,
  algorithm: Uint8Array,
  signer: KnownCertificate,
  { allowBer }: FormOptions,
): Promise<void> {
  const standing = derWrite.tlv(TAG.SET, info.signedBytes);
  const candidates = [standing];
  if (allowBer) {
    const sorted = derWrite.setOf(...(info.signedAttributes ?? []).map((a) => a.raw));
    if (!equal(sorted, standing)) candidates.push(sorted);
  }
  await checkValue(report, info, algorithm, signer, candidates, allowBer === true);
}

/** The signature value verifies over one of these. */
async function checkValue(
  report: CmsReport,
  info: SignerInfo,
  algorithm: Uint8Array,
  { certificate, key }: KnownCertificate,
  candidates: readonly Uint8Array[],
  lenientKey: boolean,
): Promise<void> {
  if (key?.kind === 'RSA' && key.bits < 2048) {
    weak(report, 'cms-weak-key', `An RSA key of ${key.bits} bits is weak.`);
  }
  const input = { spki: certificate.spki, algorithm, signature: info.signature, lenientKey };
  let result: { valid: boolean; code?: string } = { valid: false };
  for (const data of candidates) {
    if (!result.valid) result = await verifySignature({ ...input, data });
  }
  if (result.code === 'unsupported-alg') {
    unsupported(report, `the key, or ${report.signatureAlgorithm}`);
  } else if (!result.valid) {
    fail(report, 'cms-signature', 'The signature value does not verify.');
  }
}

/** The value, or null and a finding where the algorithm is not on the allow-list. */
function known<T>(report: CmsReport, read: () => T): T | null {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof Malformed) || error.code !== 'unsupported-alg') throw error;
    unsupported(report, error.message);
    return null;
  }
}

/** Not computed here, which says nothing against the signature. */
function unsupported(report: CmsReport, algorithm: string) {
  fail(report, 'unsupported-alg', `An algorithm cannot be checked here: ${algorithm}.`);
}

function warn(report: CmsReport, code: CmsCode | string, message: string) {
  report.findings.push({ code, message, severity: 'warning' });
}

function weak(report: CmsReport, code: string, message: string) {
  report.weak = true;
  warn(report, code, message);
}

function fail(report: CmsReport, code: CmsCode | string, message: string) {
  // What failed outweighs what could not be computed.
  if (report.code === 'ok' || report.code === 'unsupported-alg') report.code = code;
  report.findings.push({ code, message, severity: 'error' });
}
