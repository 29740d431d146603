/** What a signature covers, in the shapes that callers have it in. */
import { concat, type DigestName, digest, sha256InSteps } from '../crypto/index.ts';

/**
 * Bytes; byte ranges that are signed as one string (a PDF's); or somebody who computes the digest
 * himself (large files, content that lives elsewhere).
 */
export type Content =
  | Uint8Array
  | { readonly ranges: readonly Uint8Array[] }
  | { digest(name: DigestName): Promise<Uint8Array> };

/** Ranges longer than this in total are not copied together, where the digest can go in steps. */
const COPIED = 64 << 20;

export async function digestContent(name: DigestName, content: Content): Promise<Uint8Array> {
  if (content instanceof Uint8Array) return digest(name, content);
  if ('digest' in content) return content.digest(name);
  const { ranges } = content;
  const [only] = ranges;
  if (only && ranges.length === 1) return digest(name, only);
  const length = ranges.reduce((sum, range) => sum + range.length, 0);
  if (name === 'SHA-256' && length > COPIED) return sha256InSteps(ranges);
  return digest(name, concat(...ranges));
}

/** The content itself, or null where only its digest can be had. */
export function contentBytes(content: Content): Uint8Array | null {
  if (content instanceof Uint8Array) return content;
  return 'ranges' in content ? concat(...content.ranges) : null;
}
