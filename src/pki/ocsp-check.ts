/** Revocation status of a certificate by OCSP responses (RFC 6960 3.2). */
import { bitStringOf, digest, equal, isWeakDigest, readDer } from '../crypto/index.ts';
import { crlStatus, type RevocationQuestion, type RevocationStatus } from './crl-check.ts';
import type { Environment } from './environment.ts';
import { KEY_USAGE } from './extensions.ts';
import { type Fields, fieldsOf, isSignedBy, knownSignature } from './fields.ts';
import type { OcspResponse, SingleResponse } from './ocsp.ts';
import { counts, isCurrent } from './revocation-time.ts';
import { faultOf, TARGET_RULES } from './rules.ts';

const OCSP_SIGNING = '1.3.6.1.5.5.7.3.9';
const OCSP_NOCHECK = '1.3.6.1.5.5.7.48.1.5';

/** The worst that any usable response says: one that says nothing is no answer. */
export async function ocspStatus(
  environment: Environment,
  question: RevocationQuestion,
): Promise<RevocationStatus> {
  let status: RevocationStatus = 'unknown';
  for (const response of environment.ocsp) {
    const answers: SingleResponse[] = [];
    for (const single of response.responses) {
      if (await isAbout(single, question)) answers.push(single);
    }
    if (answers.length === 0 || !(await isAuthentic(response, environment, question))) continue;
    const said = answers.map((single) => answerOf(single, environment));
    if (said.includes('revoked')) return 'revoked';
    if (!said.includes('unknown')) status = 'good';
  }
  return status;
}

function answerOf(single: SingleResponse, environment: Environment): RevocationStatus {
  if (single.unknownCritical || !isCurrent(single, environment)) return 'unknown';
  if (single.status !== 'revoked') return single.status;
  return counts({ ...single, invalidityDate: null }, environment) ? 'revoked' : 'good';
}

/** CertID names the issuer by hashes of its name and key. */
async function isAbout(
  single: SingleResponse,
  { fields, issuer }: RevocationQuestion,
): Promise<boolean> {
  if (!equal(single.serial, fields.certificate.serial)) return false;
  const name = await digest(single.hash, fields.certificate.issuer.raw);
  if (!equal(name, single.issuerNameHash)) return false;
  return equal(await digest(single.hash, keyBits(issuer)), single.issuerKeyHash);
}

const keyBits = ({ certificate }: Fields) => bitStringOf(readDer(certificate.spki).children[1]);

/** Signed by the issuer itself, or by a delegate that the issuer certified directly (4.2.2.2). */
async function isAuthentic(
  response: OcspResponse,
  environment: Environment,
  question: RevocationQuestion,
): Promise<boolean> {
  const { rules } = environment;
  const { fields, issuer, query } = question;
  // Nobody can speak of a certificate before it exists or after it is over.
  const { notBefore, notAfter } = fields.certificate;
  if (response.producedAt < notBefore || response.producedAt > notAfter) return false;
  if (response.unknownCritical || !response.algorithm) return false;
  if (isWeakDigest(response.algorithm.hash) && !rules.sha1) return false;
  if (response.producedAt > rules.time && !environment.laterEvidence) return false;
  for (const signer of [issuer, ...delegates(response, environment)]) {
    if (!(await isResponder(response, signer)) || query.guard.has(signer)) continue;
    if (!(await verifies(response, signer, environment))) continue;
    if (signer === issuer || (await isDelegate(signer, environment, question))) return true;
  }
  return false;
}

function delegates(response: OcspResponse, { pool }: Environment): Fields[] {
  const sent = response.certificates.slice(0, 8).flatMap((der) => {
    try {
      return [fieldsOf(der)];
    } catch {
      return [];
    }
  });
  const known = 'nameKey' in response.responder ? pool.get(response.responder.nameKey) : undefined;
  return [...sent, ...(known ?? [])];
}

async function isResponder({ responder }: OcspResponse, signer: Fields): Promise<boolean> {
  if ('nameKey' in responder) return responder.nameKey === signer.subjectKey;
  return equal(responder.keyHash, await digest('SHA-1', keyBits(signer)));
}

async function verifies(
  signed: OcspResponse | Fields['certificate'],
  { certificate }: Fields,
  { budget }: Environment,
): Promise<boolean> {
  if (knownSignature(signed, certificate.spki) === undefined) {
    budget.spend('signatures');
    budget.checkTime();
  }
  return isSignedBy(signed, certificate.spki);
}

async function isDelegate(
  signer: Fields,
  environment: Environment,
  { issuer, anchor, query }: RevocationQuestion,
): Promise<boolean> {
  const { certificate, extendedKeyUsage, keyUsage, issuerKey } = signer;
  const maySign =
    keyUsage === null || keyUsage & (KEY_USAGE.digitalSignature | KEY_USAGE.nonRepudiation);
  if (!maySign || !extendedKeyUsage?.includes(OCSP_SIGNING) || issuerKey !== issuer.subjectKey) {
    return false;
  }
  if (faultOf(TARGET_RULES, signer, environment.rules)) return false;
  if (!(await verifies(certificate, issuer, environment))) return false;
  if (certificate.extensions.has(OCSP_NOCHECK)) return true;
  const guard = new Set([...query.guard, signer]);
  const about = { fields: signer, issuer, anchor, query: { ...query, guard } };
  return (await crlStatus(environment, about)) !== 'revoked';
}
