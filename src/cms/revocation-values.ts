/**
 * Revocation data inside a signature: Adobe's revocationInfoArchival, signed (ISO 32000-2,
 * 12.8.3.3.2), revocation-values of CAdES, unsigned (ETSI EN 319 122-1, A.1.2), and OCSP answers
 * among the CRLs (RFC 5940). Each proves by its own signature, wherever it stands.
 */
import { type DerNode, derWrite, Malformed, oidOf, readDer, TAG } from '../crypto/index.ts';

export interface RevocationValues {
  /** DER. */
  readonly crls: Uint8Array[];
  /** OCSPResponse, DER. */
  readonly ocsps: Uint8Array[];
}

const ADOBE = '1.2.840.113583.1.1.8';
const CADES = '1.2.840.113549.1.9.16.2.24';
const BASIC_OCSP = '1.3.6.1.5.5.7.48.1.1';
const OCSP_AMONG_CRLS = '1.3.6.1.5.5.7.16.2';
const MAX_ITEMS = 100;

interface Attribute {
  readonly oid: string;
  readonly values: readonly DerNode[];
}

/** What the attributes hold, in their order; what cannot be read is left out. */
export function revocationValues(attributes: readonly Attribute[]): RevocationValues {
  const out: RevocationValues = { crls: [], ocsps: [] };
  for (const { oid, values } of attributes) {
    if (oid !== ADOBE && oid !== CADES) continue;
    // Both are SEQUENCE { crls [0] SEQUENCE OF … OPTIONAL, ocsps [1] SEQUENCE OF … OPTIONAL, … }.
    for (const part of values[0]?.children ?? []) {
      const items = (part.children[0]?.children ?? []).filter(({ tag }) => tag === TAG.SEQUENCE);
      const ders = items.slice(0, MAX_ITEMS).map(({ raw }) => raw);
      if (part.tag === 0xa0) out.crls.push(...ders);
      if (part.tag === 0xa1) out.ocsps.push(...(oid === CADES ? ders.map(wholeResponse) : ders));
    }
  }
  return out;
}

/** OtherRevocationInfoFormat that holds an OCSP answer; null for any other. */
export function ocspAmongCrls(node: DerNode): Uint8Array | null {
  const [format, info] = node.children;
  if (node.tag !== 0xa1 || !format || !info) return null;
  try {
    return oidOf(format) === OCSP_AMONG_CRLS && readDer(info.raw) ? info.raw : null;
  } catch (error) {
    if (error instanceof Malformed) return null;
    throw error;
  }
}

/** CAdES keeps the BasicOCSPResponse alone. */
function wholeResponse(basic: Uint8Array): Uint8Array {
  const { sequence, tlv, oid, octetString } = derWrite;
  const successful = tlv(0x0a, Uint8Array.of(0));
  return sequence(successful, tlv(0xa0, sequence(oid(BASIC_OCSP), octetString(basic))));
}
