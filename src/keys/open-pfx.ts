import type { PfxInput, PfxReport } from './pfx/index.ts';

/** Opens a PKCS #12 file and says what is in it; loads its reader when first asked. Never throws. */
export async function openPfx(input: PfxInput): Promise<PfxReport> {
  return (await import('./pfx/index.ts')).openPfx(input);
}

/** Estimated seconds that opening takes on a slow device; 0 for what is no PKCS #12 file. */
export async function pfxSeconds(pfx: Uint8Array): Promise<number> {
  try {
    return (await import('./pfx/index.ts')).keyFileSeconds([pfx]);
  } catch {
    return 0;
  }
}
