/** The bytes of a file, where they are still those of its report: what is shown is what was checked. */
import { sha256Hex } from '../../../crypto/index.ts';
import type { Checked } from './checks.svelte.ts';

/** @returns the bytes that were checked; null where the file is another one by now, or gone */
export async function bytesOf({ file, report }: Checked): Promise<Uint8Array | null> {
  try {
    const bytes = new Uint8Array(await file.arrayBuffer());
    return (await sha256Hex(bytes)) === report.sha256 ? bytes : null;
  } catch {
    return null;
  }
}
