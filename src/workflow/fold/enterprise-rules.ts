/**
 * Registration: a key asks, the registrar's answer binds it to an enterprise. Later the enterprise
 * may change its data; another name takes effect with the certificates that state it.
 */

import { equal, fromBase64 } from '../../crypto/index.ts';
import { certificateId, organizationOf, readCertificate } from '../../pki/index.ts';
import type { EnterpriseCase, EnterpriseChange } from './enterprise-state.ts';
import {
  field,
  follows,
  inState,
  opensCase,
  ownCase,
  partyOf,
  Refused,
  type RuleContext,
  reasonsOf,
} from './rule.ts';

export function register(context: RuleContext): void {
  const { state, record, entry } = context;
  opensCase(context);
  state.enterprises.set(entry.case, {
    case: entry.case,
    head: entry.id,
    uscc: partyOf(record),
    name: field(record, 'name'),
    state: 'waiting',
    since: record.at,
    csrs: field<never>(record, 'csrs'),
    formFrom: entry.id,
    form: null,
    certificates: null,
    certificate: null,
    change: null,
    earlier: [],
    reasons: [],
  });
}

/**
 * Binds the certificates of a registration or of a change of name; without either it renews: the
 * same name and the same keys for a new term.
 */
export async function approve(context: RuleContext): Promise<void> {
  const { record, entry } = context;
  const found = caseOf(context);
  inState(found.state, 'waiting', 'approved');
  const name = found.change?.name ?? found.name;
  const signing = field(record, 'signing');
  const encryption = field(record, 'encryption');
  for (const text of [signing, encryption]) {
    const { organization, uscc } = organizationOf(read(text).subject);
    if (uscc !== found.uscc) {
      throw new Refused('wrong-enterprise', 'a certificate names another enterprise');
    }
    if (found.certificates && organization !== name) {
      throw new Refused('wrong-enterprise', 'a certificate states another name');
    }
  }
  if (found.certificates && !found.change) sameKeys(found.certificates, { signing, encryption });
  const chain = field<string[]>(record, 'chain');
  if (found.certificates) found.earlier.push({ ...keysOf(found.certificates), until: record.at });
  found.certificates = { signing, encryption, chain };
  if (found.change) {
    for (const each of found.earlier) {
      context.state.renamed.add(await certificateId(fromBase64(each.signing) as Uint8Array));
    }
    found.formFrom = found.change.package;
    found.csrs = found.change.csrs;
    endSeals(context, found);
  }
  found.certificate = await certificateId(fromBase64(signing) as Uint8Array);
  context.state.bindings.set(found.certificate, { party: found.uscc, from: entry.id });
  Object.assign(found, { name, change: null, state: 'approved', head: entry.id });
  Object.assign(found, { since: record.at, reasons: [] });
}

/** Refuses a registration; or a change of name, and then everything stays as it was. */
export function reject(context: RuleContext): void {
  const { record, entry } = context;
  const found = caseOf(context);
  if (!found.change) inState(found.state, 'waiting');
  const reasons = reasonsOf(context);
  const state = found.change ? found.state : 'rejected';
  Object.assign(found, { state, change: null, head: entry.id, since: record.at, reasons });
}

export function update(context: RuleContext): void {
  const { record, entry } = context;
  const found = caseOf(context);
  ownCase(context, found.uscc);
  inState(found.state, 'approved');
  const name = field(record, 'name');
  const csrs = record['csrs'] as EnterpriseChange['csrs'] | undefined;
  if (name === found.name) {
    if (csrs) throw new Refused('name-unchanged', 'certificates are asked for by another name');
    // A change of name that still waits is taken back by this.
    Object.assign(found, { formFrom: entry.id, change: null, head: entry.id, reasons: [] });
    return;
  }
  if (!csrs) throw new Refused('csr-missing', 'another name needs new certificates');
  const change: EnterpriseChange = {
    package: entry.id,
    name,
    since: record.at,
    form: null,
    csrs,
  };
  Object.assign(found, { change, head: entry.id, reasons: [] });
}

/** A seal shows the name: with another name it is over, and a new one is applied for. */
function endSeals({ state, record }: RuleContext, { uscc }: EnterpriseCase): void {
  for (const seal of state.seals.values()) {
    if (seal.uscc !== uscc || seal.state === 'rejected' || seal.state === 'revoked') continue;
    Object.assign(seal, { state: 'revoked', since: record.at, reasons: ['name-changed'] });
  }
}

const keysOf = ({ signing, encryption }: { signing: string; encryption: string }) => ({
  signing,
  encryption,
});

function sameKeys(
  old: { signing: string; encryption: string },
  next: { signing: string; encryption: string },
): void {
  for (const each of ['signing', 'encryption'] as const) {
    if (!equal(read(old[each]).spki, read(next[each]).spki)) {
      throw new Refused('other-keys', 'a renewal certifies the same keys');
    }
  }
}

const read = (text: string) => readCertificate(fromBase64(text) as Uint8Array);

function caseOf(context: RuleContext): EnterpriseCase {
  const found = context.state.enterprises.get(context.entry.case);
  if (!found) throw new Refused('missing-predecessor', 'no such registration here');
  follows(context, found.head);
  return found;
}
