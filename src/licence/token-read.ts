/**
 * Judging a QR token, offline: shape, issuer, signature, dates, status, in this order. A token is
 * valid only if everything that the caller's trust can tell was asked and said yes.
 */
import { isLowS } from '../cms/index.ts';
import {
  type CoseSign1,
  ES256,
  ecdsaToDer,
  equal,
  type Finding,
  fromBase45,
  fromBase64,
  Malformed,
  readCoseSign1,
  type Severity,
  SM2_SM3,
  signatureAlgorithmOf,
  verifySignature,
} from '../crypto/index.ts';
import {
  certificateHash,
  judgeCertificate,
  normaliseTrust,
  readCertificate,
  statusOf,
  type Trust,
  type TrustInput,
} from '../pki/index.ts';
import { type TokenLicence, unpackLicence } from './token-layout.ts';
import { KID_BYTES, TOKEN_PREFIX } from './token-write.ts';
import { chinaDate, isExpired } from './validity.ts';

export type TokenVerdict =
  | 'valid'
  | 'invalid'
  | 'expired'
  | 'revoked'
  | 'suspended'
  | 'used'
  | 'unknown-issuer'
  | 'stale'
  | 'not-a-licence'
  | 'no-code';

export interface TokenReport {
  verdict: TokenVerdict;
  /** What the token says; present only where its signature holds. */
  licence?: TokenLicence;
  /** What the token says where nobody known signed it: anybody may have written it. */
  claimed?: TokenLicence;
  issuer?: { name: string; subject: string; organization: string | null; id: string };
  findings: Finding[];
}

export interface TokenOptions {
  /** ISO 8601; absent: now. */
  time?: string;
  trust?: TrustInput;
}

/** Longer than any token that fits a QR code of version 40. */
const MAX_TEXT = 4300;

/** Never throws for bad input. */
export async function readLicenceToken(
  text: string,
  { time = new Date().toISOString(), trust }: TokenOptions = {},
): Promise<TokenReport> {
  if (typeof text !== 'string' || text === '') {
    return answer('no-code', 'token-empty', 'There is no code to read.');
  }
  if (!text.startsWith(TOKEN_PREFIX)) {
    return /^EL[2-9]:/.test(text)
      ? answer('not-a-licence', 'token-newer', 'A licence token of a later version.')
      : answer('not-a-licence', 'token-prefix', 'This code is not a licence token.');
  }
  try {
    if (Number.isNaN(Date.parse(time))) throw new Malformed('time', 'not a time');
    return await judge(text, new Date(time).toISOString(), normaliseTrust(trust));
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    return answer('invalid', error.code, `The token is malformed: ${error.message}.`);
  }
}

async function judge(text: string, time: string, trust: Trust): Promise<TokenReport> {
  const { cose, licence } = readToken(text);
  const candidates = await issuersOf(cose.kid as Uint8Array, trust);
  if (candidates.length === 0) {
    const message = 'This device does not know the issuer.';
    return { ...answer('unknown-issuer', 'issuer-unknown', message), claimed: licence };
  }
  let signer: Candidate | undefined;
  for (const candidate of candidates) {
    if (!signer && (await signatureHolds(cose, candidate.certificate))) signer = candidate;
  }
  if (!signer) return answer('invalid', 'token-signature', 'The signature does not hold.');
  return judgeSigned(licence, signer, time, trust);
}

/** @throws {Malformed} */
function readToken(text: string): { cose: CoseSign1; licence: TokenLicence } {
  const body = text.slice(TOKEN_PREFIX.length);
  const bytes = text.length > MAX_TEXT ? null : fromBase45(body);
  if (!bytes || bytes.length === 0) throw new Malformed('token-base45', 'not base45');
  const cose = readCoseSign1(bytes);
  if (cose.alg !== ES256 && cose.alg !== SM2_SM3) throw new Malformed('token-alg', 'algorithm');
  if (cose.kid?.length !== KID_BYTES) throw new Malformed('token-kid', 'not a key id of ours');
  if (cose.signature.length !== 64) throw new Malformed('token-signature', 'not 64 octets');
  if (cose.alg === ES256 && !isLowS(ecdsaToDer(cose.signature))) {
    throw new Malformed('token-signature', 'the other one of a pair of signatures');
  }
  return { cose, licence: unpackLicence(cose.payload) };
}

interface Candidate {
  certificate: Uint8Array;
  /** In the bundle's roster with the role of an issuer; always true without a bundle. */
  mayIssue: boolean;
}

/** Certificates whose hash begins with the key id. */
async function issuersOf(kid: Uint8Array, trust: Trust): Promise<Candidate[]> {
  const known: Candidate[] = trust.bundle
    ? trust.bundle.roster.flatMap(({ signing, roles }) => {
        const certificate = fromBase64(signing);
        return certificate ? [{ certificate, mayIssue: roles.includes('issuer') }] : [];
      })
    : [...trust.intermediates, ...trust.anchors.map((anchor) => anchor.certificate)].map(
        (certificate) => ({ certificate, mayIssue: true }),
      );
  const out: Candidate[] = [];
  for (const candidate of known) {
    const hash = await certificateHash(candidate.certificate);
    if (equal(hash.subarray(0, KID_BYTES), kid)) out.push(candidate);
  }
  return out;
}

