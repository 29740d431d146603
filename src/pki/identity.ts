/** Identity extensions of Chinese certificates (GB/T 20518-2018 5.2.4.2; 1.2.86.11.7 before it). */
import { type DerNode, readDer } from '../crypto/index.ts';
import type { Extension } from './certificate.ts';
import { masked, withoutPersonalNumbers } from './numbers.ts';
import { stringText } from './shown-text.ts';

/** Key of `IDENTITY` for an extension; null for any other. */
export type IdentityKind =
  | 'identityCode'
  | 'insuranceNumber'
  | 'registrationNumber'
  | 'organizationCode'
  | 'taxationNumber';

const KINDS: readonly IdentityKind[] = [
  'identityCode',
  'insuranceNumber',
  'registrationNumber',
  'organizationCode',
  'taxationNumber',
];
const ARCS = ['1.2.156.10260.4.1.', '1.2.86.11.7.'];

export function identityKind(oid: string): IdentityKind | null {
  const arc = ARCS.find((prefix) => oid.startsWith(prefix));
  return (arc && KINDS[Number(oid.slice(arc.length)) - 1]) || null;
}

/** A person's number: shown masked only. */
export const isPersonal = (kind: IdentityKind): boolean =>
  kind === 'identityCode' || kind === 'insuranceNumber';

/** The number as it stands in the extension; CAs write any string type, tagged or bare. */
export function identityText(value: Uint8Array): string {
  try {
    return leafText(readDer(value, { maxDepth: 6, maxNodes: 20 }));
  } catch {
    return stringText(0, value).trim();
  }
}

function leafText(node: DerNode): string {
  const [child] = node.children;
  if (child) return leafText(child);
  // [0] to [2] of IdentityCode, implicitly tagged.
  return stringText(node.tag >= 0x80 ? 0 : node.tag, node.value).trim();
}

/** The number as it may be shown. */
export function shownIdentity({ oid, value }: Pick<Extension, 'oid' | 'value'>): string {
  const kind = identityKind(oid);
  const text = identityText(value);
  return kind && isPersonal(kind) ? masked(text) : withoutPersonalNumbers(text);
}
