/**
 * Strict DER (X.690 clause 10): definite minimal lengths, minimal integers and OID arcs, one
 * encoding per value, no trailing bytes, bounded depth and size. Lenient BER for CMS lives in `cms`.
 */
import { Malformed } from './malformed.ts';

export const TAG = {
  BOOLEAN: 0x01,
  INTEGER: 0x02,
  BIT_STRING: 0x03,
  OCTET_STRING: 0x04,
  NULL: 0x05,
  OID: 0x06,
  ENUMERATED: 0x0a,
  UTF8: 0x0c,
  PRINTABLE: 0x13,
  TELETEX: 0x14,
  IA5: 0x16,
  UTC_TIME: 0x17,
  GENERALIZED_TIME: 0x18,
  VISIBLE: 0x1a,
  UNIVERSAL: 0x1c,
  BMP: 0x1e,
  SEQUENCE: 0x30,
  SET: 0x31,
} as const;

/** A TLV. `tag` is the identifier octet (low-tag form only: nothing in this field needs high tags). */
export interface DerNode {
  readonly tag: number;
  /** The whole TLV. */
  readonly raw: Uint8Array;
  /** The value octets. */
  readonly value: Uint8Array;
  /** Offset of the TLV in the outermost input. */
  readonly at: number;
  /** Components of a constructed value; empty for a primitive one. */
  readonly children: readonly DerNode[];
}

export interface DerLimits {
  maxDepth?: number;
  maxNodes?: number;
}

/**
 * Reads exactly one DER value that fills `bytes`.
 * @throws {Malformed} `der-*` codes; depth (default 40) and node count (default 200 000) are bounded.
 */
export function readDer(bytes: Uint8Array, limits: DerLimits = {}): DerNode {
  const budget = { nodes: limits.maxNodes ?? 200_000 };
  const node = readNode(bytes, 0, bytes.length, limits.maxDepth ?? 40, budget);
  if (node.stop !== bytes.length) {
    throw new Malformed('der-trailing', 'bytes after the value', node.stop);
  }
  return node;
}

function readNode(
  bytes: Uint8Array,
  start: number,
  end: number,
  depth: number,
  budget: { nodes: number },
): Node {
  if (depth <= 0) throw new Malformed('der-depth', 'nested too deeply', start);
  if (--budget.nodes < 0) throw new Malformed('der-size', 'too many values', start);
  if (start + 2 > end) throw new Malformed('der-truncated', 'no room for a header', start);
  const tag = bytes[start] as number;
  if ((tag & 0x1f) === 0x1f) throw new Malformed('der-tag', 'high tag number', start);
  let at = start + 1;
  let length = bytes[at++] as number;
  if (length === 0x80) throw new Malformed('der-indefinite', 'indefinite length', start);
  if (length > 0x80) {
    const count = length & 0x7f;
    if (count > 4 || at + count > end) throw new Malformed('der-length', 'length field', start);
    length = 0;
    for (let i = 0; i < count; i++) length = length * 256 + (bytes[at++] as number);
    if (length < 0x80 || (count > 1 && length < 2 ** (8 * (count - 1)))) {
      throw new Malformed('der-length', 'length not minimal', start);
    }
  }
  const stop = at + length;
  if (stop > end) throw new Malformed('der-truncated', 'value runs past its parent', start);
  const node = new Node(tag, bytes, start, at, stop);
  if (tag & 0x20) {
    const children: DerNode[] = [];
    while (at < stop) {
      const child = readNode(bytes, at, stop, depth - 1, budget);
      children.push(child);
      at = child.stop;
    }
    node.children = children;
  } else if (CHECKED.has(tag)) {
    checkPrimitive(tag, node.value, start);
  }
  return node;
}

const NONE: readonly DerNode[] = [];

/** Views are made when they are asked for: most nodes are passed by, and a view costs more than a node. */
class Node implements DerNode {
  readonly tag: number;
  readonly at: number;
  /** Offset after the TLV. */
  readonly stop: number;
  children = NONE;
  readonly #bytes: Uint8Array;
  /** Offset of the value. */
  readonly #from: number;
  #raw: Uint8Array | undefined;
  #value: Uint8Array | undefined;

  constructor(tag: number, bytes: Uint8Array, at: number, from: number, stop: number) {
    this.tag = tag;
    this.#bytes = bytes;
    this.at = at;
    this.#from = from;
    this.stop = stop;
  }

  get raw(): Uint8Array {
    this.#raw ??= this.#bytes.subarray(this.at, this.stop);
    return this.#raw;
  }

  get value(): Uint8Array {
    this.#value ??= this.#bytes.subarray(this.#from, this.stop);
    return this.#value;
  }
}

