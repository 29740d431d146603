/** Who wrote a record, and in which role the trust bundle in force lets him. */
import { toBase64, toHex } from '../../crypto/index.ts';
import {
  actingEntry,
  certificateId,
  judgeCertificate,
  normaliseTrust,
  readCertificate,
  type TrustBundle,
  type TrustInput,
} from '../../pki/index.ts';
import type { Author } from '../records/types.ts';
import type { Entry } from './state.ts';

export interface AuthorFacts {
  id: string;
  name: string;
  organization: string;
  uscc: string | null;
  /** Of staff: who it is, whatever the certificate (roster); of others their certificate's id. */
  person: string;
  /** Every hat that the certificate may wear. */
  as: Set<Author>;
  /** Why it wears none, for the refusal. */
  code: string;
}

const cache = new WeakMap<object, Map<string, Promise<AuthorFacts>>>();

/**
 * Judged once per certificate, chain, trust and day: the signature itself was verified when the
 * package was read.
 * @param trust what was in force where the record stands
 * @param newest for a provisional record: a revocation known by now counts against it
 */
export async function authorOf(
  entry: Entry,
  trust: TrustInput,
  time: string,
  newest: { bundle: TrustBundle; since: string } | null,
): Promise<AuthorFacts> {
  const facts = await judged(entry, trust, time);
  if (!newest || newest.bundle === trust || facts.as.size === 1) return facts;
  const now = await judged(entry, newest.bundle, later(time, newest.since));
  return now.code === 'revoked' ? { ...facts, as: new Set(['registrant']), code: now.code } : facts;
}

const later = (a: string, b: string): string => (Date.parse(a) > Date.parse(b) ? a : b);

const terms = new WeakMap<Uint8Array, { notBefore: number; notAfter: number }>();

/** Read once per certificate of a package. */
function termOf(certificate: Uint8Array) {
  const term = terms.get(certificate) ?? readCertificate(certificate);
  if (!terms.has(certificate)) {
    const { notBefore, notAfter } = term;
    terms.set(certificate, { notBefore, notAfter });
  }
  return term;
}

function judged(entry: Entry, trust: TrustInput, time: string): Promise<AuthorFacts> {
  const known = cache.get(trust) ?? new Map<string, Promise<AuthorFacts>>();
  cache.set(trust, known);
  const { signer, record, cms } = entry.pkg;
  const { notBefore, notAfter } = termOf(signer);
  const at = Date.parse(time);
  // The day of its own bounds is split at them.
  const side = at < notBefore ? 'early' : at > notAfter ? 'late' : 'in';
  const chain = cms.essHashes.map(({ value }) => toHex(value)).join();
  const key = `${record.by} ${chain} ${time.slice(0, 10)} ${side}`;
  let facts = known.get(key);
  if (!facts) {
    facts = judge(entry, trust, time);
    known.set(key, facts);
  }
  return facts;
}

async function judge({ pkg }: Entry, input: TrustInput, time: string): Promise<AuthorFacts> {
  const trust = normaliseTrust(input);
  const bundle = trust.bundle;
  const as = new Set<Author>(['registrant']);
  const id = await certificateId(pkg.signer);
  const common = { certificate: pkg.signer, pool: pkg.certificates, time, trust };
  const [enterprise, staff] = await Promise.all([
    judgeCertificate({ ...common, purpose: 'enterprise' }),
    judgeCertificate({ ...common, purpose: 'staff' }),
  ]);
  const rostered = bundle && actingEntry(bundle, id);
  let { code } = enterprise.code === 'untrusted-purpose' ? staff : enterprise;
  if (enterprise.verdict === 'TOTAL-PASSED' && !rostered && enterprise.uscc) as.add('enterprise');
  if (rostered && staff.verdict === 'TOTAL-PASSED') for (const role of rostered.roles) as.add(role);
  else if (rostered) code = staff.code;
  if (bundle && isRoot(bundle, pkg.signer)) as.add('root');
  return {
    id,
    name: rostered?.name ?? enterprise.organization ?? enterprise.subject,
    organization: rostered?.organization ?? enterprise.organization ?? '',
    uscc: enterprise.uscc,
    person: rostered?.person ?? id,
    as,
    code,
  };
}

function isRoot(bundle: TrustBundle, signer: Uint8Array): boolean {
  return toBase64(signer) === bundle.root;
}
