/** Registration: a key asks, the registrar's answer binds it to an enterprise. */

import { fromBase64 } from '../../crypto/index.ts';
import { certificateId, organizationOf, readCertificate } from '../../pki/index.ts';
import {
  field,
  follows,
  inState,
  opensCase,
  Refused,
  type RuleContext,
  reasonsOf,
} from './rule.ts';
import type { EnterpriseCase } from './state.ts';

export function register(context: RuleContext): void {
  const { state, record, entry } = context;
  opensCase(context);
  state.enterprises.set(record.case, {
    case: record.case,
    head: entry.id,
    uscc: field(record, 'uscc'),
    name: field(record, 'name'),
    state: 'waiting',
    since: record.at,
    csrs: field<never>(record, 'csrs'),
    form: entry.body,
    certificates: null,
    certificate: null,
    reasons: [],
  });
}

export async function approve(context: RuleContext): Promise<void> {
  const { record, entry } = context;
  const found = waiting(context);
  if (field(record, 'uscc') !== found.uscc) {
    throw new Refused('wrong-enterprise', 'the certificates are for another enterprise');
  }
  const signing = field(record, 'signing');
  const encryption = field(record, 'encryption');
  for (const text of [signing, encryption]) {
    const { subject } = readCertificate(fromBase64(text) as Uint8Array);
    if (organizationOf(subject).uscc !== found.uscc) {
      throw new Refused('wrong-enterprise', 'a certificate names another enterprise');
    }
  }
  const chain = field<string[]>(record, 'chain');
  found.certificates = { signing, encryption, chain };
  found.certificate = await certificateId(fromBase64(signing) as Uint8Array);
  Object.assign(found, { state: 'approved', head: entry.id, since: record.at, reasons: [] });
}

export function reject(context: RuleContext): void {
  const { record, entry } = context;
  const found = waiting(context);
  const reasons = reasonsOf(context);
  Object.assign(found, { state: 'rejected', head: entry.id, since: record.at, reasons });
}

function waiting(context: RuleContext): EnterpriseCase {
  const found = context.state.enterprises.get(context.record.case);
  if (!found) throw new Refused('missing-predecessor', 'no such registration here');
  follows(context, found.head);
  inState(found.state, 'waiting');
  return found;
}
