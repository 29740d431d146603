import type { PfxInput, PfxReport } from './pfx/index.ts';

/** Opens a PKCS #12 file and says what is in it; loads its reader when first asked. Never throws. */
export async function openPfx(input: PfxInput): Promise<PfxReport> {
  return (await import('./pfx/index.ts')).openPfx(input);
}
