/**
 * Registration: a key asks, the registrar's answer binds it to an enterprise: the first one of a code
 * by `enterprise/approve`, those of further people by `enterprise/bind`. Later the enterprise may
 * change its data; another name takes effect with the certificates that state it.
 */

import { equal, fromBase64 } from '../../crypto/index.ts';
import { certificateId, organizationOf, readCertificate } from '../../pki/index.ts';
import { RIGHTS, type Right } from '../records/types.ts';
import { actsForOwn } from './acting.ts';
import type { EnterpriseCase, EnterpriseChange } from './enterprise-state.ts';
import { rightsIn } from './party-rules.ts';
import { partyName } from './party-state.ts';
import { judgePair } from './proven-pair.ts';
import {
  field,
  follows,
  inState,
  opensCase,
  partyOf,
  Refused,
  type RuleContext,
  reasonsOf,
} from './rule.ts';

export function register(context: RuleContext): void {
  const { state, record, entry } = context;
  opensCase(context);
  state.enterprises.set(entry.case, opened(context, field<never>(record, 'csrs'), 'waiting'));
}

function opened(
  { record, entry }: RuleContext,
  csrs: EnterpriseCase['csrs'],
  state: EnterpriseCase['state'],
): EnterpriseCase {
  return {
    case: entry.case,
    head: entry.id,
    uscc: partyOf(record),
    name: field(record, 'name'),
    state,
    since: record.at,
    csrs,
    formFrom: entry.id,
    form: null,
    certificates: null,
    certificate: null,
    rights: [],
    change: null,
    earlier: [],
    reasons: [],
  };
}

/**
 * Binds the first certificates of a code, which may do everything, or those of a change of name;
 * without either it renews: the same name and the same keys for a new term.
 */
export async function approve(context: RuleContext): Promise<void> {
  const found = caseOf(context);
  inState(found.state, 'waiting', 'approved');
  if (!found.certificates && isBound(context, found)) {
    throw new Refused(
      'party-bound',
      'the code has a binding: another one is bound to the same party',
    );
  }
  const rights = rightsIn(context, 'rights-form');
  if (!found.certificates && rights.length < RIGHTS.length) {
    throw new Refused('rights-form', 'the first certificate of a party may do everything');
  }
  const name = found.change?.name ?? found.name;
  if (found.certificates && !found.change) sameKeys(context, found.certificates);
  await bindPair(context, found, name, rights);
  if (found.change) {
    for (const [id, { party }] of context.state.bindings) {
      if (party === found.uscc && id !== found.certificate) context.state.renamed.add(id);
    }
    found.formFrom = found.change.package;
    found.csrs = found.change.csrs;
    endSeals(context, found);
  }
  context.state.partyNames.set(found.uscc, name);
  found.change = null;
}

/**
 * Binds another person of a party that has a binding. In a case that is bound it certifies the same
 * keys anew: with other rights, or with the name that the party has by now.
 */
export async function bind(context: RuleContext): Promise<void> {
  const { state, record, entry } = context;
  let found: EnterpriseCase;
  if (record.case === undefined) {
    const csrs = record['csrs'] as EnterpriseCase['csrs'] | undefined;
    if (!csrs)
      throw new Refused('csr-missing', 'without a registration it says what was asked for');
    found = opened(context, csrs, 'approved');
  } else {
    found = caseOf(context);
    inState(found.state, 'waiting', 'approved');
  }
  if (!found.certificates && !isBound(context, found)) {
    throw new Refused('party-unbound', 'the first certificates of a code are approved');
  }
  const rights = rightsIn(context, 'rights-form');
  if (rights.length === 0) throw new Refused('rights-form', 'bound to do nothing');
  if (found.certificates) sameKeys(context, found.certificates);
  await bindPair(context, found, partyName(state, found.uscc), rights);
  state.enterprises.set(entry.case, found);
}

/** Somebody else of the same code was bound before, whether or not his certificate is in force still. */
const isBound = ({ state }: RuleContext, { uscc, case: own }: EnterpriseCase): boolean =>
  [...state.bindings.values()].some((each) => each.party === uscc && each.case !== own);

/** @throws {Refused} `wrong-enterprise`, `certificate-unproven`; nothing is changed then */
async function bindPair(
  context: RuleContext,
  found: EnterpriseCase,
  name: string,
  rights: Right[],
): Promise<void> {
  const { state, record, entry, bundle, time } = context;
  const pair = {
    signing: field(record, 'signing'),
    encryption: field(record, 'encryption'),
    chain: field<string[]>(record, 'chain'),
  };
  for (const text of [pair.signing, pair.encryption]) {
    const { organization, uscc } = organizationOf(read(text).subject);
    if (uscc !== found.uscc) {
      throw new Refused('wrong-enterprise', 'a certificate names another enterprise');
    }
    if (organization !== name || field(record, 'name') !== name) {
      throw new Refused('wrong-enterprise', 'a certificate states another name');
    }
  }
  const code = bundle ? await judgePair(pair, bundle, time) : 'untrusted';
  if (code !== 'ok') {
    throw new Refused(
      'certificate-unproven',
      `the certificates are not proven to be one enterprise's: ${code}`,
    );
  }
  const [certificate, receiver] = await Promise.all(
    [pair.signing, pair.encryption].map((text) => certificateId(fromBase64(text) as Uint8Array)),
  );
  if (found.certificates) found.earlier.push({ ...keysOf(found.certificates), until: record.at });
  state.bindings.set(certificate as string, {
    ...pair,
    party: found.uscc,
    from: entry.id,
    case: found.case,
    receiver: receiver as string,
    since: record.at,
    place: entry.place,
  });
  Object.assign(found, { certificates: pair, certificate, rights, name });
  Object.assign(found, { state: 'approved', head: entry.id, since: record.at, reasons: [] });
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
  actsForOwn(context, found.uscc, 'manage');
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

/** @throws {Refused} `other-keys` */
function sameKeys({ record }: RuleContext, old: { signing: string; encryption: string }): void {
  for (const each of ['signing', 'encryption'] as const) {
    if (!equal(read(old[each]).spki, read(field(record, each)).spki)) {
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
