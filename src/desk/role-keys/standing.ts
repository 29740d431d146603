/** Who holds which role key, who lacks one, and who read it and has left: from heads and roster alone. */
import { fromBase64, toBase64, toHex } from '../../crypto/index.ts';
import {
  certificateId,
  type IssuedCrl,
  keyId,
  newestCrls,
  type RosterEntry,
  readCertificate,
  type TrustBundle,
} from '../../pki/index.ts';
import {
  ALL_GROUPS,
  groupsOf,
  type RoleGroup,
  type RoleKeyState,
  type State,
} from '../../workflow/index.ts';

export interface Holder {
  entry: RosterEntry;
  /** Encryption certificate, DER, and its id. */
  encryption: Uint8Array;
  reader: string;
}

export interface GroupStanding {
  group: RoleGroup;
  /** In the order in which they count. */
  keys: RoleKeyState[];
  /** The one that is written to; null where none was made. */
  current: RoleKeyState | null;
  /** Everybody in force with a role of the group and an encryption certificate. */
  holders: Holder[];
  /** Holders to whom a key of the group was not handed yet. */
  lacking: Holder[];
  /** Names of those who read the present key and belong to the group no more. */
  ended: string[];
  /** The recovery key, where the bundle has one and it cannot open every key. */
  recovery: Uint8Array | null;
  /** The bundle names a recovery key. */
  recoverable: boolean;
}

const known = new WeakMap<State, Promise<GroupStanding[]>>();

/** @param state with its trust bundle; what is known of one is worked out once */
export function standings(state: State): Promise<GroupStanding[]> {
  let found = known.get(state);
  if (!found) {
    found = work(state);
    known.set(state, found);
  }
  return found;
}

async function work({ roleKeys, trust, bundles }: State): Promise<GroupStanding[]> {
  if (!trust) return [];
  const holders = await holdersOf(trust);
  const present = new Set(holders.map(({ reader }) => reader));
  const before = new Map<string, Reader>();
  for (const { bundle } of bundles) {
    for (const entry of bundle.roster) {
      const reader = await readerOf(entry);
      if (reader && !present.has(reader.id)) before.set(reader.id, reader);
    }
  }
  // A revoked certificate may stand in the newest roster still.
  for (const entry of trust.roster) {
    const reader = await readerOf(entry);
    if (reader && !present.has(reader.id)) before.set(reader.id, reader);
  }
  const recoverySpki = trust.recoveryKey === undefined ? null : fromBase64(trust.recoveryKey);
  const recoveryId = recoverySpki && (await keyId(recoverySpki));
  return ALL_GROUPS.map((group) => {
    const keys = roleKeys.filter((each) => each.group === group);
    const current = keys.at(-1) ?? null;
    const own = holders.filter(({ entry }) => groupsOf(entry.roles).includes(group));
    const lacks = (reader: string) => keys.some(({ readers }) => !readers.includes(reader));
    const stays = new Set(own.flatMap(({ reader, spki }) => [reader, spki]));
    const left = (current?.readers ?? []).flatMap((id) => {
      const reader = before.get(id) ?? holders.find((each) => each.reader === id);
      // A renewed certificate has the key of the one before.
      return !reader || stays.has(id) || stays.has(reader.spki) ? [] : [reader.entry.name];
    });
    return {
      group,
      keys,
      current,
      holders: own,
      lacking: own.filter(({ reader }) => lacks(reader)),
      ended: [...new Set(left)],
      recovery: recoveryId && lacks(recoveryId) ? recoverySpki : null,
      recoverable: recoveryId !== null,
    };
  });
}

interface Reader {
  id: string;
  spki: string;
  entry: RosterEntry;
}

const readers = new WeakMap<RosterEntry, Promise<Reader | null>>();

function readerOf(entry: RosterEntry): Promise<Reader | null> {
  let found = readers.get(entry);
  if (!found) {
    found = read(entry);
    readers.set(entry, found);
  }
  return found;
}

async function read(entry: RosterEntry): Promise<Reader | null> {
  const der = entry.encryption === undefined ? null : fromBase64(entry.encryption);
  if (!der) return null;
  return { id: await certificateId(der), spki: toBase64(readCertificate(der).spki), entry };
}

async function holdersOf(trust: TrustBundle): Promise<(Holder & { spki: string })[]> {
  const lists = await listsOf(trust);
  const found: (Holder & { spki: string })[] = [];
  for (const entry of trust.roster) {
    const reader = await readerOf(entry);
    if (!reader || groupsOf(entry.roles).length === 0) continue;
    const [signing, encryption] = [entry.signing, entry.encryption as string].map(
      (text) => fromBase64(text) as Uint8Array,
    ) as [Uint8Array, Uint8Array];
    if (isRevoked(signing, lists) || isRevoked(encryption, lists)) continue;
    found.push({ entry, encryption, reader: reader.id, spki: reader.spki });
  }
  return found;
}

const lists = new WeakMap<TrustBundle, Promise<Map<string, IssuedCrl>>>();

function listsOf(trust: TrustBundle): Promise<Map<string, IssuedCrl>> {
  const found = lists.get(trust) ?? newestCrls(trust);
  lists.set(trust, found);
  return found;
}

/** Serial numbers are random: which authority lists one is not asked. */
function isRevoked(der: Uint8Array, found: ReadonlyMap<string, IssuedCrl>): boolean {
  const serial = toHex(readCertificate(der).serial);
  return [...found.values()].some(({ revoked }) => revoked.has(serial));
}
