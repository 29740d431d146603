/** The certificates a seal may be used with (certList), as themselves or as digests. */
import { type DerNode, digest, equal, expect, latin1, Malformed, TAG } from '../../crypto/index.ts';

export type HolderList =
  | { readonly kind: 'certificates'; readonly certificates: readonly Uint8Array[] }
  | {
      readonly kind: 'digests';
      readonly digests: readonly { readonly algorithm: string; readonly value: Uint8Array }[];
    };

const MAX_HOLDERS = 256;

/**
 * CertInfoList ::= SEQUENCE OF OCTET STRING; what the octets are is not judged here. A string of
 * another type, as one producer writes, is kept as it stands: it is no certificate and matches none.
 */
export function readCertificateList(node: DerNode | undefined, notes: string[]): HolderList {
  const certificates = entries(node).map((child) => {
    if (child.tag === TAG.OCTET_STRING) return child.value;
    if (child.children.length > 0) throw new Malformed('seal-holders', 'certificate', child.at);
    notes.push('a holder is no OCTET STRING');
    return child.raw;
  });
  return { kind: 'certificates', certificates };
}

/** CertDigestList ::= SEQUENCE OF SEQUENCE { type PrintableString, value OCTET STRING }. */
export function readDigestList(node: DerNode | undefined): HolderList {
  const digests = entries(node).map((child) => {
    const [type, value] = expect(child, TAG.SEQUENCE, 'CertDigestObj').children;
    if (child.children.length !== 2) throw new Malformed('seal-holders', 'CertDigestObj', child.at);
    return {
      algorithm: latin1(expect(type, TAG.PRINTABLE, 'digest name').value),
      value: expect(value, TAG.OCTET_STRING, 'digest').value,
    };
  });
  return { kind: 'digests', digests };
}

function entries(node: DerNode | undefined): readonly DerNode[] {
  const { children, at } = expect(node, TAG.SEQUENCE, 'certList');
  if (children.length > MAX_HOLDERS) throw new Malformed('seal-holders', 'too many holders', at);
  return children;
}

const DIGESTS: Record<string, 'SM3' | 'SHA-256'> = {
  SM3: 'SM3',
  '1.2.156.10197.1.401': 'SM3',
  SHA256: 'SHA-256',
  'SHA-256': 'SHA-256',
  '2.16.840.1.101.3.4.2.1': 'SHA-256',
};

/**
 * Whether the seal names this certificate, byte for byte or by its digest. A renewed certificate
 * is another certificate: it needs a new seal (GM/T 0031 6.2.2 c). An unknown digest name matches
 * nothing.
 */
export async function holderListed(holders: HolderList, certificate: Uint8Array): Promise<boolean> {
  if (holders.kind === 'certificates') {
    return holders.certificates.some((holder) => equal(holder, certificate));
  }
  for (const { algorithm, value } of holders.digests) {
    const name = DIGESTS[algorithm.toUpperCase()];
    if (name && equal(value, await digest(name, certificate))) return true;
  }
  return false;
}
