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
  type ReceivedBundle,
  type TrustBundle,
} from '../pki/index.ts';
import { type BundleChain, bundleIn, type ChainAnswer } from './bundle-chain.ts';
import type { PackageDescription } from './payload.ts';
import { recipientName } from './recipient-name.ts';

export type Refusal = { status: 401 | 403 | 409 | 422 | 429; code: string; message: string };

export interface Admitted extends PackageDescription {
  /** The trust bundle that the package is, to be adopted once it is stored; null where it has been. */
  bundle: ReceivedBundle | null;
}

/** Records by keys that have no certificate yet: few in a while (design, section 5). */
const REGISTRATIONS_PER_HOUR = 60;

export class Admission {
  readonly #chain: BundleChain;
  #registrations: number[] = [];
  readonly #now: () => Date;

  constructor(chain: BundleChain, now: () => Date) {
    this.#chain = chain;
    this.#now = now;
  }

  get bundle(): TrustBundle | null {
    return this.#chain.newest;
  }

  /**
   * Reads and judges a package. A trust bundle has to continue the chain; the first settles whose
   * endpoint this is.
   * @param settles whether the sender may settle that, where the operator has not
   */
  async judge(bytes: Uint8Array, settles: boolean): Promise<Admitted | Refusal> {
    let pkg: Package;
    try {
      pkg = await readPackage(bytes);
    } catch (error) {
      if (!(error instanceof Malformed)) throw error;
      return { status: 422, code: error.code, message: error.message };
    }
    if (pkg.record.type !== 'trust/bundle') {
      return (await this.#judgeSigner(pkg)) ?? { ...(await describe(pkg)), bundle: null };
    }
    const bundle = bundleIn(pkg);
    if (!bundle)
      return { status: 422, code: 'bundle', message: 'the trust bundle is not readable' };
    const answer = await this.#chain.answer(bundle, settles);
    if (answer !== 'ok' && answer !== 'same') return refusalOf(answer);
    return { ...(await describe(pkg)), bundle: answer === 'ok' ? bundle : null };
  }

  /** Takes over a bundle that was admitted and is stored now. */
  adopt(bundle: ReceivedBundle): void {
    this.#chain.take(bundle);
  }

  async #judgeSigner(pkg: Package): Promise<Refusal | null> {
    const trust = this.bundle;
    if (!trust) {
      return { status: 403, code: 'no-deployment', message: 'send the trust bundle first' };
    }
    if (pkg.record.type === 'enterprise/register') return this.#countRegistration();
    if (toBase64(pkg.signer) === trust.root) return null;
    const { verdict, code, findings } = await judgeCertificate({
      certificate: pkg.signer,
      pool: pkg.certificates,
      time: this.#now().toISOString(),
      trust: normaliseTrust(trust),
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

const ANSWERS: Record<Exclude<ChainAnswer, 'ok' | 'same'>, [Refusal['status'], string]> = {
  gap: [409, 'send the bundles before this one first'],
  rollback: [409, 'a newer bundle is in force'],
  fork: [409, 'another bundle has this number'],
  'wrong-root': [403, 'neither the present root nor its announced successor signed it'],
  'wrong-signer': [403, 'the root that it names did not sign it'],
  'other-deployment': [403, 'another deployment lives here'],
  'not-ours': [403, 'the operator named another deployment'],
  unsettled: [403, 'the operator has not said whose endpoint this is'],
  pilot: [403, 'a pilot never becomes real, nor the reverse'],
  'bundle-roster': [422, 'a roster entry does not name its certificate'],
  'bundle-deployment': [422, 'the deployment is not named after its first root'],
};

function refusalOf(answer: Exclude<ChainAnswer, 'ok' | 'same'>): Refusal {
  const [status, message] = ANSWERS[answer];
  return { status, code: `bundle-${answer.replace(/^bundle-/, '')}`, message };
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
