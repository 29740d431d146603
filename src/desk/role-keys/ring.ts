/** The role keys that the person at a desk holds, opened for as long as the electronic key is. */
import { fromBase64, type Json, type KeyDecrypter, Malformed } from '../../crypto/index.ts';
import { importKey, KeyRefused, type LiveKey, liveKey } from '../../keys/index.ts';
import type { Package } from '../../packages/index.ts';
import { keyId } from '../../pki/index.ts';
import { checkBody, isRecordType } from '../../workflow/index.ts';

/** Opens the body of a package with the person's own certificates; null where they do not fit. */
type OpenBody = (pkg: Package) => Promise<Json | null>;

export class RoleKeyRing {
  readonly #keys = new Map<string, LiveKey>();
  /** Records that were opened. */
  readonly #looked = new Set<string>();
  #gone = false;
  /** Keys that were handed to this person and do not open or fit. */
  readonly unfit = new Set<string>();

  /** Drops everything; keys taken out before refuse. */
  forget(): void {
    this.#gone = true;
    for (const key of this.#keys.values()) key.drop();
    this.#keys.clear();
    this.unfit.clear();
  }

  has(id: string): boolean {
    return this.#keys.has(id);
  }

  /** Ids as `to` has them. */
  get ids(): string[] {
    return [...this.#keys.keys()];
  }

  get decrypters(): KeyDecrypter[] {
    return [...this.#keys.values()].map((key) => ({
      spki: key.spki,
      agree: (point) => key.agree(point),
      ...(key.open ? { open: key.open } : {}),
    }));
  }

  /**
   * Opens what is new. A key opens what names it, whoever published it: whether its record counts
   * decides alone whether it is written to.
   * @param read packages at hand, by id
   * @returns whether any key was added
   */
  async take(read: ReadonlyMap<string, Package>, open: OpenBody): Promise<boolean> {
    let added = false;
    for (const pkg of read.values()) {
      if (!isKeyRecord(pkg.record.type) || !pkg.body || this.#looked.has(pkg.id)) continue;
      const halves = await privateHalves(pkg, open);
      if (!halves) continue;
      for (const { id, pkcs8 } of halves) {
        if (this.#keys.has(id)) continue;
        const key = await live(id, pkcs8);
        if (this.#gone) {
          key?.drop();
          return false;
        }
        if (!key) {
          this.unfit.add(id);
          continue;
        }
        this.#keys.set(id, key);
        this.unfit.delete(id);
        added = true;
      }
      this.#looked.add(pkg.id);
    }
    return added;
  }
}

/** Records whose bodies are private keys: nothing of them is laid over a state. */
export const isKeyRecord = (type: string): boolean =>
  type === 'trust/role-key' || type === 'trust/grant';

interface PrivateHalf {
  /** As `to` names the key. */
  id: string;
  /** PrivateKeyInfo. */
  pkcs8: Uint8Array;
}

/** What a record hands to this person; null where its body does not open. */
export async function privateHalves(pkg: Package, open: OpenBody): Promise<PrivateHalf[] | null> {
  // Keys of contents, for a party.
  if ('heads' in pkg.record) return [];
  const body = (await open(pkg)) as Body | null;
  if (!body || !isRecordType(pkg.record.type)) return null;
  try {
    checkBody(pkg.record.type, body as never);
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    return [];
  }
  const der = (text: string) => fromBase64(text) as Uint8Array;
  // Keys of contents are another ring's.
  if ('contents' in body) return [];
  if ('keys' in body) return body.keys.map(({ id, pkcs8 }) => ({ id, pkcs8: der(pkcs8) }));
  const spki = fromBase64(String(pkg.record['key']));
  return spki ? [{ id: await keyId(spki), pkcs8: der(body.pkcs8) }] : [];
}

type Body = { pkcs8: string } | { contents: unknown } | { keys: { id: string; pkcs8: string }[] };

/** @returns null where the private half is none, or another key's than the public one */
async function live(id: string, pkcs8: Uint8Array): Promise<LiveKey | null> {
  try {
    const raw = await importKey(pkcs8);
    return (await keyId(raw.spki)) === id ? await liveKey(raw) : null;
  } catch (error) {
    if (error instanceof KeyRefused || error instanceof Malformed) return null;
    throw error;
  }
}
