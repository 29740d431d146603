/** Distinguished names (RFC 5280 4.1.2.4) as values; comparing them is in the path validator. */
import {
  compareBytes,
  type DerNode,
  expect,
  fromUtf8,
  latin1,
  Malformed,
  oidOf,
  TAG,
} from '../crypto/index.ts';
import { shownComposedName } from './common-name.ts';
import { isUscc, withoutPersonalNumbers } from './numbers.ts';
import { stringText } from './shown-text.ts';

export interface NameAttribute {
  readonly oid: string;
  /** Identifier octet of the value's string type. */
  readonly tag: number;
  readonly bytes: Uint8Array;
  /** The value as text, to compare. What people see is {@link attributeText} and {@link nameText}. */
  readonly text: string;
}

export interface Name {
  readonly raw: Uint8Array;
  /** Relative distinguished names, most significant first; each a set. */
  readonly rdns: readonly (readonly NameAttribute[])[];
}

const LABELS: Record<string, string> = {
  '2.5.4.3': 'CN',
  '2.5.4.4': 'SN',
  '2.5.4.5': 'serialNumber',
  '2.5.4.6': 'C',
  '2.5.4.7': 'L',
  '2.5.4.8': 'ST',
  '2.5.4.10': 'O',
  '2.5.4.11': 'OU',
  '2.5.4.12': 'title',
  '2.5.4.42': 'GN',
  '2.5.4.97': 'organizationIdentifier',
  '0.9.2342.19200300.100.1.25': 'DC',
  '1.2.840.113549.1.9.1': 'emailAddress',
};

/** @throws {Malformed} when the node is no Name. */
export function readName(node: DerNode | undefined): Name {
  const list = expect(node, TAG.SEQUENCE, 'Name');
  const rdns = list.children.map((set) =>
    readRdn(expect(set, TAG.SET, 'RelativeDistinguishedName')),
  );
  return { raw: list.raw, rdns };
}

/** Members of an RDN, whatever its outer tag: a set, so in DER order and not empty. */
export function readRdn(set: DerNode): NameAttribute[] {
  if (set.children.length === 0) throw new Malformed('x509-name', 'empty RDN', set.at);
  return set.children.map((pair, i) => {
    const before = set.children[i - 1];
    if (before && compareBytes(before.raw, pair.raw) >= 0) {
      throw new Malformed('der-set', 'SET OF not in order', set.at);
    }
    return readAttribute(pair);
  });
}

/** AttributeTypeAndValue. @throws {Malformed} */
export function readAttribute(pair: DerNode): NameAttribute {
  expect(pair, TAG.SEQUENCE, 'AttributeTypeAndValue');
  const [type, value] = pair.children;
  if (pair.children.length !== 2 || !value) throw new Malformed('x509-name', 'pair', pair.at);
  return { oid: oidOf(type), tag: value.tag, bytes: value.value, text: comparedText(value) };
}

function comparedText(node: DerNode): string {
  switch (node.tag) {
    case TAG.UTF8:
      return fromUtf8(node.value) ?? '�';
    case TAG.BMP:
      return new TextDecoder('utf-16be').decode(node.value);
    default:
      return latin1(node.value);
  }
}

/** First value of an attribute type, or null. */
export function attributeOf(name: Name, oid: string): string | null {
  for (const rdn of name.rdns) for (const a of rdn) if (a.oid === oid) return a.text;
  return null;
}

/** Short name of an attribute type, or its OID. */
export const attributeLabel = (oid: string): string => LABELS[oid] ?? oid;

const shown = ({ tag, bytes }: NameAttribute): string => stringText(tag, bytes);

/** Last, most specific value of an attribute type as people read it, or null. */
export function attributeText(name: Name, oid: string): string | null {
  const last = name.rdns.flat().findLast((attribute) => attribute.oid === oid);
  return last ? shown(last) : null;
}

/** One value for show: personal numbers in it are masked. */
export function shownAttribute(attribute: NameAttribute): string {
  const text = shown(attribute);
  const composed = attribute.oid === COMMON_NAME ? shownComposedName(text) : text;
  return attribute.oid === IDENTIFIER ? composed : withoutPersonalNumbers(composed);
}

/** RFC 4514-like, for people: most specific first. Never compare these strings. */
export function nameText(name: Name): string {
  return [...name.rdns]
    .reverse()
    .map((rdn) => rdn.map((a) => `${attributeLabel(a.oid)}=${shownAttribute(a)}`).join('+'))
    .join(', ');
}

const COMMON_NAME = '2.5.4.3';
const SERIAL_NUMBER = '2.5.4.5';
const ORGANIZATION = '2.5.4.10';
const IDENTIFIER = '2.5.4.97';

/** Unified social credit code that a name states as organizationIdentifier or serialNumber. */
export function usccOf(name: Name): string | null {
  const identifier = attributeOf(name, IDENTIFIER)?.replace(/^NTRCN-/, '');
  return [identifier, attributeOf(name, SERIAL_NUMBER)].find(isUscc) ?? null;
}

/** Organization and unified social credit code as design section 4 writes them. */
export function organizationOf(name: Name): { organization: string | null; uscc: string | null } {
  const organization = attributeOf(name, ORGANIZATION) ?? attributeOf(name, COMMON_NAME);
  return { organization, uscc: usccOf(name) };
}
