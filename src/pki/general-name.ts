/** GeneralName (RFC 5280 4.2.1.6) as a closed union; values are checked for form, not for meaning. */
import { type DerNode, expect, latin1, Malformed, readDer, TAG } from '../crypto/index.ts';
import { type Name, readName } from './name.ts';

export type GeneralName =
  | { readonly kind: 'RFC822' | 'DNS' | 'URI'; readonly text: string }
  | { readonly kind: 'directory'; readonly name: Name }
  /** 4 or 16 octets; 8 or 32, address and mask, in a name constraint. */
  | { readonly kind: 'IP'; readonly bytes: Uint8Array }
  | { readonly kind: 'other' | 'x400' | 'ediParty' | 'registeredID'; readonly raw: Uint8Array };

const TEXT = { 129: 'RFC822', 130: 'DNS', 134: 'URI' } as const;
const OPAQUE = { 160: 'other', 163: 'x400', 165: 'ediParty', 136: 'registeredID' } as const;

/** @throws {Malformed} `x509-general-name` */
export function readGeneralName(node: DerNode): GeneralName {
  const text = TEXT[node.tag as keyof typeof TEXT];
  if (text) {
    if (node.value.some((byte) => byte < 0x20 || byte > 0x7e)) {
      throw new Malformed('x509-general-name', `${text} name is not IA5 text`, node.at);
    }
    return { kind: text, text: latin1(node.value) };
  }
  if (node.tag === 0x87) return { kind: 'IP', bytes: node.value };
  if (node.tag === 0xa4 && node.children.length === 1) {
    return { kind: 'directory', name: readName(node.children[0]) };
  }
  const opaque = OPAQUE[node.tag as keyof typeof OPAQUE];
  if (opaque) return { kind: opaque, raw: node.raw };
  throw new Malformed('x509-general-name', 'unknown name form', node.at);
}

/** GeneralNames ::= SEQUENCE SIZE (1..MAX), here by its members. */
export function readGeneralNames(members: readonly DerNode[]): GeneralName[] {
  if (members.length === 0) throw new Malformed('x509-general-name', 'no name');
  return members.map(readGeneralName);
}

/** Content of subjectAltName. */
export function readAltNames(value: Uint8Array): GeneralName[] {
  const names = readGeneralNames(expect(readDer(value), TAG.SEQUENCE, 'GeneralNames').children);
  for (const name of names) {
    if (name.kind === 'IP' && name.bytes.length !== 4 && name.bytes.length !== 16) {
      throw new Malformed('x509-general-name', 'IP address length');
    }
  }
  return names;
}
