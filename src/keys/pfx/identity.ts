/** Keys and certificates from files, joined to what a vault takes. */
import { type KeyKind, toHex } from '../../crypto/index.ts';
import { type Certificate, readCertificate } from '../../pki/index.ts';
import { sameKey, serves } from '../bind.ts';
import { importKey, type Purpose, type RawKey } from '../private-key.ts';
import { KeyRefused } from '../refused.ts';
import { receives } from '../web-key.ts';

/** What a vault takes: `KeyVault.create({ suite, keys })`, then `setCertificates`. */
export interface ImportedIdentity {
  suite: KeyKind;
  keys: Partial<Record<Purpose, RawKey>>;
  certificates: { signing?: Uint8Array; encryption?: Uint8Array; chain: Uint8Array[] };
}

/**
 * Keys matched with certificates by public key, purposes by keyUsage. A certificate that serves both
 * purposes gives its key to both.
 * @param keys PrivateKeyInfo, DER; wiped
 * @param ders certificates, DER
 * @throws {KeyRefused} `no-key` without any key; `no-certificate` without any certificate;
 * `key-mismatch` where none is for another; `key-usage` where the certificate serves no purpose
 * here; `unsupported-alg` (also for keys of two kinds); `malformed`
 */
export async function identityOf(
  keys: readonly Uint8Array[],
  ders: readonly Uint8Array[],
): Promise<ImportedIdentity> {
  if (keys.length === 0) throw new KeyRefused('no-key', 'no private key');
  if (ders.length === 0) throw new KeyRefused('no-certificate', 'no certificate');
  const certificates = ders.map(readCertificate);
  const identity: ImportedIdentity = { suite: 'P-256', keys: {}, certificates: { chain: [] } };
  let leaf: Certificate | undefined;
  let paired = false;
  for (const pkcs8 of keys) {
    const key = await importKey(pkcs8);
    pkcs8.fill(0);
    const own = certificates.filter((each) => sameKey(each.spki, key.spki));
    paired ||= own.length > 0;
    for (const purpose of ['signing', 'encryption'] as const) {
      const certificate = own.find((each) => serves(each, purpose));
      if (!certificate || identity.keys[purpose]) continue;
      if (purpose === 'encryption' && !receives(key.suite)) continue;
      if (leaf && key.suite !== identity.suite) {
        throw new KeyRefused('unsupported-alg', 'keys of two kinds');
      }
      identity.keys[purpose] = key;
      identity.certificates[purpose] = certificate.der;
      identity.suite = key.suite;
      leaf = leaf ?? certificate;
    }
  }
  if (!leaf) {
    throw new KeyRefused(paired ? 'key-usage' : 'key-mismatch', 'no key with its certificate');
  }
  identity.certificates.chain = chainOf(leaf, certificates);
  return identity;
}

/** Issuers of a certificate among those at hand, nearest first; a self-issued one ends the chain. */
function chainOf(leaf: Certificate, pool: readonly Certificate[]): Uint8Array[] {
  const chain: Uint8Array[] = [];
  const name = (each: Certificate, which: 'issuer' | 'subject') => toHex(each[which].raw);
  let last = leaf;
  while (name(last, 'issuer') !== name(last, 'subject')) {
    const wanted = name(last, 'issuer');
    const next = pool.find((each) => name(each, 'subject') === wanted && !chain.includes(each.der));
    if (!next) break;
    chain.push(next.der);
    last = next;
  }
  return chain;
}
