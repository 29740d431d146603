/**
 * What the endpoint knows: packages by hash with the little that access needs, and the log. Both
 * live in the segment store; the index is in memory and rebuilt by reading the segments at start.
 */
import { createHash } from 'node:crypto';
import { utf8 } from '../crypto/index.ts';
import {
  type LogEntry,
  leafHash,
  logEntryText,
  readLogEntry,
  TileTree,
} from '../sync/log/index.ts';
import {
  encodeEntry,
  encodeObject,
  OBJECT,
  type PackageDescription,
  readPayload,
} from './payload.ts';
import { type Damage, type Place, SegmentStore } from './segment-store.ts';

export interface StoredObject extends PackageDescription {
  /** SHA-256 hex of the package. */
  id: string;
  place: Place;
  /** Octets of the package. */
  size: number;
  /** Where the package starts in the payload. */
  start: number;
}

/** What is damaged, and what it was, as far as that is known. */
export interface DamageReport extends Damage {
  what: 'object' | 'log-entry' | 'unknown';
  /** SHA-256 hex of the package. */
  id: string | null;
  /** Nothing is lost: the damage is beside the content, or one bit of it, and was worked out. */
  restored: boolean;
}

/** A stored package that does not have its hash any more. */
export class DamagedObject extends Error {}

export class Objects {
  readonly #objects = new Map<string, StoredObject>();
  readonly #damaged = new Set<string>();
  readonly #pending = new Map<string, Promise<void>>();
  readonly #places = new Map<string, number>();
  #store: SegmentStore | null = null;
  #whole = true;
  readonly #damage: DamageReport[] = [];
  readonly entries: Uint8Array[] = [];
  readonly tree = new TileTree();

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
      if (!read || (read.index === null ? doubtful : read.index !== length)) {
        objects.#whole = false;
      } else if (objects.#whole) {
        doubtful = false;
        objects.#places.set(readLogEntry(read.entry).sha256, length);
        objects.entries.push(read.entry);
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
    for (const entry of objects.entries) await objects.tree.append(await leafHash(entry));
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

  /** Every package of a type, in the order in which they were stored. */
  ofType(type: string): StoredObject[] {
    return [...this.#objects.values()].filter((each) => each.type === type);
  }

  placeOf(id: string): number | null {
    return this.#places.get(id) ?? null;
  }

  /** Resolves once the package is on disk; two requests for one package share one write. */
  async put(id: string, bytes: Uint8Array, description: PackageDescription): Promise<void> {
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

  /** @throws {DamagedObject} where the disk gives other octets than were stored */
  async read(object: StoredObject): Promise<Buffer> {
    const { id, place, start, size } = object;
    const payload = await this.#opened.read(place).catch(() => null);
    const bytes = payload?.subarray(start);
    if (bytes && createHash('sha256').update(bytes).digest('hex') === id) return bytes;
    if (this.#objects.get(id) === object) {
      this.#objects.delete(id);
      this.#damaged.add(id);
      const segment = `${String(place.segment).padStart(6, '0')}.seg`;
      const where = { segment, offset: place.offset + start, length: size };
      this.#damage.push({ ...where, what: 'object', id, restored: false });
    }
    throw new DamagedObject(`object ${id} is damaged`);
  }

  /** Appends to the log. The caller keeps one call under way at a time, so that places are certain. */
  async log(entry: LogEntry): Promise<number> {
    const known = this.#places.get(entry.sha256);
    if (known !== undefined) return known;
    const bytes = utf8(logEntryText(entry));
    const index = this.entries.length;
    await this.#opened.append(encodeEntry(index, bytes));
    this.entries.push(bytes);
    this.#places.set(entry.sha256, index);
    await this.tree.append(await leafHash(bytes));
    return index;
  }

  async close(): Promise<void> {
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
