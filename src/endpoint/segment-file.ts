/**
 * One append-only segment: records of `CNB1`, length, SHA-256 of the payload, payload. A reader
 * stops at the first record that is not whole; the writer cuts the file there before it goes on.
 */
import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';

const MAGIC = Buffer.from('CNB1');
export const RECORD_HEADER = 40;
/** Largest payload: one package with its description. */
export const MAX_PAYLOAD = 33 * 1024 * 1024;

export function encodeRecord(payload: Uint8Array): Buffer {
  const header = Buffer.alloc(RECORD_HEADER);
  MAGIC.copy(header, 0);
  header.writeUInt32BE(payload.length, 4);
  createHash('sha256').update(payload).digest().copy(header, 8);
  return Buffer.concat([header, payload]);
}

export interface ScannedRecord {
  /** Offset of the payload in the file. */
  offset: number;
  payload: Buffer;
}

/**
 * Reads every whole record in order.
 * @returns the offset after the last whole record: everything behind it is a torn write
 */
export async function scanSegment(
  file: FileHandle,
  onRecord: (record: ScannedRecord) => void | Promise<void>,
): Promise<number> {
  const { size } = await file.stat();
  let at = 0;
  while (at + RECORD_HEADER <= size) {
    const header = await readFully(file, at, RECORD_HEADER);
    const length = header?.readUInt32BE(4) ?? 0;
    if (!header?.subarray(0, 4).equals(MAGIC) || length > MAX_PAYLOAD) return at;
    const payload = await readFully(file, at + RECORD_HEADER, length);
    if (!payload) return at;
    const hash = createHash('sha256').update(payload).digest();
    if (!hash.equals(header.subarray(8, 40))) return at;
    await onRecord({ offset: at + RECORD_HEADER, payload });
    at += RECORD_HEADER + length;
  }
  return at;
}

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
