/**
 * What a signature cannot cover and somebody may still change: the spelling of the hex string in
 * Contents, and embedded certificates that its signed list (signingCertificateV2) does not name.
 * Neither alters what was signed; both are told.
 */
import type { CmsReport } from '../../cms/index.ts';
import { equal, sha256 } from '../../crypto/index.ts';
import type { Coverage } from './byte-range.ts';

/** Letters of both cases in Contents: no producer writes so, somebody changed it afterwards. */
export function mixedHex(bytes: Uint8Array, { gap: [start, end] }: Coverage): boolean {
  let upper = false;
  let lower = false;
  for (let at = start + 1; at < end - 1; at++) {
    const byte = bytes[at] as number;
    if (byte >= 0x61) lower = true;
    else if (byte >= 0x41) upper = true;
  }
  return upper && lower;
}

/** A signed list of several certificates is complete: every one embedded is in it, and the reverse. */
export async function listsOtherCertificates(cms: CmsReport): Promise<boolean> {
  if (!cms.ok || cms.essHashes.length < 2) return false;
  const embedded = await Promise.all(cms.certificates.map((der) => sha256(der)));
  const listed = (hash: Uint8Array, list: Uint8Array[]) => list.some((each) => equal(each, hash));
  return (
    embedded.some((hash) => !listed(hash, cms.essHashes)) ||
    cms.essHashes.some((hash) => !listed(hash, embedded))
  );
}
