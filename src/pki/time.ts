import { type DerNode, latin1, Malformed, TAG } from '../crypto/index.ts';

/**
 * UTCTime or GeneralizedTime in the one form of RFC 5280 4.1.2.5: seconds, `Z`, no fraction.
 * @returns milliseconds since 1970
 * @throws {Malformed} `x509-time`
 */
export function readTime(node: DerNode | undefined): number {
  const text = node ? latin1(node.value) : '';
  let digits: string | undefined;
  if (node?.tag === TAG.UTC_TIME && /^\d{12}Z$/.test(text)) {
    digits = (Number(text.slice(0, 2)) < 50 ? '20' : '19') + text.slice(0, 12);
  } else if (node?.tag === TAG.GENERALIZED_TIME && /^\d{14}Z$/.test(text)) {
    digits = text.slice(0, 14);
  }
  const parts = digits?.match(/^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/);
  if (!parts) throw new Malformed('x509-time', 'not a DER time', node?.at);
  const [, year, month, day, hour, minute, second] = parts;
  const iso = `${year}-${month}-${day}T${hour}:${minute}:${second}.000Z`;
  const time = Date.parse(iso);
  if (Number.isNaN(time) || new Date(time).toISOString() !== iso) {
    throw new Malformed('x509-time', 'no such time', node?.at);
  }
  return time;
}
