/** Verifying a package: its integrity, then whether its signer's certificate can be trusted. */
import { type Finding, Malformed, sha256Hex, toHex, type Verdict } from '../crypto/index.ts';
import {
  algorithmsOf,
  type Judgement,
  judgeCertificate,
  normaliseTrust,
  type Trust,
  type TrustInput,
} from '../pki/index.ts';
import { isAnchor, judgeAnchor } from './anchor.ts';
import { type Package, readPackage } from './package.ts';
import type { PackageRecord } from './record.ts';

export interface PackageReport {
  /** SHA-256 hex of the bytes. */
  readonly id: string;
  /** Null where the package is not intact: nothing in it was signed. */
  readonly record: PackageRecord | null;
  readonly verdict: Verdict;
  /** In the words of ETSI EN 319 102-1, where the verdict is not TOTAL-PASSED. */
  readonly subIndication?: string;
  readonly findings: Finding[];
  /** Key and digest of the signature, as people read them: `SM2 · SM3`. */
  readonly algorithms?: string;
  readonly signer?: Pick<Judgement, 'name' | 'subject' | 'organization' | 'uscc' | 'id' | 'pilot'>;
  /** What was read, where it is intact. */
  readonly package?: Package;
}

export interface VerifyOptions {
  /** Whom to trust; absent: nobody, so that no verdict is better than INDETERMINATE. */
  readonly trust?: TrustInput | undefined;
  /** ISO 8601; absent: now. */
  readonly time?: string | undefined;
}

/**
 * Verifies one package. What its record means, and whether the signer held the role that it needs,
 * is for `workflow`. Never throws for bad input.
 */
export function verifyPackage(
  bytes: Uint8Array,
  options: VerifyOptions = {},
): Promise<PackageReport> {
  return packageVerifier(options)(bytes);
}

/**
 * A verifier for many packages under the same trust at the same time: each signer's certificate is
 * judged once. The trust must not be changed while it is in use.
 */
export function packageVerifier({
  trust: input,
  time = new Date().toISOString(),
}: VerifyOptions): (bytes: Uint8Array) => Promise<PackageReport> {
  const trust = normaliseTrust(input);
  const judged = new Map<string, Promise<Judgement>>();
  const named = new Map<string, string | null>();
  return async (bytes) => {
    let read: Package;
    try {
      read = await readPackage(bytes);
    } catch (error) {
      if (!(error instanceof Malformed)) throw error;
      return broken(await sha256Hex(bytes), error);
    }
    // Chains differ between packages, and a judgement depends on what came along.
    const key = `${read.record.by} ${read.cms.essHashes.map(({ value }) => toHex(value)).join()}`;
    let judgement = judged.get(key);
    if (!judgement) {
      judgement = judge(read, trust, time);
      judged.set(key, judgement);
    }
    const { verdict, subIndication, findings, ...rest } = await judgement;
    const { digestAlgorithm, signatureAlgorithm } = read.cms;
    const spelt = `${read.record.by} ${digestAlgorithm} ${signatureAlgorithm}`;
    let algorithms = named.get(spelt);
    if (algorithms === undefined) {
      algorithms = algorithmsOf(read.signer, digestAlgorithm ?? '', signatureAlgorithm);
      named.set(spelt, algorithms);
    }
    const { name, subject, organization, uscc, id, pilot } = rest;
    return {
      id: read.id,
      record: read.record,
      verdict,
      ...(subIndication === undefined ? {} : { subIndication }),
      findings: [...read.cms.findings, ...findings],
      ...(algorithms === null ? {} : { algorithms }),
      signer: { name, subject, organization, uscc, id, pilot },
      package: read,
    };
  };
}

/** The deployment root signs its own records: an anchor needs no path, only time and key usage. */
function judge({ signer, certificates }: Package, trust: Trust, time: string): Promise<Judgement> {
  return isAnchor(signer, trust)
    ? judgeAnchor(signer, trust, time)
    : judgeCertificate({ certificate: signer, pool: certificates, time, trust, purpose: 'any' });
}

/** Sub-indications of EN 319 102-1 for what went wrong; any other code is one of form. */
const SUB_INDICATIONS: Record<string, string> = {
  'package-digest': 'HASH_FAILURE',
  'cms-message-digest': 'HASH_FAILURE',
  'cms-signature': 'SIG_CRYPTO_FAILURE',
  'unsupported-alg': 'CRYPTO_CONSTRAINTS_FAILURE',
};

function broken(id: string, { code, message }: Malformed): PackageReport {
  return {
    id,
    record: null,
    verdict: code === 'unsupported-alg' ? 'INDETERMINATE' : 'TOTAL-FAILED',
    subIndication: SUB_INDICATIONS[code] ?? 'FORMAT_FAILURE',
    findings: [{ code, message: `The package is not in order: ${message}.`, severity: 'error' }],
  };
}
