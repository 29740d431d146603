/**
 * CBOR (RFC 8949) in its one deterministic encoding (4.2.1): definite lengths, shortest integers,
 * map keys in bytewise order and never twice, no floats, no undefined, well-formed UTF-8. A value
 * has one encoding, and the reader refuses every other. A relaxed reading for foreign data exists
 * for comparison with public vectors; nothing of ours uses it for a verdict.
 */
import { type Bytes, compareBytes, concat, fromUtf8, utf8 } from './bytes.ts';
import { Malformed } from './malformed.ts';

export type Cbor =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | CborTag
  | readonly Cbor[]
  | ReadonlyMap<Cbor, Cbor>;

export class CborTag {
  readonly tag: number;
  readonly value: Cbor;
  constructor(tag: number, value: Cbor) {
    this.tag = tag;
    this.value = value;
  }
}

export interface CborOptions {
  /** Also indefinite lengths, longer integers, floats, undefined (as null) and any key order. */
  relaxed?: boolean;
}

const MAX_DEPTH = 16;

/** @throws {TypeError} for a number that is no safe integer; use bigint up to 64 bits */
export function writeCbor(value: Cbor): Bytes {
  if (value === null) return new Uint8Array([0xf6]);
  if (typeof value === 'boolean') return new Uint8Array([value ? 0xf5 : 0xf4]);
  if (typeof value === 'number' || typeof value === 'bigint') {
    if (typeof value === 'number' && !Number.isSafeInteger(value))
      throw new TypeError('no integer');
    const n = BigInt(value);
    return n >= 0n ? head(0, n) : head(1, -1n - n);
  }
  if (typeof value === 'string') return withHead(3, utf8(value));
  if (value instanceof Uint8Array) return withHead(2, value);
  if (value instanceof CborTag) return concat(head(6, value.tag), writeCbor(value.value));
  if (value instanceof Map) {
    const entries = [...value].map(([key, item]) => [writeCbor(key), writeCbor(item)] as const);
    entries.sort((a, b) => compareBytes(a[0], b[0]));
    return concat(head(5, entries.length), ...entries.flat());
  }
  const list = value as readonly Cbor[];
  return concat(head(4, list.length), ...list.map(writeCbor));
}

const withHead = (major: number, bytes: Uint8Array): Bytes =>
  concat(head(major, bytes.length), bytes);

function head(major: number, value: bigint | number): Bytes {
  const n = BigInt(value);
  if (n < 24n) return new Uint8Array([(major << 5) | Number(n)]);
  const size = n < 0x100n ? 1 : n < 0x10000n ? 2 : n < 0x100000000n ? 4 : 8;
  if (n > 0xffffffffffffffffn) throw new TypeError('more than 64 bits');
  const out = new Uint8Array(1 + size);
  out[0] = (major << 5) | (23 + { 1: 1, 2: 2, 4: 3, 8: 4 }[size]);
  for (let i = 0; i < size; i++) out[size - i] = Number((n >> BigInt(8 * i)) & 0xffn);
  return out;
}

/**
 * Reads exactly one value that fills `bytes`.
 * @throws {Malformed} `cbor-…`
 */
export function readCbor(bytes: Uint8Array, options: CborOptions = {}): Cbor {
  const reader = new Reader(bytes, options.relaxed ?? false);
  const value = reader.value(MAX_DEPTH);
  if (reader.at !== bytes.length) throw new Malformed('cbor-trailing', 'bytes after it', reader.at);
  return value;
}

/** Ends an indefinite-length item. */
const BREAK = Symbol('break');

class Reader {
  at = 0;
  readonly #bytes: Uint8Array;
  readonly #relaxed: boolean;

  constructor(bytes: Uint8Array, relaxed: boolean) {
    this.#bytes = bytes;
    this.#relaxed = relaxed;
  }

