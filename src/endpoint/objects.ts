/**
 * What the endpoint knows: heads and contents by digest with the little that access needs, and the log. Both
 * live in the segment store; the index is in memory and rebuilt by reading the segments at start.
 */
import { digest, type SuiteDigest, toHex, utf8 } from '../crypto/index.ts';
import {
  type Descriptor,
  type LogEntry,
  leafHash,
  logEntryText,
  readLogEntry,
  TileTree,
} from '../sync/log/index.ts';
import {
  type Description,
  encodeEntry,
  encodeObject,
  type HeadDescription,
  OBJECT,
  readPayload,
} from './payload.ts';
import { type Damage, type Place, SegmentStore } from './segment-store.ts';

interface Placed {
  /** Digest of the bytes, hex. */
  id: string;
  place: Place;
  /** Octets. */
  size: number;
  /** Where it starts in the payload. */
  start: number;
}

export type StoredObject = Description & Placed;
export type StoredHead = HeadDescription & Placed;

/** What is damaged, and what it was, as far as that is known. */
export interface DamageReport extends Damage {
  what: 'object' | 'log-entry' | 'unknown';
  /** Digest of the object, hex. */
  id: string | null;
  /** Nothing is lost: the damage is beside the content, or one bit of it, and was worked out. */
  restored: boolean;
}

/** A stored object that does not have its digest any more. */
export class DamagedObject extends Error {}

export class Objects {
  readonly #objects = new Map<string, StoredObject>();
  readonly #damaged = new Set<string>();
  readonly #pending = new Map<string, Promise<void>>();
  readonly #places = new Map<string, number>();
  #store: SegmentStore | null = null;
  #whole = true;
  #closing = false;
  readonly #damage: DamageReport[] = [];
  readonly #ids: string[] = [];
  readonly #descriptors: Descriptor[] = [];
  readonly #running = new Map<string, number>();
  #lastTime = 0;
  readonly entries: Uint8Array[] = [];
  #tree = new TileTree('SHA-256');

