/**
 * What a signature cannot cover and somebody may still change: the spelling of the hex string in
 * Contents, and embedded certificates that its signed list (signingCertificateV2) does not name.
 * Neither alters what was signed; both are told.
 */
import type { CmsReport } from '../../cms/index.ts';
import { digest, equal } from '../../crypto/index.ts';
import { type Coverage, columnsOf } from './byte-range.ts';

/** Letters of both cases in Contents: no producer writes so, somebody changed it afterwards. */
export function mixedHex(bytes: Uint8Array, { gap: [start, end] }: Coverage): boolean {
  const columns = columnsOf(bytes, start + 1, end - 1);
  return (columns & 0x10) !== 0 && (columns & 0x40) !== 0;
}

/** A signed list of several certificates is complete: every one embedded is in it, and the reverse. */
export async function listsOtherCertificates(cms: CmsReport): Promise<boolean> {
  if (!cms.ok || cms.essHashes.length < 2) return false;
  const named = new Set<Uint8Array>();
  for (const { hash, value } of cms.essHashes) {
    const digests = await Promise.all(cms.certificates.map((der) => digest(hash, der)));
    const found = cms.certificates.filter((_, i) => equal(digests[i] as Uint8Array, value));
    if (found.length === 0) return true;
    for (const der of found) named.add(der);
  }
  return named.size < cms.certificates.length;
}
