/** What a record of the store holds: a head or a content with its description, or an entry of the log. */
import { type SuiteDigest, utf8 } from '../crypto/index.ts';
import type { Descriptor } from '../sync/log/index.ts';

/** What admission learnt of a head. */
export interface HeadDescription {
  kind: 'head';
  digest: SuiteDigest;
  type: string;
  /** SHA-256 hex of the signing certificate. */
  signer: string;
  /** Id of the opening head, or a licence's number; null where this head opens the case. */
  case: string | null;
  /** Licence number that it issues, or null. */
  number: string | null;
  party: string | null;
  prev: string[];
  to: string[];
  contents: { digest: string; length: number; enveloped: boolean }[];
}

/** A content, and the head that names it. */
export interface ContentDescription {
  kind: 'content';
  digest: SuiteDigest;
  type: 'content';
  of: string;
  enveloped: boolean;
}

export type Description = HeadDescription | ContentDescription;

export const OBJECT = 1;
const LOG = 2;

export type Payload =
  | { kind: typeof OBJECT; id: string; description: Description; start: number }
  | { kind: typeof LOG; index: number; descriptor: Descriptor; entry: Uint8Array };

export function encodeObject(
  id: string,
  description: Description,
  bytes: Uint8Array,
): { payload: Buffer; start: number } {
  const head = utf8(JSON.stringify({ id, ...description }));
  return { payload: encode(OBJECT, head, bytes), start: 5 + head.length };
}

export function encodeEntry(index: number, descriptor: Descriptor, entry: Uint8Array): Buffer {
  return encode(LOG, utf8(JSON.stringify({ index, descriptor })), entry);
}

function encode(kind: number, head: Uint8Array, body: Uint8Array): Buffer {
  const front = Buffer.alloc(5);
  front[0] = kind;
  front.writeUInt32BE(head.length, 1);
  return Buffer.concat([front, head, body]);
}

/** @returns null where it is neither; of damaged octets the answer is a guess */
export function readPayload(payload: Buffer): Payload | null {
  if (payload.length < 5) return null;
  const kind = payload[0];
  const start = 5 + payload.readUInt32BE(1);
  if (start > payload.length) return null;
  const head = start > 5 ? json(payload.toString('utf8', 5, start)) : {};
  if (kind === OBJECT) {
    const { id, ...description } = head as { id?: unknown } & Description;
    if (typeof id !== 'string' || !/^[0-9a-f]{64}$/.test(id)) return null;
    return { kind, id, description: description as Description, start };
  }
  if (kind !== LOG) return null;
  const { index, descriptor } = head as { index?: unknown; descriptor?: Descriptor };
  if (typeof index !== 'number' || !descriptor) return null;
  return { kind, index, descriptor, entry: Uint8Array.from(payload.subarray(start)) };
}

function json(text: string): object {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
}
