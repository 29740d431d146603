/**
 * The path of a request target (RFC 9112 3.2). A target in origin form is not an address: `//` or
 * `//[` in it is a path like any other, and is never read as an authority.
 */
import type { IncomingMessage } from 'node:http';

/** @returns the path without query, still percent-encoded; null where the target names none */
export function pathOf({ url = '' }: Pick<IncomingMessage, 'url'>): string | null {
  if (url.startsWith('/')) return url.split(/[?#]/, 1)[0] ?? null;
  // Absolute form, which every server has to accept.
  return /^https?:\/\/[^/]/i.test(url) && URL.canParse(url) ? new URL(url).pathname : null;
}
