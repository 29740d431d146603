/**
 * Role keys as the endpoint knows them from heads: whose contents a role may fetch, and which keys were
 * replaced so long ago that nobody should envelope to them any more.
 */
import { fromBase64, Malformed } from '../crypto/index.ts';
import { readHead } from '../packages/index.ts';
import { actingEntry, certificateId, keyId, type TrustBundle } from '../pki/index.ts';
import { readLogEntry } from '../sync/log/index.ts';
import { groupsOf, type RoleGroup } from '../workflow/record-types.ts';
import type { Objects, StoredHead } from './objects.ts';

/** Seconds for which a replaced key is enveloped to still: devices come online late. */
const GRACE = 7 * 86_400;

interface RoleKey {
  group: RoleGroup;
  /** When the next key of the group was logged, in seconds; null: it is the present one. */
  replaced: number | null;
}

export class RoleKeys {
  /** By id, as `to` has it. A key belongs to the group that published it first. */
  readonly #keys = new Map<string, RoleKey>();

  /**
   * Takes notice of a logged `trust/role-key`; in the order of the log.
   * @param bundle in force there: nobody outside the group publishes its key
   */
  async take(objects: Objects, head: StoredHead, bundle: TrustBundle | null): Promise<void> {
    if (head.type !== 'trust/role-key' || !bundle) return;
    const { record } = await readHead(await objects.read(head));
    const group = record['group'] as RoleGroup;
    if (!(await mayPublish(head.signer, group, bundle))) return;
    const id = await idOf(String(record['key']));
    const entry = objects.entries[objects.placeOf(head.id) ?? -1];
    if (!id || !entry || this.#keys.has(id)) return;
    for (const each of this.#keys.values()) {
      if (each.group === group) each.replaced ??= readLogEntry(entry).time;
    }
    this.#keys.set(id, { group, replaced: null });
  }

  /** Whether somebody on the roster holds one of the keys that a head names in `to`. */
  opens(to: readonly string[], signing: string, bundle: TrustBundle | null): boolean {
    const entry = bundle && actingEntry(bundle, signing);
    const groups = groupsOf(entry?.roles ?? []);
    return to.some((id) => {
      const key = this.#keys.get(id);
      return key !== undefined && groups.includes(key.group);
    });
  }

  /** Whether a key among these was replaced more than seven days before `now`, in seconds. */
  hasEnded(to: readonly string[], now: number): boolean {
    return to.some((id) => {
      const replaced = this.#keys.get(id)?.replaced ?? null;
      return replaced !== null && now - replaced > GRACE;
    });
  }
}

async function mayPublish(signer: string, group: RoleGroup, bundle: TrustBundle) {
  const entry = actingEntry(bundle, signer);
  if (entry && groupsOf(entry.roles).includes(group)) return true;
  return signer === (await certificateId(fromBase64(bundle.root) ?? new Uint8Array()));
}

async function idOf(key: string): Promise<string | null> {
  try {
    return await keyId(fromBase64(key) ?? new Uint8Array());
  } catch (error) {
    if (error instanceof Malformed) return null;
    throw error;
  }
}