  static async open(directory: string): Promise<Objects> {
    const objects = new Objects();
    // A stretch that may have held entries of the log, until the next entry says that it did not.
    let doubtful = false;
    const take = (payload: Buffer, place: Place) => {
      const read = readPayload(payload);
      if (read?.kind === OBJECT) {
        const { id, description, start } = read;
        objects.#index({ ...description, id, place, size: payload.length - start, start });
        return;
      }
      const { length } = objects.entries;
      if (!read || read.index !== length) {
        objects.#whole = false;
      } else if (objects.#whole) {
        doubtful = false;
        objects.#enter(readLogEntry(read.entry), read.descriptor, read.entry);
      }
    };
    objects.#store = await SegmentStore.open(directory, {
      onPayload: take,
      onDamage(damage, payload, place) {
        const read = payload && readPayload(payload);
        const id = read?.kind === OBJECT ? read.id : null;
        // No single changed bit makes an object of an entry.
        const object = payload?.[0] === OBJECT;
        const what = object ? 'object' : read ? 'log-entry' : 'unknown';
        objects.#damage.push({ ...damage, what, id, restored: place !== null });
        if (payload && place) return take(payload, place);
        if (id !== null) objects.#damaged.add(id);
        if (!object) doubtful = true;
      },
    });
    if (doubtful) objects.#whole = false;
    for (const entry of objects.entries) await objects.#grow(entry);
    return objects;
  }

  /** Whether every entry of the log is there; else none may be added, and no checkpoint signed. */
  get logIsWhole(): boolean {
    return this.#whole;
  }

  get(id: string): StoredObject | null {
    return this.#objects.get(id) ?? null;
  }

  /** It was stored, and cannot be given; whoever has it may store it again. */
  isDamaged(id: string): boolean {
    return !this.#objects.has(id) && (this.#damaged.has(id) || this.#places.has(id));
  }

  /** Damage that was found; an object that was stored again since is restored. */
  damageNow(): DamageReport[] {
    return this.#damage.map((each) => ({
      ...each,
      restored: each.restored || (each.id !== null && this.#objects.has(each.id)),
    }));
  }

  /** Every logged head, in the order of the log. */
  heads(from = 0): StoredHead[] {
    return this.#ids.slice(from).flatMap((id) => {
      const found = this.#objects.get(id);
      return found?.kind === 'head' ? [found] : [];
    });
  }

  /** Heads of a type that were stored, logged or not. */
  ofType(type: string): StoredHead[] {
    return [...this.#objects.values()].filter(
      (each): each is StoredHead => each.kind === 'head' && each.type === type,
    );
  }

  idAt(index: number): string | null {
    return this.#ids[index] ?? null;
  }

  descriptorAt(index: number): Descriptor | null {
    return this.#descriptors[index] ?? null;
  }

  /** Heads of the party that are logged. */
  runningOf(party: string | null): number {
    return this.#running.get(party ?? '') ?? 0;
  }

  /** The newest entry's time, in seconds. */
  get lastTime(): number {
    return this.#lastTime;
  }

  placeOf(id: string): number | null {
    return this.#places.get(id) ?? null;
  }

  /** Resolves once the package is on disk; two requests for one package share one write. */
  async put(id: string, bytes: Uint8Array, description: Description): Promise<void> {
    if (this.#objects.has(id)) return;
    const pending = this.#pending.get(id);
    if (pending) return pending;
    const { payload, start } = encodeObject(id, description, bytes);
    const work = this.#opened.append(payload).then((place) => {
      this.#index({ ...description, id, place, size: bytes.length, start });
    });
    this.#pending.set(id, work);
    await work.finally(() => this.#pending.delete(id));
  }

  /**
   * @throws {DamagedObject} where the disk gives other octets than were stored; any other error where the
   * store is being closed, which says nothing of the object
   */
  async read(object: StoredObject): Promise<Buffer> {
    const { id, place, start, size } = object;
    const payload = await this.#opened.read(place).catch((error: unknown) => {
      if (this.#closing) throw error;
      return null;
    });
    const bytes = payload?.subarray(start);
    if (bytes && toHex(await digest(object.digest, bytes)) === id) return bytes;
    if (this.#objects.get(id) === object) {
      this.#objects.delete(id);
      this.#damaged.add(id);
      const segment = `${String(place.segment).padStart(6, '0')}.seg`;
      const where = { segment, offset: place.offset + start, length: size };
      // Worked out at the start, and on the disk still as it was.
      const known = this.#damage.find((each) => each.what === 'object' && each.id === id);
      if (known) known.restored = false;
      else this.#damage.push({ ...where, what: 'object', id, restored: false });
    }
    throw new DamagedObject(`object ${id} is damaged`);
  }

  /** Appends to the log. The caller keeps one call under way at a time, so that places are certain. */
  async log(entry: LogEntry, descriptor: Descriptor): Promise<number> {
    const known = this.#places.get(entry.id);
    if (known !== undefined) return known;
    const bytes = utf8(logEntryText(entry));
    const index = this.entries.length;
    await this.#opened.append(encodeEntry(index, descriptor, bytes));
    this.#enter(entry, descriptor, bytes);
    await this.#grow(bytes);
    return index;
  }

  /** What the log hashes with: as its heads do; null while there is none. */
  get digest(): SuiteDigest | null {
    for (const id of this.#ids) {
      const head = this.#objects.get(id);
      if (head) return head.digest;
    }
    return null;
  }

  get tree(): TileTree {
    return this.#tree;
  }

  async #grow(entry: Uint8Array): Promise<void> {
    if (this.#tree.size === 0) this.#tree = new TileTree(this.digest ?? 'SHA-256');
    await this.#tree.append(await leafHash(this.#tree.digest, entry));
  }

  #enter(entry: LogEntry, descriptor: Descriptor, bytes: Uint8Array): void {
    this.#places.set(entry.id, this.entries.length);
    this.entries.push(bytes);
    this.#ids.push(entry.id);
    this.#descriptors.push(descriptor);
    this.#lastTime = entry.time;
    const party = descriptor.party ?? '';
    this.#running.set(party, (this.#running.get(party) ?? 0) + 1);
  }

  async close(): Promise<void> {
    this.#closing = true;
    await this.#store?.close();
  }

  get #opened(): SegmentStore {
    if (!this.#store) throw new Error('the store is not open');
    return this.#store;
  }

  #index(object: StoredObject): void {
    this.#objects.set(object.id, object);
    this.#damaged.delete(object.id);
  }
}
