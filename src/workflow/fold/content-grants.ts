/**
 * `trust/grant` of contents: who could open what a party was sent hands the contents' keys to a
 * certificate that was bound to it later. The contents stay as they are, and so does the state.
 */
import { speaksFor } from './party-state.ts';
import { field, opensCase, Refused, type RuleContext } from './rule.ts';

/** What a grant is of: role keys, or contents. @throws {Refused} `grant-form` */
export function grantsContents({ record }: RuleContext): boolean {
  const roles = record['group'] !== undefined && record['keys'] !== undefined;
  const contents = record['certificate'] !== undefined && record['heads'] !== undefined;
  const members = ['group', 'keys', 'certificate', 'heads'].filter((name) => name in record);
  if (roles === contents || members.length !== 2) {
    throw new Refused('grant-form', 'it grants role keys, or keys of contents');
  }
  return contents;
}

/** @throws {Refused} `party-unbound`, `grant-foreign`, `grant-form` */
export function grantContents(context: RuleContext): void {
  const { state, record, author } = context;
  opensCase(context);
  const certificate = field(record, 'certificate');
  const bound = [...state.bindings.values()].find(({ receiver }) => receiver === certificate);
  if (!bound) throw new Refused('party-unbound', 'the certificate is bound to nobody');
  if (record.to.length !== 1 || record.to[0] !== certificate) {
    throw new Refused('grant-form', 'it is for the certificate that it names, and for nobody else');
  }
  const own = state.bindings.get(author.id);
  const staff = [...author.as].some((each) => each !== 'enterprise' && each !== 'registrant');
  const kin = own && speaksFor(state, bound.party, own.party);
  if (!staff && !kin)
    throw new Refused('grant-foreign', 'the certificate is of another enterprise');
  const known = state.contentGrants.get(certificate) ?? new Set();
  for (const id of field<string[]>(record, 'heads')) known.add(id);
  state.contentGrants.set(certificate, known);
}
