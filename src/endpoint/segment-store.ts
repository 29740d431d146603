/**
 * The store: append-only segment files with group commit. Requests queue while a write is under
 * way; then one write and one fdatasync serve the whole queue. What was acknowledged survives the
 * death of the process. At the next start a torn write is cut from the end of the last segment, and
 * nothing else ever: what is damaged stays where it is, and is told.
 */
import { type FileHandle, mkdir, open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { EndpointRefused } from './refused.ts';
import { encodeRecord, RECORD_HEADER, readFully, scanSegment, writeFully } from './segment-file.ts';

const SEGMENT_LIMIT = 256 * 1024 * 1024;

/** Where a payload lies. */
export interface Place {
  segment: number;
  offset: number;
  length: number;
}

/** A stretch of a segment that is no whole record. */
export interface Damage {
  /** Name of the file. */
  segment: string;
  offset: number;
  length: number;
}

export interface StoreVisitor {
  onPayload(payload: Buffer, place: Place): void | Promise<void>;
  /**
   * @param payload of a single record whose bounds are known, as it stands; null of any number of them
   * @param place of the payload, where it is known and proven whole, though its record is damaged
   */
  onDamage(damage: Damage, payload: Buffer | null, place: Place | null): void | Promise<void>;
}

interface Waiting {
  record: Buffer;
  resolve: (place: Place) => void;
  reject: (error: unknown) => void;
}

export class SegmentStore {
  readonly #directory: string;
  readonly #files: FileHandle[] = [];
  #end = 0;
  #queue: Waiting[] = [];
  #writing: Promise<void> | null = null;
  #closed = false;

  private constructor(directory: string) {
    this.#directory = directory;
  }

  /**
   * Opens the store and tells everything that is in it, in order of writing.
   * @throws {EndpointRefused} where a segment is missing
   */
  static async open(directory: string, visitor: StoreVisitor): Promise<SegmentStore> {
    await mkdir(directory, { recursive: true });
    const store = new SegmentStore(directory);
    const names = (await readdir(directory)).filter((name) => /^\d{6}\.seg$/.test(name)).sort();
    for (const [segment, name] of names.entries()) {
      if (name !== nameOf(segment)) {
        throw new EndpointRefused(`The segment ${nameOf(segment)} is missing in ${directory}.`);
      }
      const file = await open(join(directory, name), 'r+');
      store.#files.push(file);
      const last = segment === names.length - 1;
      store.#end = await scanSegment(file, last, {
        onRecord: (payload, offset) =>
          visitor.onPayload(payload, { segment, offset, length: payload.length }),
        onDamage: ({ offset, end, payload, restored }) => {
          const whole = restored && payload ? payload : null;
          const at = offset + RECORD_HEADER;
          return visitor.onDamage(
            { segment: name, offset, length: end - offset },
            payload,
            whole && { segment, offset: at, length: whole.length },
          );
        },
      });
      if (last) await file.truncate(store.#end);
    }
    if (names.length === 0) await store.#addSegment();
    return store;
  }

  /** Resolves once the payload is on disk. */
  append(payload: Uint8Array): Promise<Place> {
    if (this.#closed) return Promise.reject(new Error('the store is closed'));
    return new Promise((resolve, reject) => {
      this.#queue.push({ record: encodeRecord(payload), resolve, reject });
      this.#writing ??= this.#drain().finally(() => {
        this.#writing = null;
      });
    });
  }

  async read({ segment, offset, length }: Place): Promise<Buffer> {
    const file = this.#files[segment];
    const bytes = file && (await readFully(file, offset, length));
    if (!bytes) throw new Error('the store lost a record');
    return bytes;
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#writing;
    await Promise.all(this.#files.map((file) => file.close()));
  }

  async #drain(): Promise<void> {
    // Let requests of the same turn of the event loop share one commit.
    await new Promise((resolve) => setImmediate(resolve));
    while (this.#queue.length > 0) {
      const batch = this.#queue;
      this.#queue = [];
      await this.#commit(batch);
    }
  }

  async #commit(batch: Waiting[]): Promise<void> {
    try {
      if (this.#end > SEGMENT_LIMIT) await this.#addSegment();
      const segment = this.#files.length - 1;
      const file = this.#files[segment] as FileHandle;
      const start = this.#end;
      try {
        await writeFully(file, Buffer.concat(batch.map(({ record }) => record)), start);
        await file.datasync();
      } catch (error) {
        await file.truncate(start).catch(() => {});
        throw error;
      }
      let at = start;
      for (const { record, resolve } of batch) {
        resolve({ segment, offset: at + RECORD_HEADER, length: record.length - RECORD_HEADER });
        at += record.length;
      }
      this.#end = at;
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  }

  async #addSegment(): Promise<void> {
    const file = await open(join(this.#directory, nameOf(this.#files.length)), 'wx+');
    const directory = await open(this.#directory, 'r');
    await directory.sync().finally(() => directory.close());
    this.#files.push(file);
    this.#end = 0;
  }
}

const nameOf = (segment: number): string => `${String(segment).padStart(6, '0')}.seg`;
