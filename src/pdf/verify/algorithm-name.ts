/** Names of signature algorithms that files have and that are not computed here. */
const NAMES: Readonly<Record<string, string>> = {
  '1.2.840.10040.4.3': 'DSA with SHA-1',
  '1.2.840.113549.1.1.2': 'RSA with MD2',
  '1.2.840.113549.1.1.4': 'RSA with MD5',
  '1.2.840.113549.1.1.10': 'RSASSA-PSS',
  '1.2.840.113549.1.1.14': 'RSA with SHA-224',
  '1.3.36.3.3.1.2': 'RSA with RIPEMD-160',
  '1.3.101.112': 'Ed25519',
  '1.3.101.113': 'Ed448',
  '1.2.643.7.1.1.3.2': 'GOST R 34.10-2012',
  '2.16.840.1.101.3.4.3.2': 'DSA with SHA-256',
  '2.16.840.1.101.3.4.3.13': 'RSA with SHA3-224',
  '2.16.840.1.101.3.4.3.18': 'ML-DSA-65',
};

/** @returns its name, or the object identifier */
export function algorithmName(oid: string): string {
  return NAMES[oid] ?? (oid || '?');
}
