/** Comparing distinguished names (RFC 5280 7.1): prepared as RFC 4518 asks, then compared as text. */
import { TAG, toHex } from '../crypto/index.ts';
import type { Name, NameAttribute } from './name.ts';

const TEXTUAL: readonly number[] = [TAG.UTF8, TAG.PRINTABLE, TAG.TELETEX, TAG.IA5, TAG.BMP];

/** RFC 4518 2.2, mapped to nothing; what remains of category C cannot serve as our separators. */
const NOTHING =
  /[\u0000-\u0008\u000e-\u001f\u007f-\u0084\u0086-\u009f\u00ad\u06dd\u070f\u1806\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2063\u206a-\u206f\ufeff\ufff9-\ufffb]|\u034f|[\u180b-\u180d]/g;

function prepared(attribute: NameAttribute): string {
  // Octets that are no text of their type are compared as octets.
  const text = attribute.text;
  if (!TEXTUAL.includes(attribute.tag) || text.includes('\ufffd')) {
    return `${attribute.tag}#${toHex(attribute.bytes)}`;
  }
  const folded = text.replace(NOTHING, '').normalize('NFKC').toLowerCase().normalize('NFKC');
  return `"${folded.replace(/[\s\u0085]+/g, ' ').trim()}`;
}

const prepareds = new WeakMap<Name, readonly string[]>();

/** One comparable string per RDN. */
function comparableRdns(name: Name): readonly string[] {
  let rdns = prepareds.get(name);
  if (!rdns) {
    rdns = name.rdns.map((rdn) =>
      rdn
        .map((attribute) => `${attribute.oid}\u0001${prepared(attribute)}`)
        .sort()
        .join('\u0002'),
    );
    prepareds.set(name, rdns);
  }
  return rdns;
}

const keys = new WeakMap<Name, string>();

/** Two names are the same exactly when these are. Not for show. */
export function nameKey(name: Name): string {
  let key = keys.get(name);
  if (key === undefined) {
    key = comparableRdns(name).join('\u0003');
    keys.set(name, key);
  }
  return key;
}

/** Whether `name` lies in the subtree of `base` (RFC 5280 4.2.1.10): its first RDNs are those of base. */
export function isWithin(name: Name, base: Name): boolean {
  const rdns = comparableRdns(name);
  return comparableRdns(base).every((rdn, i) => rdns[i] === rdn);
}
