/**
 * One append-only segment: records of `CNB1`, length, SHA-256 of the payload, payload. A reader
 * goes on behind what is damaged; where one bit changed in a header or a small payload, the digest
 * tells which, and the record is whole again.
 */
import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';

const MAGIC = Buffer.from('CNB1');
export const RECORD_HEADER = 40;
/** Largest payload: one package with its description. */
export const MAX_PAYLOAD = 33 * 1024 * 1024;
/** Payloads up to this are searched for one changed bit; entries of the log are far smaller. */
const SMALL = 10 * 1024;

export function encodeRecord(payload: Uint8Array): Buffer {
  const header = Buffer.alloc(RECORD_HEADER);
  MAGIC.copy(header, 0);
  header.writeUInt32BE(payload.length, 4);
  digestOf(payload).copy(header, 8);
  return Buffer.concat([header, payload]);
}

/** Octets from `offset` to `end` that are no whole record. */
export interface DamagedStretch {
  offset: number;
  end: number;
  /** Of a single record whose bounds are known: its payload as it stands, or as it was written. */
  payload: Buffer | null;
  /** The payload is proven by its digest: only the record's header, or one bit, was damaged. */
  restored: boolean;
}

export interface SegmentVisitor {
  /** @param offset of the payload in the file */
  onRecord(payload: Buffer, offset: number): void | Promise<void>;
  /** In order with the records; one that is restored is not told as a record as well. */
  onDamage(damage: DamagedStretch): void | Promise<void>;
}

/**
 * Reads a segment from its beginning to its end.
 * @param last whether a torn write may stand at its end
 * @returns the offset from which a torn write is to be cut; the size where there is none
 */
export async function scanSegment(
  file: FileHandle,
  last: boolean,
  { onRecord, onDamage }: SegmentVisitor,
): Promise<number> {
  const { size } = await file.stat();
  for (let at = 0; at < size; ) {
    const found = await recordAt(file, at, size);
    if (found?.intact) {
      await onRecord(found.payload, at + RECORD_HEADER);
      at = found.end;
      continue;
    }
    if (found) {
      const { end, payload, restored } = found;
      await onDamage({ offset: at, end, payload, restored });
      at = end;
      continue;
    }
    const next = await nextRecord(file, at + 1, size);
    if (next === size && last && (await isTorn(file, at, size))) return at;
    await onDamage({ offset: at, end: next, payload: null, restored: false });
    at = next;
  }
  return size;
}

interface Found {
  payload: Buffer;
  end: number;
  intact: boolean;
  restored: boolean;
}

/** @returns null where neither the digest nor what follows tells where the record ends */
async function recordAt(file: FileHandle, at: number, size: number): Promise<Found | null> {
  const header = await readFully(file, at, RECORD_HEADER);
  if (!header) return null;
  const digest = header.subarray(8);
  const magic = header.subarray(0, 4).equals(MAGIC);
  const length = header.readUInt32BE(4);
  const read = async (octets: number) =>
    octets <= MAX_PAYLOAD && at + RECORD_HEADER + octets <= size
      ? readFully(file, at + RECORD_HEADER, octets)
      : null;
  const found = (payload: Buffer, state: Pick<Found, 'intact' | 'restored'>): Found => ({
    payload,
    end: at + RECORD_HEADER + payload.length,
    ...state,
  });
  const payload = await read(length);
  const actual = payload && digestOf(payload);
  if (payload && actual?.equals(digest)) return found(payload, { intact: magic, restored: !magic });
  if (!magic) return null;
  for (let bit = 0; bit < 32; bit++) {
    const other = await read((length ^ (1 << bit)) >>> 0);
    if (other && digestOf(other).equals(digest))
      return found(other, { intact: false, restored: true });
  }
  if (!payload || !actual) return null;
  const end = at + RECORD_HEADER + length;
  const follows = end === size || (await readFully(file, end, 4))?.equals(MAGIC);
  if (!follows) return null;
  const restored = differByOneBit(actual, digest) || correctOneBit(payload, digest);
  return found(payload, { intact: false, restored });
}

function differByOneBit(a: Buffer, b: Buffer): boolean {
  let bits = 0;
  for (const [i, octet] of a.entries()) {
    for (let rest = octet ^ (b[i] ?? 0); rest > 0; rest &= rest - 1) bits++;
  }
  return bits === 1;
}

/** Turns the one bit back whose change explains the digest. @returns whether there is one */
function correctOneBit(payload: Buffer, digest: Buffer): boolean {
  if (payload.length > SMALL) return false;
  for (let bit = 0; bit < 8 * payload.length; bit++) {
    const at = bit >> 3;
    const octet = payload[at] as number;
    payload[at] = octet ^ (1 << (bit & 7));
    if (digestOf(payload).equals(digest)) return true;
    payload[at] = octet;
  }
  return false;
}

const WINDOW = 1024 * 1024;

/** Where the next whole record begins, at `from` or behind it; `size` where there is none. */
async function nextRecord(file: FileHandle, from: number, size: number): Promise<number> {
  for (let start = from; start + RECORD_HEADER <= size; start += WINDOW) {
    const length = Math.min(WINDOW + MAGIC.length - 1, size - start);
    const window = (await readFully(file, start, length)) ?? Buffer.alloc(0);
    for (let at = window.indexOf(MAGIC); at >= 0; at = window.indexOf(MAGIC, at + 1)) {
      if ((await recordAt(file, start + at, size))?.intact) return start + at;
    }
  }
  return size;
}

/** A write that was never acknowledged: it says more octets than there are, or left zeros. */
async function isTorn(file: FileHandle, at: number, size: number): Promise<boolean> {
  const rest = size - at;
  const header = await readFully(file, at, Math.min(rest, RECORD_HEADER));
  if (!header) return false;
  if (rest < RECORD_HEADER) return true;
  const length = header.readUInt32BE(4);
  const short = at + RECORD_HEADER + length > size && length <= MAX_PAYLOAD;
  if (header.subarray(0, 4).equals(MAGIC) && short) return true;
  if (rest > MAX_PAYLOAD) return false;
  return (await readFully(file, at, rest))?.every((octet) => octet === 0) ?? false;
}

const digestOf = (payload: Uint8Array): Buffer => createHash('sha256').update(payload).digest();

/** @returns null where the file ends before. */
export async function readFully(
  file: FileHandle,
  offset: number,
  length: number,
): Promise<Buffer | null> {
  const buffer = Buffer.alloc(length);
  for (let done = 0; done < length; ) {
    const { bytesRead } = await file.read(buffer, done, length - done, offset + done);
    if (bytesRead === 0) return null;
    done += bytesRead;
  }
  return buffer;
}

export async function writeFully(file: FileHandle, bytes: Buffer, offset: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const { bytesWritten } = await file.write(bytes, done, bytes.length - done, offset + done);
    done += bytesWritten;
  }
}
