/** Where CRLs are, and what a CRL covers (RFC 5280 4.2.1.13, 5.2.5). */
import { type DerNode, expect, Malformed, readDer, TAG } from '../crypto/index.ts';
import { namedBits } from './extensions.ts';
import { type GeneralName, readGeneralNames } from './general-name.ts';
import { type Name, type NameAttribute, readRdn } from './name.ts';

/** Full names, or an RDN that completes the CRL issuer's name. */
export type DistributionPointName =
  | { readonly full: readonly GeneralName[] }
  | { readonly relative: readonly NameAttribute[] };

export interface DistributionPoint {
  readonly name: DistributionPointName | null;
  /** ReasonFlags, first bit lowest; null: all. */
  readonly reasons: number | null;
  readonly cRLIssuer: readonly GeneralName[] | null;
}

export interface IssuingDistributionPoint {
  readonly name: DistributionPointName | null;
  readonly onlyUserCerts: boolean;
  readonly onlyCaCerts: boolean;
  readonly onlyAttributeCerts: boolean;
  readonly onlySomeReasons: number | null;
  readonly indirect: boolean;
}

/** Every revocation reason: bits 1 to 8 of ReasonFlags. */
export const ALL_REASONS = 0x1fe;

function readPointName(wrapper: DerNode): DistributionPointName {
  const [choice, extra] = wrapper.children;
  if (!choice || extra) throw new Malformed('x509-extension', 'DistributionPointName', wrapper.at);
  if (choice.tag === 0xa0) return { full: readGeneralNames(choice.children) };
  if (choice.tag === 0xa1) return { relative: readRdn(choice) };
  throw new Malformed('x509-extension', 'DistributionPointName', choice.at);
}

/** Content of cRLDistributionPoints and freshestCRL. */
export function readDistributionPoints(value: Uint8Array): DistributionPoint[] {
  const list = expect(readDer(value), TAG.SEQUENCE, 'CRLDistributionPoints').children;
  if (list.length === 0) throw new Malformed('x509-extension', 'no distribution point');
  return list.map((node) => {
    const parts = [...expect(node, TAG.SEQUENCE, 'DistributionPoint').children];
    const take = (tag: number) => (parts[0]?.tag === tag ? (parts.shift() as DerNode) : null);
    const name = take(0xa0);
    const reasons = take(0x81);
    const issuer = take(0xa2);
    if (parts.length > 0 || (!name && !issuer)) {
      throw new Malformed('x509-extension', 'DistributionPoint', node.at);
    }
    return {
      name: name && readPointName(name),
      reasons: reasons && namedBits(reasons.value, 'ReasonFlags'),
      cRLIssuer: issuer && readGeneralNames(issuer.children),
    };
  });
}

/** Content of issuingDistributionPoint; an empty one is refused (RFC 5280 5.2.5). */
export function readIssuingDistributionPoint(value: Uint8Array): IssuingDistributionPoint {
  const parts = [...expect(readDer(value), TAG.SEQUENCE, 'IssuingDistributionPoint').children];
  if (parts.length === 0) throw new Malformed('x509-extension', 'empty IDP');
  const take = (tag: number) => (parts[0]?.tag === tag ? (parts.shift() as DerNode) : null);
  const flag = (tag: number) => {
    const node = take(tag);
    if (!node) return false;
    // DEFAULT FALSE is not encoded.
    if (node.value.length !== 1 || node.value[0] !== 0xff) {
      throw new Malformed('x509-extension', 'IDP flag', node.at);
    }
    return true;
  };
  const name = take(0xa0);
  const onlyUserCerts = flag(0x81);
  const onlyCaCerts = flag(0x82);
  const reasons = take(0x83);
  const indirect = flag(0x84);
  const onlyAttributeCerts = flag(0x85);
  const scopes = Number(onlyUserCerts) + Number(onlyCaCerts) + Number(onlyAttributeCerts);
  if (parts.length > 0 || scopes > 1) throw new Malformed('x509-extension', 'IDP');
  return {
    name: name && readPointName(name),
    onlyUserCerts,
    onlyCaCerts,
    onlyAttributeCerts,
    onlySomeReasons: reasons && namedBits(reasons.value, 'ReasonFlags'),
    indirect,
  };
}

/** The names a distribution point goes by; `relative` is completed with the CRL issuer's name. */
export function pointNames(
  name: DistributionPointName,
  issuers: readonly Name[],
): readonly GeneralName[] {
  if ('full' in name) return name.full;
  return issuers.map((issuer) => ({
    kind: 'directory',
    name: { raw: issuer.raw, rdns: [...issuer.rdns, name.relative] },
  }));
}