  #fail(code: string, message: string): never {
    throw new Malformed(code, message, this.at);
  }

  #take(length: number): Uint8Array {
    if (length > this.#bytes.length - this.at) this.#fail('cbor-truncated', 'too short');
    this.at += length;
    return this.#bytes.subarray(this.at - length, this.at);
  }

  value(depth: number): Cbor {
    const value = this.#item(depth);
    return value === BREAK ? this.#fail('cbor-break', 'a break outside') : value;
  }

  #item(depth: number): Cbor | typeof BREAK {
    if (depth <= 0) this.#fail('cbor-depth', 'nested too deeply');
    const [initial] = this.#take(1) as unknown as [number];
    const major = initial >> 5;
    const info = initial & 31;
    if (major === 7) return this.#simple(info);
    if (info === 31) return this.#indefinite(major, depth);
    const n = this.#argument(info);
    if (major === 0) return small(n);
    if (major === 1) return small(-1n - n);
    const most = major === 6 ? Number.MAX_SAFE_INTEGER : this.#bytes.length;
    if (n > BigInt(most)) {
      this.#fail(
        major === 6 ? 'cbor-tag' : 'cbor-truncated',
        'longer than the input, or a huge tag',
      );
    }
    const length = Number(n);
    switch (major) {
      case 2:
        return this.#take(length);
      case 3:
        return this.#text(this.#take(length));
      case 4:
        return Array.from({ length }, () => this.value(depth - 1));
      case 5: {
        const map = new Map<Cbor, Cbor>();
        const order: { last: Uint8Array | null } = { last: null };
        for (let i = 0; i < length; i++) this.#pair(map, order, depth);
        return map;
      }
      default:
        return new CborTag(length, this.value(depth - 1));
    }
  }

  #argument(info: number): bigint {
    if (info < 24) return BigInt(info);
    if (info > 27) this.#fail('cbor-reserved', 'a reserved length');
    const size = 1 << (info - 24);
    let n = 0n;
    for (const byte of this.#take(size)) n = (n << 8n) | BigInt(byte);
    const least = size === 1 ? 24n : 1n << BigInt(4 * size);
    if (n < least && !this.#relaxed) this.#fail('cbor-shortest', 'not the shortest form');
    return n;
  }

  #text(bytes: Uint8Array): string {
    return fromUtf8(bytes) ?? this.#fail('cbor-utf8', 'not UTF-8');
  }

  #pair(map: Map<Cbor, Cbor>, order: { last: Uint8Array | null }, depth: number): boolean {
    const start = this.at;
    const key = this.#item(depth - 1);
    if (key === BREAK) return false;
    const bytes = this.#bytes.subarray(start, this.at);
    if (!this.#relaxed && order.last && compareBytes(order.last, bytes) >= 0) {
      this.#fail('cbor-order', 'keys out of order');
    }
    order.last = bytes;
    if (typeof key === 'object' && key !== null) this.#fail('cbor-key', 'key of this type');
    if (map.has(key)) this.#fail('cbor-key', 'a key twice');
    map.set(key, this.value(depth - 1));
    return true;
  }

  #simple(info: number): Cbor | typeof BREAK {
    if (info === 20 || info === 21) return info === 21;
    if (info === 22) return null;
    if (this.#relaxed) {
      if (info === 23) return null;
      if (info === 31) return BREAK;
      const view = (size: number) => new DataView(this.#take(size).slice().buffer);
      if (info === 25) return half(view(2).getUint16(0));
      if (info === 26) return view(4).getFloat32(0);
      if (info === 27) return view(8).getFloat64(0);
    }
    return this.#fail('cbor-simple', 'a float or simple value');
  }

  #indefinite(major: number, depth: number): Cbor {
    if (!this.#relaxed) this.#fail('cbor-indefinite', 'indefinite length');
    if (major === 5) {
      const map = new Map<Cbor, Cbor>();
      const order = { last: null };
      while (this.#pair(map, order, depth));
      return map;
    }
    const parts: Cbor[] = [];
    for (let item = this.#item(depth - 1); item !== BREAK; item = this.#item(depth - 1)) {
      parts.push(item);
    }
    if (major === 4) return parts;
    const kind = major === 2 ? 'object' : 'string';
    if ((major !== 2 && major !== 3) || parts.some((part) => typeof part !== kind)) {
      this.#fail('cbor-indefinite', 'chunks of another type');
    }
    return major === 3 ? parts.join('') : concat(...(parts as Uint8Array[]));
  }
}

function small(n: bigint): number | bigint {
  return n >= BigInt(Number.MIN_SAFE_INTEGER) && n <= BigInt(Number.MAX_SAFE_INTEGER)
    ? Number(n)
    : n;
}

/** IEEE 754 binary16. */
function half(bits: number): number {
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 0x3ff;
  const sign = bits & 0x8000 ? -1 : 1;
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return exponent === 0
    ? sign * fraction * 2 ** -24
    : sign * (1024 + fraction) * 2 ** (exponent - 25);
}
