/** The three signature profiles of seals: SM2 with SM3, RSA with SHA-256, and our P-256 extension. */
import {
  type Bytes,
  type DigestName,
  derWrite,
  type KeyKind,
  Malformed,
  readPublicKey,
} from '../../crypto/index.ts';
import { readCertificate } from '../../pki/index.ts';

const SM2_SM3 = '1.2.156.10197.1.501';
const RSA_SHA256 = '1.2.840.113549.1.1.11';
const ECDSA_SHA256 = '1.2.840.10045.4.3.2';

export interface SealAlgorithm {
  /** AlgorithmIdentifier, DER: seals carry the bare OID. */
  readonly identifier: Bytes;
  /** Digest of the protected content. */
  readonly digest: DigestName;
  /** False for ECDSA P-256, which the standard does not know. */
  readonly standard: boolean;
}

/** @returns null for an algorithm outside the profiles. */
export function sealAlgorithm(oid: string): SealAlgorithm | null {
  const identifier = derWrite.sequence(derWrite.oid(oid));
  switch (oid) {
    case SM2_SM3:
      return { identifier, digest: 'SM3', standard: true };
    case ECDSA_SHA256:
      return { identifier, digest: 'SHA-256', standard: false };
    case RSA_SHA256:
      return {
        identifier: derWrite.sequence(derWrite.oid(oid), derWrite.nullValue()),
        digest: 'SHA-256',
        standard: true,
      };
    default:
      return null;
  }
}

/** @throws {Malformed} `unsupported-alg` for a key of none of the three profiles */
export function algorithmOf(kind: KeyKind): string {
  if (kind === 'SM2') return SM2_SM3;
  if (kind === 'P-256') return ECDSA_SHA256;
  if (kind === 'RSA') return RSA_SHA256;
  throw new Malformed('unsupported-alg', `seals know no ${kind} signatures`);
}

/** Whether key and algorithm belong to one profile: SM2 curve, P-256, or RSA of 2048 bits and more. */
export function profileFits(oid: string, certificate: Uint8Array): boolean {
  const key = readPublicKey(readCertificate(certificate).spki);
  if (oid === RSA_SHA256) return key.kind === 'RSA' && key.bits >= 2048;
  return key.kind === 'EC' && key.curve === (oid === SM2_SM3 ? 'SM2' : 'P-256');
}
