/**
 * What the endpoint lets in: heads that are whole, honestly signed and of its own deployment, and the
 * contents that they name. It judges the signature as anyone would; whether a step counts, or what
 * it follows is known, is the business of the fold.
 */
import { type Finding, fromBase64, Malformed, suiteDigestOf, toBase64 } from '../crypto/index.ts';
import { type Head, isEnveloped, readHead } from '../packages/index.ts';
import {
  certificateId,
  judgeCertificate,
  keyId,
  normaliseTrust,
  type ReceivedBundle,
  readCertificate,
  type TrustBundle,
} from '../pki/index.ts';
import { isRecordType } from '../workflow/record-types.ts';
import type { BundleChain, ChainAnswer } from './bundle-chain.ts';
import type { HeadDescription } from './payload.ts';

export interface Refusal {
  status: 401 | 403 | 409 | 422 | 429 | 503;
  code: string;
  message: string;
  /** Digests of the contents that have to be stored first. */
  missing?: string[];
}

export interface Admitted {
  head: Head;
  description: HeadDescription;
}

/** Records by keys that have no certificate yet: few in a while (design, section 5). */
const REGISTRATIONS_PER_HOUR = 60;
/** Contents of a stranger's record, in octets together. */
const MAX_STRANGE = 256 << 10;
/** Content of a trust record, in octets. */
const MAX_TRUST = 8 << 20;

const WIDE: ReadonlySet<string> = new Set(['trust/bundle', 'trust/crl', 'licence/status-list']);

export class Admission {
  readonly #chain: BundleChain;
  #registrations: { id: string; time: number }[] = [];
  readonly #now: () => Date;

  constructor(chain: BundleChain, now: () => Date) {
    this.#chain = chain;
    this.#now = now;
  }

  get bundle(): TrustBundle | null {
    return this.#chain.newest;
  }

  /** Reads and judges a head. @param id as which it was sent */
  async judge(id: string, bytes: Uint8Array): Promise<Admitted | Refusal> {
    let head: Head;
    try {
      head = await readHead(bytes);
    } catch (error) {
      if (!(error instanceof Malformed)) throw error;
      return { status: 422, code: error.code, message: error.message };
    }
    if (head.id !== id) {
      return { status: 422, code: 'hash', message: 'the bytes do not have this digest' };
    }
    const { type } = head.record;
    if (!isRecordType(type)) {
      return { status: 422, code: 'record-type', message: 'no such record type' };
    }
    const size = head.contents.reduce((sum, { length }) => sum + length, 0);
    if (WIDE.has(type) && size > MAX_TRUST) {
      return { status: 422, code: 'content-size', message: 'a public content over 8 MB' };
    }
    const refusal =
      type === 'trust/bundle' ? await this.#judgeRoot(head) : await this.#judgeSigner(head);
    return refusal ?? { head, description: describe(head) };
  }

  /** @param settles whether the sender may say whose endpoint this is, where nobody has */
  async judgeBundle(bundle: ReceivedBundle, settles: boolean): Promise<'ok' | 'same' | Refusal> {
    const answer = await this.#chain.answer(bundle, settles);
    return answer === 'ok' || answer === 'same' ? answer : refusalOf(answer);
  }

  /** Takes over a bundle that was admitted and is logged now. */
  adopt(bundle: ReceivedBundle): void {
    this.#chain.take(bundle);
  }

  /** A bundle's content is worth storing only where its signer may publish one. */
  async #judgeRoot({ signer, record }: Head): Promise<Refusal | null> {
    const trust = this.bundle;
    if (!trust) return null;
    if (record.deployment !== trust.deployment) return refusalOf('other-deployment');
    if (toBase64(signer) === trust.root) return null;
    const { spki } = readCertificate(signer);
    if (trust.nextRoot && (await keyId(spki)) === trust.nextRoot) return null;
    // An earlier bundle of a root before: its place in the chain is asked when its content is there.
    const root = fromBase64(trust.root);
    return root && (await certificateId(signer)) === trust.deployment
      ? null
      : refusalOf('wrong-root');
  }

  async #judgeSigner(head: Head): Promise<Refusal | null> {
    const trust = this.bundle;
    const { record, signer, certificates, contents } = head;
    if (!trust) {
      return { status: 403, code: 'no-deployment', message: 'send the trust bundle first' };
    }
    if (record.deployment !== trust.deployment) {
      return { status: 403, code: 'deployment', message: 'another deployment lives here' };
    }
    if (head.digest !== suiteDigestOf(trust.policy.suite)) {
      return {
        status: 422,
        code: 'other-suite',
        message: 'this deployment works in another suite',
      };
    }
    if (record.type === 'enterprise/register') {
      const size = contents.reduce((sum, { length }) => sum + length, 0);
      if (size > MAX_STRANGE) {
        return { status: 422, code: 'content-size', message: 'a registration over 256 kB' };
      }
      return this.#countRegistration(head.id);
    }
    if (toBase64(signer) === trust.root) return null;
    const { verdict, code, findings } = await judgeCertificate({
      certificate: signer,
      pool: certificates,
      time: this.#now().toISOString(),
      trust: normaliseTrust(trust),
      purpose: 'any',
    });
    if (verdict === 'TOTAL-PASSED') return null;
    return { status: 403, code: `signer-${code}`, message: words(findings) };
  }

  /** Each registration counts once, however often it is sent. */
  #countRegistration(id: string): Refusal | null {
    const now = this.#now().getTime();
    this.#registrations = this.#registrations.filter(({ time }) => now - time < 3_600_000);
    if (this.#registrations.some((each) => each.id === id)) return null;
    if (this.#registrations.length >= REGISTRATIONS_PER_HOUR) {
      return { status: 429, code: 'registrations', message: 'too many registrations, try later' };
    }
    this.#registrations.push({ id, time: now });
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

function describe({ record, digest, contents }: Head): HeadDescription {
  const number = record['number'];
  return {
    kind: 'head',
    digest,
    type: record.type,
    signer: record.by,
    case: record.case ?? null,
    number: typeof number === 'string' ? number : null,
    party: record.party ?? null,
    prev: record.prev,
    to: record.to,
    contents: contents.map((content) => ({
      digest: content.digest,
      length: content.length,
      enveloped: isEnveloped(content),
    })),
  };
}

function words(findings: Finding[]): string {
  return (
    findings.find(({ severity }) => severity === 'error')?.message ?? 'signer not trusted here'
  );
}
