/**
 * What the endpoint lets in: whole, honestly signed packages of its own deployment. It judges the
 * signature as anyone would; it never learns what is enveloped, and cannot forge any of it.
 */

import { recipientsOf } from '../cms/index.ts';
import { type Finding, Malformed, toBase64 } from '../crypto/index.ts';
import { ENVELOPED, OWN_ENVELOPE, type Package, readPackage } from '../packages/index.ts';
import {
  judgeCertificate,
  normaliseTrust,
  readTrustBundleJson,
  type TrustBundle,
} from '../pki/index.ts';
import { type PackageDescription, recipientName } from './objects.ts';

export type Refusal = { status: 401 | 403 | 422 | 429; code: string; message: string };

/** Records by keys that have no certificate yet: few in a while (design, section 5). */
const REGISTRATIONS_PER_HOUR = 60;

export class Admission {
  #bundle: TrustBundle | null = null;
  #registrations: number[] = [];
  readonly #now: () => Date;

  constructor(now: () => Date) {
    this.#now = now;
  }

  get bundle(): TrustBundle | null {
    return this.#bundle;
  }

  /**
   * Reads and judges a package. The first trust bundle that arrives at an empty endpoint settles
   * whose endpoint it is; later ones must continue it.
   */
  async judge(bytes: Uint8Array): Promise<PackageDescription | Refusal> {
    let pkg: Package;
    try {
      pkg = await readPackage(bytes);
    } catch (error) {
      if (!(error instanceof Malformed)) throw error;
      return { status: 422, code: error.code, message: error.message };
    }
    if (pkg.record.type === 'trust/bundle') {
      const refusal = this.#judgeBundle(pkg);
      if (refusal) return refusal;
    } else {
      const refusal = await this.#judgeSigner(pkg);
      if (refusal) return refusal;
    }
    return describe(pkg);
  }

  /** Takes over a stored bundle, at start or after it was admitted. */
  adopt(pkg: Package): void {
    const bundle = bundleOf(pkg);
    if (bundle && (!this.#bundle || bundle.seq > this.#bundle.seq)) this.#bundle = bundle;
  }

  #judgeBundle(pkg: Package): Refusal | null {
    const bundle = bundleOf(pkg);
    if (!bundle)
      return { status: 422, code: 'bundle', message: 'the trust bundle is not readable' };
    if (this.#bundle && bundle.deployment !== this.#bundle.deployment) {
      return { status: 403, code: 'deployment', message: 'another deployment lives here' };
    }
    return null;
  }

  async #judgeSigner(pkg: Package): Promise<Refusal | null> {
    if (!this.#bundle) {
      return { status: 403, code: 'no-deployment', message: 'send the trust bundle first' };
    }
    if (pkg.record.type === 'enterprise/register') return this.#countRegistration();
    if (toBase64(pkg.signer) === this.#bundle.root) return null;
    const { verdict, code, findings } = await judgeCertificate({
      certificate: pkg.signer,
      pool: pkg.certificates,
      time: this.#now().toISOString(),
      trust: normaliseTrust(this.#bundle),
      purpose: 'any',
    });
    if (verdict === 'TOTAL-PASSED') return null;
    return { status: 403, code: `signer-${code}`, message: words(findings) };
  }

  #countRegistration(): Refusal | null {
    const now = this.#now().getTime();
    this.#registrations = this.#registrations.filter((time) => now - time < 3_600_000);
    if (this.#registrations.length >= REGISTRATIONS_PER_HOUR) {
      return { status: 429, code: 'registrations', message: 'too many registrations, try later' };
    }
    this.#registrations.push(now);
    return null;
  }
}

function bundleOf(pkg: Package): TrustBundle | null {
  const bytes = pkg.files.get('trust.json');
  try {
    return bytes ? readTrustBundleJson(bytes) : null;
  } catch (error) {
    if (error instanceof Malformed) return null;
    throw error;
  }
}

/** Whom a package is for: the recipients of its envelopes, and of what its author enveloped apart. */
async function describe(pkg: Package): Promise<PackageDescription> {
  const named = (end: string) =>
    [...pkg.files].filter(([name]) => name.endsWith(end)).map(([, der]) => der);
  const enveloped = named(ENVELOPED);
  if (pkg.body) enveloped.push(pkg.body);
  const recipients = new Set<string>();
  for (const der of [...enveloped, ...named(OWN_ENVELOPE)]) {
    for (const { issuer, serial } of recipientsOf(der)) {
      recipients.add(await recipientName(issuer, serial));
    }
  }
  return {
    type: pkg.record.type,
    signer: pkg.record.by,
    prev: pkg.record.prev,
    public: enveloped.length === 0,
    recipients: [...recipients],
  };
}

function words(findings: Finding[]): string {
  return (
    findings.find(({ severity }) => severity === 'error')?.message ?? 'signer not trusted here'
  );
}
