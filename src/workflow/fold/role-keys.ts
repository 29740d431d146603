/**
 * Role keys: what the authority has to read is enveloped to a group's key, not to people. Who made
 * one says so in the log, with the private half in contents that only its readers open. Of several,
 * the one that stands last is written to; all are kept for reading.
 */
import { fromBase64, Malformed, readPublicKey } from '../../crypto/index.ts';
import { keyId } from '../../pki/index.ts';
import { groupsOf, type RoleGroup } from '../records/role-groups.ts';
import { field, opensCase, Refused, type RuleContext } from './rule.ts';

export interface RoleKeyState {
  /** As `to` names it: digest of the SubjectPublicKeyInfo, hex. */
  id: string;
  group: RoleGroup;
  /** SubjectPublicKeyInfo, base64. */
  key: string;
  at: string;
  by: string;
  byName: string;
  place: number | null;
  /** Packages whose contents hold the private half: the one that published it, then grants. */
  packages: string[];
  /** Ids of the encryption certificates, and of the recovery key, that it was enveloped to. */
  readers: string[];
}

/** `trust/role-key`. The same key again adds readers and changes no order. */
export async function publishRoleKey(context: RuleContext): Promise<void> {
  const { state, entry, record, author, bundle } = context;
  opensCase(context);
  const group = ofOwnGroup(context);
  const key = field(record, 'key');
  const id = await idOf(key, bundle?.policy.suite ?? null);
  const known = state.roleKeys.find((each) => each.id === id);
  if (known) {
    if (known.group !== group) {
      throw new Refused('role-key-group', 'the key belongs to another group');
    }
    handOn(known, context);
    return;
  }
  state.roleKeys.push({
    id,
    group,
    key,
    at: record.at,
    by: author.id,
    byName: author.name,
    place: entry.place,
    packages: [entry.id],
    readers: [...record.to],
  });
}

/** `trust/grant`: keys of a group, handed on to those whom the record names in `to`. */
export function grantRoleKeys(context: RuleContext): void {
  const { state, record } = context;
  opensCase(context);
  const group = ofOwnGroup(context);
  const granted = field<string[]>(record, 'keys').map((id) =>
    state.roleKeys.find((each) => each.id === id && each.group === group),
  );
  for (const key of granted) {
    if (!key) throw new Refused('role-key-unknown', 'it hands on a key that the group has not');
  }
  for (const key of granted) if (key) handOn(key, context);
}

function handOn(key: RoleKeyState, { entry, record }: RuleContext): void {
  key.packages.push(entry.id);
  key.readers = [...new Set([...key.readers, ...record.to])];
}

/** @throws {Refused} `wrong-role` for somebody outside the group who is not the root */
function ofOwnGroup({ record, author }: RuleContext): RoleGroup {
  const group = field<RoleGroup>(record, 'group');
  const roles = [...author.as].filter((each) => each !== 'enterprise' && each !== 'registrant');
  if (author.as.has('root') || groupsOf(roles).includes(group)) return group;
  throw new Refused('wrong-role', 'the author does not belong to the group');
}

/** @throws {Refused} `role-key-form` for a key that nobody here could envelope to */
async function idOf(text: string, suite: 'P-256' | 'SM2' | null): Promise<string> {
  const spki = fromBase64(text) ?? new Uint8Array();
  try {
    const key = readPublicKey(spki);
    if (key.kind !== 'EC' || (suite !== null && key.curve !== suite)) {
      throw new Malformed('unsupported-alg', 'a key of another suite');
    }
    return await keyId(spki);
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    throw new Refused('role-key-form', `the key is not usable: ${error.code}`);
  }
}
