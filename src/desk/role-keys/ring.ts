/** The role keys that the person at a desk holds, opened for as long as the electronic key is. */
import { equal, fromBase64, type Json, type KeyDecrypter, Malformed } from '../../crypto/index.ts';
import { importKey, KeyRefused, type LiveKey, liveKey } from '../../keys/index.ts';
import type { Package } from '../../packages/index.ts';
import type { RoleKeyState } from '../../workflow/index.ts';

/** Opens the body of a package with the person's own certificates; null where they do not fit. */
type OpenBody = (pkg: Package) => Promise<Json | null>;

export class RoleKeyRing {
  readonly #keys = new Map<string, LiveKey>();
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
    }));
  }

  /**
   * Opens what is new.
   * @param read packages at hand, by id
   * @returns whether any key was added
   */
  async take(
    roleKeys: readonly RoleKeyState[],
    read: ReadonlyMap<string, Package>,
    open: OpenBody,
  ): Promise<boolean> {
    let added = false;
    for (const role of roleKeys) {
      if (this.#keys.has(role.id)) continue;
      const pkcs8 = await privateHalf(role, read, open);
      const key = pkcs8 && (await live(role, pkcs8));
      if (this.#gone) {
        key?.drop();
        return false;
      }
      if (key) {
        this.#keys.set(role.id, key);
        this.unfit.delete(role.id);
        added = true;
      } else if (pkcs8) this.unfit.add(role.id);
    }
    return added;
  }
}

/** PrivateKeyInfo of a role key, as the first package that opens says. */
export async function privateHalf(
  { id, packages }: RoleKeyState,
  read: ReadonlyMap<string, Package>,
  open: OpenBody,
): Promise<Uint8Array | null> {
  for (const each of packages) {
    const pkg = read.get(each);
    const body = pkg?.body ? ((await open(pkg)) as Body | null) : null;
    const text = body?.pkcs8 ?? body?.keys?.find((key) => key.id === id)?.pkcs8;
    const pkcs8 = typeof text === 'string' ? fromBase64(text) : null;
    if (pkcs8) return pkcs8;
  }
  return null;
}

interface Body {
  pkcs8?: string;
  keys?: { id: string; pkcs8: string }[];
}

/** @returns null where the private half is none, or another key's than the public one */
async function live({ key }: RoleKeyState, pkcs8: Uint8Array): Promise<LiveKey | null> {
  try {
    const raw = await importKey(pkcs8);
    return equal(raw.spki, fromBase64(key) ?? new Uint8Array()) ? await liveKey(raw) : null;
  } catch (error) {
    if (error instanceof KeyRefused || error instanceof Malformed) return null;
    throw error;
  }
}
