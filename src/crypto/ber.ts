/**
 * A bounded reader of BER (X.690 clause 8) for CMS made by others: indefinite lengths, lengths that
 * are not minimal and constructed octet strings are accepted and re-encoded, so that every node's
 * `raw` is in DER lengths. Values that were DER already keep their very bytes: certificates and
 * their signatures are untouched.
 */
import { type DerLimits, type DerNode, TAG } from './der.ts';
import * as derWrite from './der-write.ts';
import { Malformed } from './malformed.ts';

const CONSTRUCTED_OCTET_STRING = 0x24;

/** What one reading may still spend. */
interface Budget {
  nodes: number;
}

/** A node, the octets that it took in the input, and whether these differ from `node.raw`. */
interface Read {
  readonly node: DerNode;
  readonly length: number;
  readonly changed: boolean;
}

/**
 * Reads one BER value at the start of `bytes`; what follows it is the caller's business.
 * Values of primitive types are not checked here.
 * @returns the node with DER lengths and the octets that it took, end-of-contents included.
 * @throws {Malformed} `ber-*`; depth (default 40) and node count (default 200 000) are bounded.
 */
export function readBer(
  bytes: Uint8Array,
  limits: DerLimits = {},
): { node: DerNode; length: number } {
  const budget = { nodes: limits.maxNodes ?? 200_000 };
  const { node, length } = readNode(bytes, 0, bytes.length, limits.maxDepth ?? 40, budget);
  return { node, length };
}

function readNode(
  bytes: Uint8Array,
  start: number,
  end: number,
  depth: number,
  budget: Budget,
): Read {
  if (depth <= 0) throw new Malformed('ber-depth', 'nested too deeply', start);
  if (--budget.nodes < 0) throw new Malformed('ber-size', 'too many values', start);
  if (start + 2 > end) throw new Malformed('ber-truncated', 'no room for a header', start);
  const tag = bytes[start] as number;
  if (tag === 0 || (tag & 0x1f) === 0x1f) throw new Malformed('ber-tag', 'tag', start);
  const head = readLength(bytes, start, end);
  if (head.length === null && !(tag & 0x20)) {
    throw new Malformed('ber-length', 'indefinite length of a primitive value', start);
  }
  const stop = head.length === null ? end : head.at + head.length;
  if (stop > end) throw new Malformed('ber-truncated', 'value runs past its parent', start);
  if (!(tag & 0x20)) {
    return finish(tag, bytes.subarray(start, stop), bytes.subarray(head.at, stop), [], head, start);
  }
  const children: Read[] = [];
  let at = head.at;
  while (head.length === null ? !endOfContents(bytes, at, stop) : at < stop) {
    const child = readNode(bytes, at, stop, depth - 1, budget);
    children.push(child);
    at += child.length;
  }
  const value = bytes.subarray(head.at, at);
  if (head.length === null) at += 2;
  return finish(tag, bytes.subarray(start, at), value, children, head, start);
}

function endOfContents(bytes: Uint8Array, at: number, end: number): boolean {
  if (at + 2 > end) throw new Malformed('ber-truncated', 'no end of contents', at);
  return bytes[at] === 0 && bytes[at + 1] === 0;
}

function readLength(
  bytes: Uint8Array,
  start: number,
  end: number,
): { length: number | null; at: number; minimal: boolean } {
  let at = start + 1;
  const first = bytes[at++] as number;
  if (first === 0x80) return { length: null, at, minimal: false };
  if (first < 0x80) return { length: first, at, minimal: true };
  const count = first & 0x7f;
  if (count > 8 || at + count > end) throw new Malformed('ber-length', 'length field', start);
  let length = 0;
  for (let i = 0; i < count; i++) length = length * 256 + (bytes[at++] as number);
  const minimal = length >= 0x80 && bytes[start + 2] !== 0;
  return { length, at, minimal };
}

function finish(
  tag: number,
  whole: Uint8Array,
  value: Uint8Array,
  reads: readonly Read[],
  head: { minimal: boolean },
  at: number,
): Read {
  const length = whole.length;
  const children = reads.map((read) => read.node);
  if (tag === CONSTRUCTED_OCTET_STRING) {
    const raw = derWrite.octetString(joinOctets(children, at));
    return { node: leaf(TAG.OCTET_STRING, raw, at), length, changed: true };
  }
  if ((tag & 0xc0) === 0 && tag & 0x20 && tag !== TAG.SEQUENCE && tag !== TAG.SET) {
    throw new Malformed('ber-tag', 'constructed string', at);
  }
  if (head.minimal && !reads.some((read) => read.changed)) {
    return { node: { tag, raw: whole, value, at, children }, length, changed: false };
  }
  const raw = reads.length
    ? derWrite.tlv(tag, ...children.map((child) => child.raw))
    : derWrite.tlv(tag, value);
  return { node: { ...leaf(tag, raw, at), children }, length, changed: true };
}

/** A node over a TLV that this house wrote, with minimal length. */
function leaf(tag: number, raw: Uint8Array, at: number): DerNode {
  const first = raw[1] as number;
  const header = first < 0x80 ? 2 : 2 + (first & 0x7f);
  return { tag, raw, value: raw.subarray(header), at, children: [] };
}

/** Segments of a constructed octet string, joined. @throws {Malformed} `ber-tag` */
function joinOctets(segments: readonly DerNode[], at?: number): Uint8Array {
  let length = 0;
  for (const segment of segments) {
    if (segment.tag !== TAG.OCTET_STRING) throw new Malformed('ber-tag', 'segment', at);
    length += segment.value.length;
  }
  const out = new Uint8Array(length);
  let to = 0;
  for (const segment of segments) {
    out.set(segment.value, to);
    to += segment.value.length;
  }
  return out;
}
