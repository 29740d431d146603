/**
 * Adopting trust bundles: the first is pinned by comparing its fingerprint, each later one must
 * continue the chain (numbering and hashes as in TUF). The caller has verified the package.
 */
import { type Bytes, fromBase64, toBase64 } from '../../crypto/index.ts';
import { readCertificate } from '../certificate.ts';
import { certificateId, keyId } from '../certificate-id.ts';
import type { TrustBundle } from '../trust.ts';
import { checkDigests } from './trust-json.ts';

/** A bundle with what its package says beside it. */
export interface ReceivedBundle {
  bundle: TrustBundle;
  /** SHA-256 hex of the package. */
  id: string;
  /** The package's signing certificate, DER. */
  signer: Uint8Array;
}

export type BundleAnswer =
  | 'ok'
  /** The very bundle that is in force. */
  | 'same'
  /** Lower number or earlier date than what is in force. */
  | 'rollback'
  /** Another bundle of the same number, or one that follows another predecessor. */
  | 'fork'
  /** Signed under a root that is neither the one in force nor the announced next one. */
  | 'wrong-root'
  /** The package was not signed by the root that the bundle states. */
  | 'wrong-signer'
  | 'other-deployment'
  /** A pilot never becomes real, nor the reverse. */
  | 'pilot'
  /** A roster id or the deployment's name is not the digest it should be. */
  | 'bundle-roster'
  | 'bundle-deployment';

/** Name of the signing root's certificate, in groups of four digits: what people compare on joining. */
export async function bundleFingerprint(bundle: TrustBundle): Promise<string> {
  const digest = await certificateId(fromBase64(bundle.root) as Bytes);
  return (digest.match(/.{4}/g) as string[]).join(' ');
}

/** Whether a bundle may be offered for joining; that its fingerprint is right, a person decides. */
export async function acceptFirst(next: ReceivedBundle): Promise<BundleAnswer> {
  if (toBase64(next.signer) !== next.bundle.root) return 'wrong-signer';
  return ((await checkDigests(next.bundle)) as BundleAnswer | null) ?? 'ok';
}

/**
 * Whether `next` may take the place of `current`. Numbers may be skipped (a device that slept gets
 * the newest); a skipped root change needs the bundle that announced it.
 */
export async function acceptUpdate(
  current: Pick<ReceivedBundle, 'bundle' | 'id'>,
  next: ReceivedBundle,
): Promise<BundleAnswer> {
  const [old, fresh] = [current.bundle, next.bundle];
  if (fresh.deployment !== old.deployment) return 'other-deployment';
  if (fresh.pilot !== old.pilot) return 'pilot';
  if (!(await continuesRoot(old, fresh))) return 'wrong-root';
  const sound = await acceptFirst(next);
  if (sound !== 'ok') return sound;
  if (fresh.seq < old.seq) return 'rollback';
  if (fresh.seq === old.seq) return next.id === current.id ? 'same' : 'fork';
  if (fresh.seq === old.seq + 1 && fresh.previous !== current.id) return 'fork';
  return Date.parse(fresh.issuedAt) < Date.parse(old.issuedAt) ? 'rollback' : 'ok';
}

/** The same root, or the one whose key the bundle in force announced. */
async function continuesRoot(old: TrustBundle, fresh: TrustBundle): Promise<boolean> {
  if (fresh.root === old.root) return true;
  const { spki } = readCertificate(fromBase64(fresh.root) as Bytes);
  return old.nextRoot !== undefined && (await keyId(spki)) === old.nextRoot;
}

/** How old a bundle is at `time` (ISO 8601). Past `nextUpdate` no verdict is plainly valid. */
export function bundleAge(
  bundle: Pick<TrustBundle, 'issuedAt' | 'nextUpdate'>,
  time: string,
): { state: 'fresh' | 'stale' | 'not-yet'; ageSeconds: number; overdueSeconds: number } {
  const at = Date.parse(time);
  const seconds = (from: string) => Math.floor((at - Date.parse(from)) / 1000);
  const ageSeconds = seconds(bundle.issuedAt);
  const overdueSeconds = Math.max(0, seconds(bundle.nextUpdate));
  const stale = at > Date.parse(bundle.nextUpdate);
  return {
    state: stale ? 'stale' : ageSeconds < 0 ? 'not-yet' : 'fresh',
    ageSeconds,
    overdueSeconds,
  };
}
