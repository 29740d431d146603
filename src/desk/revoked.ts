/** Whether somebody's certificate is revoked, by the lists that this device has. */
import { toHex } from '../crypto/index.ts';
import { newestCrls, readCertificate, type TrustBundle } from '../pki/index.ts';
import { issuerOf } from './authority/books.ts';

const lists = new WeakMap<TrustBundle, ReturnType<typeof newestCrls>>();

/** @returns since when, ISO 8601; null where it is not */
export async function revokedSince(
  bundle: TrustBundle,
  signing: Uint8Array,
): Promise<string | null> {
  const known = lists.get(bundle) ?? newestCrls(bundle);
  lists.set(bundle, known);
  const issuer = await issuerOf(bundle, signing);
  const { serial } = readCertificate(signing);
  const entry = issuer ? (await known).get(issuer)?.revoked.get(toHex(serial)) : undefined;
  return entry ? new Date(entry.time).toISOString() : null;
}
