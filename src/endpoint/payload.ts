/** What a record of the store holds: a package with its description, or an entry of the log. */
import { utf8 } from '../crypto/index.ts';

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

export const OBJECT = 1;
const LOG = 2;

export type Payload =
  | { kind: typeof OBJECT; id: string; description: PackageDescription; start: number }
  /** `index` in the log; null in records of before it was written along. */
  | { kind: typeof LOG; index: number | null; entry: Uint8Array };

export function encodeObject(
  id: string,
  description: PackageDescription,
  bytes: Uint8Array,
): { payload: Buffer; start: number } {
  const head = utf8(JSON.stringify({ id, ...description }));
  return { payload: encode(OBJECT, head, bytes), start: 5 + head.length };
}

export function encodeEntry(index: number, entry: Uint8Array): Buffer {
  return encode(LOG, utf8(JSON.stringify({ index })), entry);
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
    const { id, ...description } = head as { id?: unknown } & PackageDescription;
    if (typeof id !== 'string' || !/^[0-9a-f]{64}$/.test(id)) return null;
    return { kind, id, description, start };
  }
  if (kind !== LOG) return null;
  const index = (head as { index?: unknown }).index;
  const entry = Uint8Array.from(payload.subarray(start));
  return { kind, index: typeof index === 'number' ? index : null, entry };
}

function json(text: string): object {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
}
