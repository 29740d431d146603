/** The text of a name attribute as people may see it. Comparing names never looks at it. */
import { fromUtf8, latin1, TAG } from '../crypto/index.ts';

const HAN = /^[\p{Script=Han}\p{Script=Latin}\p{N}\p{P}\p{S} ]*$/u;

/**
 * Text of a string type. Old CAs write UTF-8 or GBK into TeletexString and PrintableString; such
 * octets are read as what they make sense as, else as Latin-1.
 */
export function stringText(tag: number, bytes: Uint8Array): string {
  if (tag === TAG.BMP) return new TextDecoder('utf-16be').decode(bytes);
  if (tag === TAG.UTF8) return fromUtf8(bytes) ?? '�';
  if (tag === TAG.UNIVERSAL) return utf32(bytes);
  if (bytes.every((byte) => byte < 0x80)) return latin1(bytes);
  return fromUtf8(bytes) ?? gbk(bytes) ?? latin1(bytes);
}

function utf32(bytes: Uint8Array): string {
  let out = '';
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 0; at + 4 <= bytes.length; at += 4) {
    const point = view.getUint32(at);
    out += point <= 0x10ffff ? String.fromCodePoint(point) : '�';
  }
  return out;
}

function gbk(bytes: Uint8Array): string | null {
  try {
    const text = new TextDecoder('gbk', { fatal: true }).decode(bytes);
    return HAN.test(text) && /\p{Script=Han}/u.test(text) ? text : null;
  } catch {
    return null;
  }
}
