/** Who wrote a record, and in which role the trust bundle in force lets him. */
import { toBase64 } from '../../crypto/index.ts';
import {
  certificateId,
  judgeCertificate,
  normaliseTrust,
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
  /** Every hat that the certificate may wear. */
  as: Set<Author>;
  /** Why it wears none, for the refusal. */
  code: string;
}

const cache = new WeakMap<object, Map<string, Promise<AuthorFacts>>>();

/**
 * Judged once per certificate, bundle and claimed day: the signature itself was verified when the
 * package was read.
 */
export function authorOf(entry: Entry, trust: TrustInput): Promise<AuthorFacts> {
  const known = cache.get(trust) ?? new Map<string, Promise<AuthorFacts>>();
  cache.set(trust, known);
  const { by, at } = entry.pkg.record;
  const key = `${by} ${at.slice(0, 10)}`;
  let facts = known.get(key);
  if (!facts) {
    facts = judge(entry, trust);
    known.set(key, facts);
  }
  return facts;
}

async function judge({ pkg }: Entry, input: TrustInput): Promise<AuthorFacts> {
  const trust = normaliseTrust(input);
  const bundle = trust.bundle;
  const as = new Set<Author>(['registrant']);
  const id = await certificateId(pkg.signer);
  const common = {
    certificate: pkg.signer,
    pool: pkg.certificates,
    time: pkg.record.at,
    trust,
  };
  const [enterprise, staff] = await Promise.all([
    judgeCertificate({ ...common, purpose: 'enterprise' }),
    judgeCertificate({ ...common, purpose: 'staff' }),
  ]);
  const rostered = bundle?.roster.find((entry) => entry.id === id);
  let { code } = enterprise.code === 'untrusted-purpose' ? staff : enterprise;
  if (enterprise.verdict === 'TOTAL-PASSED' && !rostered) as.add('enterprise');
  if (rostered && staff.verdict === 'TOTAL-PASSED') for (const role of rostered.roles) as.add(role);
  else if (rostered) code = staff.code;
  if (bundle && isRoot(bundle, pkg.signer)) as.add('root');
  return {
    id,
    name: rostered?.name ?? enterprise.organization ?? enterprise.subject,
    organization: rostered?.organization ?? enterprise.organization ?? '',
    uscc: enterprise.uscc,
    as,
    code,
  };
}

function isRoot(bundle: TrustBundle, signer: Uint8Array): boolean {
  return toBase64(signer) === bundle.root;
}