/** Primitive types with rules of their own about content. */
const CHECKED: ReadonlySet<number> = new Set([
  TAG.BOOLEAN,
  TAG.INTEGER,
  TAG.ENUMERATED,
  TAG.BIT_STRING,
  TAG.NULL,
  TAG.OID,
  TAG.SEQUENCE & ~0x20,
  TAG.SET & ~0x20,
]);

function checkPrimitive(tag: number, value: Uint8Array, at: number): void {
  switch (tag) {
    case TAG.BOOLEAN:
      if (value.length !== 1 || (value[0] !== 0 && value[0] !== 0xff)) {
        throw new Malformed('der-boolean', 'boolean is 00 or FF', at);
      }
      return;
    case TAG.INTEGER:
    case TAG.ENUMERATED: {
      const [a, b] = value;
      if (a === undefined) throw new Malformed('der-integer', 'empty integer', at);
      if (b !== undefined && ((a === 0 && b < 0x80) || (a === 0xff && b >= 0x80))) {
        throw new Malformed('der-integer', 'integer not minimal', at);
      }
      return;
    }
    case TAG.BIT_STRING: {
      const unused = value[0];
      if (unused === undefined || unused > 7 || (unused > 0 && value.length === 1)) {
        throw new Malformed('der-bit-string', 'unused bits', at);
      }
      if (unused > 0 && ((value[value.length - 1] as number) & ((1 << unused) - 1)) !== 0) {
        throw new Malformed('der-bit-string', 'unused bits not zero', at);
      }
      return;
    }
    case TAG.NULL:
      if (value.length !== 0) throw new Malformed('der-null', 'NULL with content', at);
      return;
    case TAG.OID: {
      if (value.length === 0 || (value[value.length - 1] as number) >= 0x80) {
        throw new Malformed('der-oid', 'OID ends inside an arc', at);
      }
      for (let i = 0; i < value.length; i++) {
        if (value[i] === 0x80 && (i === 0 || (value[i - 1] as number) < 0x80)) {
          throw new Malformed('der-oid', 'arc not minimal', at);
        }
      }
      return;
    }
    case TAG.SEQUENCE & ~0x20:
    case TAG.SET & ~0x20:
      throw new Malformed('der-tag', 'SEQUENCE or SET not constructed', at);
  }
}

/** Dotted form of an OBJECT IDENTIFIER node. @throws {Malformed} when the node is none. */
export function oidOf(node: DerNode | undefined): string {
  if (node?.tag !== TAG.OID) throw new Malformed('der-type', 'OID expected', node?.at);
  const arcs: (number | bigint)[] = [];
  let arc: number | bigint = 0;
  for (const byte of node.value) {
    // Arcs under 2.25 are UUIDs (X.667): beyond what a number holds.
    if (typeof arc === 'number' && arc > Number.MAX_SAFE_INTEGER / 256) arc = BigInt(arc);
    arc = typeof arc === 'bigint' ? arc * 128n + BigInt(byte & 0x7f) : arc * 128 + (byte & 0x7f);
    if (arc > 1n << 160n) throw new Malformed('der-oid', 'huge arc', node.at);
    if (byte < 0x80) {
      if (arcs.length === 0) {
        const top = arc < 40 ? 0 : arc < 80 ? 1 : 2;
        arcs.push(top, typeof arc === 'bigint' ? arc - BigInt(40 * top) : arc - 40 * top);
      } else arcs.push(arc);
      arc = 0;
    }
  }
  return arcs.join('.');
}

export function integerOf(node: DerNode | undefined): bigint {
  if (node?.tag !== TAG.INTEGER && node?.tag !== TAG.ENUMERATED) {
    throw new Malformed('der-type', 'INTEGER expected', node?.at);
  }
  let n = 0n;
  for (const byte of node.value) n = (n << 8n) | BigInt(byte);
  return (node.value[0] as number) >= 0x80 ? n - (1n << BigInt(8 * node.value.length)) : n;
}

/** A small non-negative INTEGER. @throws {Malformed} outside 0 … 2^31-1. */
export function smallIntegerOf(node: DerNode | undefined): number {
  const n = integerOf(node);
  if (n < 0n || n > 0x7fffffffn) throw new Malformed('der-integer', 'out of range', node?.at);
  return Number(n);
}

/** Octets of a BIT STRING without unused bits (keys, signatures). */
export function bitStringOf(node: DerNode | undefined): Uint8Array {
  if (node?.tag !== TAG.BIT_STRING || node.value[0] !== 0) {
    throw new Malformed('der-type', 'BIT STRING of whole octets expected', node?.at);
  }
  return node.value.subarray(1);
}

/** A node of this tag, or a refusal. `what` names the field in the message. */
export function expect(node: DerNode | undefined, tag: number, what: string): DerNode {
  if (node?.tag !== tag) throw new Malformed('der-type', `${what}: unexpected type`, node?.at);
  return node;
}
