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
  judgeHolderAt,
  normaliseTrust,
  type ProofOfWhen,
  readCertificate,
  statusOf,
  type Trust,
  type TrustInput,
} from '../pki/index.ts';
import { type TokenLicence, unpackLicence } from './token-layout.ts';
import { statusVerdict, type TokenVerdict } from './token-status.ts';
import { KID_BYTES, TOKEN_PREFIX } from './token-write.ts';
import { chinaDate } from './validity.ts';

export interface TokenReport {
  verdict: TokenVerdict;
  /** What the token says; present only where its signature holds. */
  licence?: TokenLicence;
  /** What the token says where nobody known signed it: anybody may have written it. */
  claimed?: TokenLicence;
  issuer?: { name: string; subject: string; organization: string | null; id: string };
  /** What says when it was signed: the log at hand, or the date that it states. */
  provenBy?: 'log' | 'claim';
  findings: Finding[];
}

export interface TokenOptions {
  /** ISO 8601; absent: now. */
  time?: string;
  trust?: TrustInput;
  /** Time of the log's entry that names this token, ISO 8601, where the caller holds it. */
  loggedAt?: string;
}

/** Longer than any token that fits a QR code of version 40. */
const MAX_TEXT = 4300;

/** Never throws for bad input. */
export async function readLicenceToken(
  text: string,
  { time = new Date().toISOString(), trust, loggedAt }: TokenOptions = {},
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
    const asked: Asked = { time: new Date(time).toISOString(), trust: normaliseTrust(trust) };
    return await judge(text, loggedAt === undefined ? asked : { ...asked, loggedAt });
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    return answer('invalid', error.code, `The token is malformed: ${error.message}.`);
  }
}

interface Asked {
  time: string;
  trust: Trust;
  loggedAt?: string;
}

async function judge(text: string, asked: Asked): Promise<TokenReport> {
  const { trust } = asked;
  const { cose, licence } = readToken(text);
  const candidates = await issuersOf(cose.kid as Uint8Array, trust);
  if (candidates.length === 0) {
    const message = 'This device does not know the issuer.';
    return { ...answer('unknown-issuer', 'issuer-unknown', message), claimed: licence };
  }
  let signer: Uint8Array | undefined;
  for (const candidate of candidates) {
    if (!signer && (await signatureHolds(cose, candidate))) signer = candidate;
  }
  if (!signer) return answer('invalid', 'token-signature', 'The signature does not hold.');
  return judgeSigned(licence, signer, asked);
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

/** Certificates whose hash begins with the key id: of everybody who ever stood on the roster. */
async function issuersOf(kid: Uint8Array, trust: Trust): Promise<Uint8Array[]> {
  const { bundle } = trust;
  const known = bundle
    ? [...new Set([...bundle.roster, ...bundle.former].map(({ signing }) => signing))].flatMap(
        (text) => fromBase64(text) ?? [],
      )
    : [...trust.intermediates, ...trust.anchors.map((anchor) => anchor.certificate)];
  const out: Uint8Array[] = [];
  for (const certificate of known) {
    const hash = await certificateHash(certificate);
    if (equal(hash.subarray(0, KID_BYTES), kid)) out.push(certificate);
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
  certificate: Uint8Array,
  { time, trust, loggedAt }: Asked,
): Promise<TokenReport> {
  const { id: listId, index } = unnamed.statusList;
  const said = await statusOf(trust, listId, index, time);
  const proof: ProofOfWhen = loggedAt
    ? { by: 'log', time: loggedAt }
    : { by: 'claim', time: issueTime(unnamed, time), listed: said.listed };
  const input = { certificate, time, trust, purpose: 'staff' as const };
  const { judgement, role } = await judgeHolderAt(input, 'issuer', proof);
  const { name, subject, organization, id } = judgement;
  const licence = withAuthority(unnamed, organization, trust);
  const findings: Finding[] = [...judgement.findings];
  const report = (verdict: TokenVerdict, code?: string, message = ''): TokenReport => {
    if (code) findings.push({ code, message, severity: severityOf(verdict) });
    const issuer = { name, subject, organization, id };
    return { verdict, licence, issuer, provenBy: proof.by === 'log' ? 'log' : 'claim', findings };
  };
  if (licence.shortened) {
    findings.push(info('token-shortened', 'Goods are cut to fit the code; the licence has more.'));
  }
  if (licence.pilot) findings.push(info('token-pilot', 'A pilot document, without legal force.'));
  if (role === 'role-missing') {
    return report('unknown-issuer', 'issuer-role', 'The signer may not issue licences.');
  }
  if (role === 'role-compromised') {
    return report('unknown-issuer', `issuer-${role}`, ROLE_WORDS[role]);
  }
  if (judgement.verdict === 'TOTAL-FAILED') {
    return report('invalid', 'issuer-revoked', 'The issuer’s certificate is revoked.');
  }
  if (judgement.verdict !== 'TOTAL-PASSED') {
    const code = `issuer-${judgement.code}`;
    return report('unknown-issuer', code, 'The issuer’s certificate cannot be relied on.');
  }
  if (role !== 'ok') return report('unknown-issuer', `issuer-${role}`, ROLE_WORDS[role]);
  if (licence.issuedOn > chinaDate(time)) {
    return report('invalid', 'token-not-yet', 'The date of issue lies in the future.');
  }
  return report(...statusVerdict(licence, { time, trust, said }));
}

const ROLE_WORDS = {
  'role-not-yet': 'The signer was no issuer yet on the date of issue.',
  'role-ended': 'The signer is no issuer any more, and no status list counts this licence.',
  'role-compromised': 'The signer’s key was in wrong hands, and only the code says when it signed.',
};

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

const severityOf = (verdict: TokenVerdict): Severity =>
  verdict === 'valid' || verdict === 'stale' || verdict === 'unknown-issuer' ? 'warning' : 'error';

const info = (code: string, message: string): Finding => ({ code, message, severity: 'info' });

function answer(verdict: TokenVerdict, code: string, message: string): TokenReport {
  return { verdict, findings: [{ code, message, severity: severityOf(verdict) }] };
}
