/** Digests by their names in this house; SM3 is loaded only when asked for. */
import { owned, toHex } from './bytes.ts';

export type DigestName = 'SHA-1' | 'SHA-256' | 'SHA-384' | 'SHA-512' | 'SM3';

export async function digest(name: DigestName, data: Uint8Array): Promise<Uint8Array> {
  if (name === 'SM3') return (await import('./sm/sm3.ts')).sm3(data);
  return new Uint8Array(await crypto.subtle.digest(name, owned(data)));
}

export async function sha256(data: Uint8Array): Promise<Uint8Array> {
  return digest('SHA-256', data);
}

export async function sha256Hex(data: Uint8Array): Promise<string> {
  return toHex(await sha256(data));
}
