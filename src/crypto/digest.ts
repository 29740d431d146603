/** Digests by their names in this house; SM3 is loaded only when asked for. */
import { owned, toHex } from './bytes.ts';
import { Sha256 } from './sha256.ts';

export type DigestName = 'SHA-1' | 'SHA-256' | 'SHA-384' | 'SHA-512' | 'SM3';

/** Up to here the platform's digest takes longer to reach than ours to run. */
const SMALL = 2048;

export async function digest(name: DigestName, data: Uint8Array): Promise<Uint8Array> {
  if (name === 'SM3') return (await import('./sm/sm3.ts')).sm3(data);
  if (name === 'SHA-256' && data.length <= SMALL) return new Sha256().update(data).digest();
  return new Uint8Array(await crypto.subtle.digest(name, owned(data)));
}

export async function sha256(data: Uint8Array): Promise<Uint8Array> {
  return digest('SHA-256', data);
}

export async function sha256Hex(data: Uint8Array): Promise<string> {
  return toHex(await sha256(data));
}
