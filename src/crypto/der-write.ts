/** Writing DER: each function returns one whole TLV. */
import { type Bytes, compareBytes, concat, utf8 } from './bytes.ts';
import { TAG } from './der.ts';

export function tlv(tag: number, ...parts: readonly Uint8Array[]): Bytes {
  const value = concat(...parts);
  const n = value.length;
  const head: number[] = [tag];
  if (n < 0x80) head.push(n);
  else {
    const size: number[] = [];
    for (let rest = n; rest > 0; rest = Math.floor(rest / 256)) size.unshift(rest % 256);
    head.push(0x80 | size.length, ...size);
  }
  return concat(new Uint8Array(head), value);
}

export const sequence = (...parts: readonly Uint8Array[]): Bytes => tlv(TAG.SEQUENCE, ...parts);

/** SET OF: members in DER order. */
export const setOf = (...parts: readonly Uint8Array[]): Bytes =>
  tlv(TAG.SET, ...[...parts].sort(compareBytes));

export const octetString = (bytes: Uint8Array): Bytes => tlv(TAG.OCTET_STRING, bytes);

/** BIT STRING of whole octets. */
export const bitString = (bytes: Uint8Array): Bytes =>
  tlv(TAG.BIT_STRING, new Uint8Array([0]), bytes);

export const nullValue = (): Bytes => tlv(TAG.NULL);

export const boolean = (value: boolean): Bytes =>
  tlv(TAG.BOOLEAN, new Uint8Array([value ? 0xff : 0]));

export function integer(value: bigint | number): Bytes {
  let n = BigInt(value);
  const bytes: number[] = [];
  do {
    bytes.unshift(Number(n & 0xffn));
    n >>= 8n;
  } while (
    !(n === 0n && (bytes[0] as number) < 0x80) &&
    !(n === -1n && (bytes[0] as number) >= 0x80)
  );
  return tlv(TAG.INTEGER, new Uint8Array(bytes));
}

/** A non-negative INTEGER from big-endian octets. */
export function unsignedInteger(bytes: Uint8Array): Bytes {
  let start = 0;
  while (start < bytes.length - 1 && bytes[start] === 0) start++;
  const digits = bytes.length === 0 ? new Uint8Array([0]) : bytes.subarray(start);
  return (digits[0] as number) >= 0x80
    ? tlv(TAG.INTEGER, new Uint8Array([0]), digits)
    : tlv(TAG.INTEGER, digits);
}

export function oid(dotted: string): Bytes {
  const [top = 0n, second = 0n, ...rest] = dotted.split('.').map(BigInt);
  const out: number[] = [];
  for (const arc of [top * 40n + second, ...rest]) {
    const digits = [Number(arc & 0x7fn)];
    for (let n = arc >> 7n; n > 0n; n >>= 7n) digits.unshift(0x80 | Number(n & 0x7fn));
    out.push(...digits);
  }
  return tlv(TAG.OID, new Uint8Array(out));
}

export const utf8String = (text: string): Bytes => tlv(TAG.UTF8, utf8(text));
export const ia5String = (text: string): Bytes => tlv(TAG.IA5, utf8(text));
export const printableString = (text: string): Bytes => tlv(TAG.PRINTABLE, utf8(text));

/** GeneralizedTime in its DER form: `YYYYMMDDHHMMSSZ`, whole seconds. */
export function generalizedTime(time: Date): Bytes {
  return tlv(
    TAG.GENERALIZED_TIME,
    utf8(`${time.toISOString().slice(0, 19).replace(/[-:T]/g, '')}Z`),
  );
}

/** `[n]` constructed, context-specific: EXPLICIT, or IMPLICIT of a constructed type. */
export const context = (n: number, ...parts: readonly Uint8Array[]): Bytes =>
  tlv(0xa0 | n, ...parts);

/** `[n]` primitive, context-specific. */
export const contextPrimitive = (n: number, value: Uint8Array): Bytes => tlv(0x80 | n, value);