async function signatureHolds(cose: CoseSign1, certificate: Uint8Array): Promise<boolean> {
  const { valid } = await verifySignature({
    spki: readCertificate(certificate).spki,
    algorithm: signatureAlgorithmOf(cose.alg === ES256 ? 'P-256' : 'SM2'),
    signature: ecdsaToDer(cose.signature),
    data: cose.signed,
  });
  return valid;
}

async function judgeSigned(
  unnamed: TokenLicence,
  { certificate, mayIssue }: Candidate,
  time: string,
  trust: Trust,
): Promise<TokenReport> {
  const ask = (at: string) => judgeCertificate({ certificate, time: at, trust, purpose: 'staff' });
  const atIssue = await ask(issueTime(unnamed, time));
  const now = await ask(time);
  const { name, subject, organization, id } = atIssue;
  const licence = withAuthority(unnamed, organization, trust);
  const findings: Finding[] = [...atIssue.findings];
  const report = (verdict: TokenVerdict, code?: string, message = ''): TokenReport => {
    if (code) findings.push({ code, message, severity: severityOf(verdict) });
    return { verdict, licence, issuer: { name, subject, organization, id }, findings };
  };
  if (licence.shortened) {
    findings.push(info('token-shortened', 'Goods are cut to fit the code; the licence has more.'));
  }
  if (licence.pilot) findings.push(info('token-pilot', 'A pilot document, without legal force.'));
  if (!mayIssue) {
    return report('unknown-issuer', 'issuer-role', 'The signer may not issue licences.');
  }
  if (atIssue.verdict === 'TOTAL-FAILED') {
    return report('invalid', 'issuer-revoked', 'The issuer’s certificate is revoked.');
  }
  if (atIssue.verdict !== 'TOTAL-PASSED' || now.code === 'revoked') {
    const code = now.code === 'revoked' ? 'issuer-revoked' : `issuer-${atIssue.code}`;
    return report('unknown-issuer', code, 'The issuer’s certificate cannot be relied on.');
  }
  if (licence.issuedOn > chinaDate(time)) {
    return report('invalid', 'token-not-yet', 'The date of issue lies in the future.');
  }
  return inForce(licence, time, trust, report);
}

/**
 * The token holds the code of its authority alone. Its name is the one of the trust data, as on the
 * licence and its seal; an authority of another code is called as its certificate says.
 */
function withAuthority(
  licence: TokenLicence,
  organization: string | null,
  { bundle }: Trust,
): TokenLicence {
  const { code } = licence.authority;
  if (bundle?.authority.code === code) return { ...licence, authority: { ...bundle.authority } };
  return organization === null
    ? licence
    : { ...licence, authority: { code, zh: organization, en: organization } };
}

/** The end of the day of issue in China, or now where that is earlier: a token has no other proof of time. */
function issueTime(licence: TokenLicence, time: string): string {
  const end = Date.parse(`${licence.issuedOn}T15:59:59Z`);
  return new Date(Math.min(end, Date.parse(time))).toISOString();
}

/** Status and dates: what is final first, what is unknown last. */
async function inForce(
  licence: TokenLicence,
  time: string,
  trust: Trust,
  report: (verdict: TokenVerdict, code?: string, message?: string) => TokenReport,
): Promise<TokenReport> {
  const { bundle } = trust;
  const { id, index } = licence.statusList;
  const status = await statusOf(trust, id, index, time);
  if (status === 'revoked') return report('revoked', 'status-revoked', 'The licence is revoked.');
  if (isExpired(licence.validUntil, time)) {
    return report('expired', 'token-expired', `The licence was valid until ${licence.validUntil}.`);
  }
  if (status === 'used') return report('used', 'status-used', 'The licence is used up.');
  if (status === 'suspended') {
    return report('suspended', 'status-suspended', 'The licence is suspended.');
  }
  if (status === 'stale' || (bundle && Date.parse(time) > Date.parse(bundle.nextUpdate))) {
    return report('stale', 'trust-stale', 'Trust data are out of date.');
  }
  if (status === 'unknown' && bundle && bundle.statusLists.length > 0) {
    return report('stale', 'status-missing', 'No usable status list covers this licence.');
  }
  return status === 'unknown'
    ? report('valid', 'status-unchecked', 'No status list is at hand: revocation was not checked.')
    : report('valid');
}

const severityOf = (verdict: TokenVerdict): Severity =>
  verdict === 'valid' || verdict === 'stale' || verdict === 'unknown-issuer' ? 'warning' : 'error';

const info = (code: string, message: string): Finding => ({ code, message, severity: 'info' });

function answer(verdict: TokenVerdict, code: string, message: string): TokenReport {
  return { verdict, findings: [{ code, message, severity: severityOf(verdict) }] };
}
