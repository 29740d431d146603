/**
 * What the endpoint knows: packages by hash with the little that access needs, and the log. Both
 * live in the segment store; the index is in memory and rebuilt by reading the segments at start.
 */
import { sha256Hex, utf8 } from '../crypto/index.ts';
import {
  type LogEntry,
  leafHash,
  logEntryText,
  readLogEntry,
  TileTree,
} from '../sync/log/index.ts';
import { type Place, SegmentStore } from './segment-store.ts';

/** What admission learnt of a package. */
export interface PackageDescription {
  type: string;
  /** SHA-256 hex of the signing certificate. */
  signer: string;
  prev: string[];
  /** Nothing in it is enveloped: anyone may read it. */
  public: boolean;
  /** SHA-256 hex over issuer name ‖ serial of each recipient's certificate. */
  recipients: string[];
}

export interface StoredObject extends PackageDescription {
  place: Place;
  /** Octets of the package. */
  size: number;
  /** Where the package starts in the payload. */
  start: number;
}

const OBJECT = 1;
const LOG = 2;

export class Objects {
  readonly #store: SegmentStore;
  readonly #objects: Map<string, StoredObject>;
  readonly #pending = new Map<string, Promise<void>>();
  readonly entries: Uint8Array[];
  readonly tree: TileTree;
  readonly #places: Map<string, number>;

  private constructor(
    store: SegmentStore,
    objects: Map<string, StoredObject>,
    entries: Uint8Array[],
    places: Map<string, number>,
    tree: TileTree,
  ) {
    this.#store = store;
    this.#objects = objects;
    this.entries = entries;
    this.#places = places;
    this.tree = tree;
  }

  static async open(directory: string): Promise<Objects> {
    const objects = new Map<string, StoredObject>();
    const entries: Uint8Array[] = [];
    const places = new Map<string, number>();
    const store = await SegmentStore.open(directory, (payload, place) => {
      const start = 5 + payload.readUInt32BE(1);
      const body = payload.subarray(start);
      if (payload[0] === OBJECT) {
        const { id, ...description } = JSON.parse(payload.toString('utf8', 5, start));
        objects.set(id, { ...description, place, size: body.length, start });
      } else if (payload[0] === LOG) {
        const entry = Uint8Array.from(body);
        places.set(readLogEntry(entry).sha256, entries.length);
        entries.push(entry);
      }
    });
    const tree = new TileTree();
    for (const entry of entries) await tree.append(await leafHash(entry));
    return new Objects(store, objects, entries, places, tree);
  }

  get(id: string): StoredObject | null {
    return this.#objects.get(id) ?? null;
  }

  placeOf(id: string): number | null {
    return this.#places.get(id) ?? null;
  }

  /** Resolves once the package is on disk; two requests for one package share one write. */
  async put(id: string, bytes: Uint8Array, description: PackageDescription): Promise<void> {
    if (this.#objects.has(id)) return;
    const pending = this.#pending.get(id);
    if (pending) return pending;
    const work = this.#write(OBJECT, utf8(JSON.stringify({ id, ...description })), bytes).then(
      ({ place, start }) => {
        this.#objects.set(id, { ...description, place, size: bytes.length, start });
      },
    );
    this.#pending.set(id, work);
    await work.finally(() => this.#pending.delete(id));
  }

  async read(object: StoredObject): Promise<Buffer> {
    return (await this.#store.read(object.place)).subarray(object.start);
  }

  /** Appends to the log. The caller keeps one call under way at a time, so that places are certain. */
  async log(entry: LogEntry): Promise<number> {
    const known = this.#places.get(entry.sha256);
    if (known !== undefined) return known;
    const bytes = utf8(logEntryText(entry));
    await this.#write(LOG, new Uint8Array(), bytes);
    const index = this.entries.length;
    this.entries.push(bytes);
    this.#places.set(entry.sha256, index);
    await this.tree.append(await leafHash(bytes));
    return index;
  }

  close(): Promise<void> {
    return this.#store.close();
  }

  async #write(kind: number, description: Uint8Array, body: Uint8Array) {
    const head = Buffer.alloc(5);
    head[0] = kind;
    head.writeUInt32BE(description.length, 1);
    const payload = Buffer.concat([head, description, body]);
    return { place: await this.#store.append(payload), start: 5 + description.length };
  }
}

/** How a recipient is named in `PackageDescription.recipients`. */
export function recipientName(issuer: Uint8Array, serial: Uint8Array): Promise<string> {
  return sha256Hex(Buffer.concat([issuer, serial]));
}
