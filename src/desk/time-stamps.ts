/**
 * Time stamps on what is sealed here, through the deployment's endpoint. The policy says whether
 * they are wanted or required; where they are only wanted, a missing one never stops the work: the
 * signature is made at level B, and what is missing is said.
 */
import { requestTimeStamp, type TimeStampSource } from '../cms/index.ts';
import { equal, fromBase64, Malformed } from '../crypto/index.ts';
import type { Evidence, Level, Reached, SignPdfOptions } from '../pdf/sign/index.ts';
import { certificatesIn, chainEvidence, readCertificate, type TrustBundle } from '../pki/index.ts';
import { signRequest } from '../sync/index.ts';
import type { DeskContext } from './context.ts';
import { DeskError } from './refusals.ts';

/** An authority that did not answer is not asked again so soon: a batch would wait for it each time. */
const SILENCE = 60_000;
const silent = new WeakMap<DeskContext, { endpoint: string; until: number }>();

const bytes = (text: string): Uint8Array => fromBase64(text) as Uint8Array;

/** What the policy of the deployment says about time stamps. */
export async function timeStampPolicy(
  context: DeskContext,
): Promise<'none' | 'wanted' | 'required'> {
  return (await context.bundle()).policy.timeStamp ?? 'none';
}

/** The authority behind the endpoint; undefined where this device has no endpoint. */
export async function timeStampSource(context: DeskContext): Promise<TimeStampSource | undefined> {
  const endpoint = await context.endpoint();
  const fetcher = context.options.fetch;
  if (!endpoint || !fetcher) return undefined;
  const address = new URL('/v1/tsp', endpoint).href;
  const source = requestTimeStamp({
    address,
    async fetch(_, init) {
      const headers = await signRequest({
        method: 'POST',
        uri: address,
        signer: context.signer(),
        encryptionCertificate: null,
        body: init?.body as Uint8Array,
        now: context.options.now(),
      });
      return fetcher(address, {
        ...init,
        headers: { ...(init?.headers as Record<string, string>), ...headers },
        cache: 'no-store',
        credentials: 'omit',
        redirect: 'error',
      });
    },
  });
  return async (request) => {
    const now = context.options.now().getTime();
    const quiet = silent.get(context);
    if (quiet?.endpoint === endpoint && now < quiet.until) {
      throw new Malformed('tsp-unreachable', 'the time-stamp authority did not answer just now');
    }
    try {
      return await source(request);
    } catch (error) {
      const gone = error instanceof Malformed && error.code === 'tsp-unreachable';
      if (gone) silent.set(context, { endpoint, until: now + SILENCE });
      throw error;
    }
  };
}

/** The authorities and revocation lists of the trust bundle, for whoever validates later. */
export function bundleEvidence({ anchors, intermediates, crls }: TrustBundle): Evidence {
  return {
    certs: [...anchors.map(({ certificate }) => certificate), ...intermediates].map(bytes),
    crls: crls.map(bytes),
    ocsps: [],
  };
}

/**
 * Signs as high as is wanted and can be had.
 * @param wanted `T` and more ask the authority; `B` asks nobody, unless a stamp is required
 * @param required a signature without one is refused
 * @throws {DeskError} `time-stamp-required` where none is to be had
 */
export async function signStamped(
  context: DeskContext,
  options: SignPdfOptions,
  wanted: Level,
  required: boolean,
): Promise<Reached> {
  const level = required && wanted === 'B' ? 'T' : wanted;
  const { signAtLevel } = await import('../pdf/sign/index.ts');
  const source = level === 'B' ? undefined : await timeStampSource(context);
  const known = bundleEvidence(await context.bundle());
  const reached = await signAtLevel({
    ...options,
    level,
    ...(source ? { timeStamp: source } : {}),
    evidence: (certificates) => chainEvidence(certificates, known),
  });
  if (required && reached.level === 'B') {
    const { code = 'tsp-none', message = '' } = reached.shortfall ?? {};
    throw new DeskError('time-stamp-required', message, { detail: code });
  }
  return reached;
}

/**
 * The certificates of a file by which a time-stamp authority is trusted: its roots, else all of them.
 * @throws {DeskError} `time-stamp-authority` where there is none
 */
export function authoritiesIn(file: Uint8Array): readonly Uint8Array[] {
  try {
    const found = certificatesIn(file).map((der) => ({ der, read: readCertificate(der) }));
    const roots = found.filter(({ read }) => equal(read.subject.raw, read.issuer.raw));
    const chosen = (roots.length > 0 ? roots : found).map(({ der }) => der);
    if (chosen.length > 0) return chosen;
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
  }
  throw new DeskError('time-stamp-authority', 'no certificate that can be trusted for time stamps');
}
