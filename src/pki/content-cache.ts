import { copy, equal, latin1 } from '../crypto/index.ts';

/** Bounded memory of things read from bytes, by content: the value never depends on anything else. */
export class ContentCache<T> {
  readonly #entries = new Map<string, { bytes: Uint8Array; value: T }>();
  readonly #read: (bytes: Uint8Array) => T;
  readonly #kept: number;
  readonly #maxSize: number;

  constructor(read: (bytes: Uint8Array) => T, kept: number, maxSize: number) {
    this.#read = read;
    this.#kept = kept;
    this.#maxSize = maxSize;
  }

  /** The value read from a private copy of `bytes`. @throws what `read` throws; failures are not kept. */
  get(bytes: Uint8Array): T {
    if (bytes.length > this.#maxSize) return this.#read(copy(bytes));
    // What is kept ends in a signature, which tells it apart; the bytes decide.
    const name = latin1(bytes, Math.max(0, bytes.length - TAIL));
    let entry = this.#entries.get(name);
    if (entry && !equal(entry.bytes, bytes)) entry = undefined;
    if (!entry) {
      const own = copy(bytes);
      entry = { bytes: own, value: this.#read(own) };
    }
    this.#entries.delete(name);
    this.#entries.set(name, entry);
    if (this.#entries.size > this.#kept) {
      this.#entries.delete(this.#entries.keys().next().value as string);
    }
    return entry.value;
  }
}

/** Octets that an entry is found by. */
const TAIL = 24;
