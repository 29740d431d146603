/** The bytes of a file, where they are still those of a digest: what is shown is what was checked. */
import { sha256Hex } from '../../../crypto/index.ts';

/** @param hex SHA-256 */
export async function sameBytes(file: Blob, hex: string): Promise<Uint8Array | null> {
  try {
    const bytes = new Uint8Array(await file.arrayBuffer());
    return (await sha256Hex(bytes)) === hex ? bytes : null;
  } catch {
    return null;
  }
}
