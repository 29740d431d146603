/**
 * Links that invite to a deployment: `#/join/o/<id>` names the trust bundle as a package of the
 * endpoint behind the page, `#/join/b/<base64url>` holds it, deflated. The host of a scanned link is
 * never followed: only what stands after `#` is taken, and the fingerprint is compared all the same.
 */
import { readPackage, writePackageFile } from '../../../packages/index.ts';

/** Most octets of a bundle that a link carries; longer ones are not kept whole by every program. */
export const MOST_IN_LINK = 24 << 10;
const MOST_INFLATED = 8 << 20;

export const linkToObject = (base: string, id: string): string => `${base}#/join/o/${id}`;

/** null where the bundle is too large for a link. */
export async function linkWithBundle(base: string, bundle: Uint8Array): Promise<string | null> {
  const bytes = await through(bundle, new CompressionStream('deflate'), MOST_IN_LINK).catch(
    () => null,
  );
  return bytes && `${base}#/join/b/${base64url(bytes)}`;
}

const INVITATION = /#\/join\/(o\/[0-9a-f]{64}|b\/[A-Za-z0-9_-]+)$/;

/** The page of this app that an invitation leads to; null for any other text. */
export function joinPathOf(text: string): string | null {
  const found = /^https?:\/\//.test(text) ? INVITATION.exec(text) : null;
  return found ? `/join/${found[1]}` : null;
}

/**
 * The bundle that the part of an address after `#/join/` stands for; null where it is none, is not
 * to be had, or is not what the link names.
 */
export async function bundleOfLink(
  rest: string,
  load: (path: string) => Promise<Uint8Array | null>,
): Promise<Uint8Array | null> {
  const [kind, text = ''] = [rest.slice(0, 2), rest.slice(2)];
  if (kind === 'o/' && /^[0-9a-f]{64}$/.test(text)) {
    return (await packageNamed(text, load).catch(() => null)) ?? null;
  }
  if (kind !== 'b/') return null;
  try {
    const packed = Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (c) =>
      c.charCodeAt(0),
    );
    return await through(packed, new DecompressionStream('deflate'), MOST_INFLATED);
  } catch {
    return null;
  }
}

/** Head and contents of a package as one file; null where a part is not to be had, or another one. */
async function packageNamed(
  id: string,
  load: (path: string) => Promise<Uint8Array | null>,
): Promise<Uint8Array | null> {
  const bytes = await load(`/v1/h/${id}`);
  const head = bytes && (await readPackage(bytes));
  if (head?.id !== id) return null;
  const contents = new Map<string, Uint8Array>();
  for (const { name, digest } of head.contents) {
    const content = await load(`/v1/c/${digest}`);
    if (!content) return null;
    contents.set(name, content);
  }
  const file = writePackageFile(head, contents);
  await readPackage(file);
  return file;
}

function base64url(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

/** @throws {RangeError} past `most` octets */
async function through(
  bytes: Uint8Array,
  stream: CompressionStream | DecompressionStream,
  most: number,
): Promise<Uint8Array> {
  const input = new Blob([bytes as BlobPart]).stream().pipeThrough(stream);
  const reader = (input as ReadableStream<Uint8Array>).getReader();
  const parts: Uint8Array[] = [];
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    length += value.length;
    if (length > most) {
      reader.cancel().catch(() => {});
      throw new RangeError('too long');
    }
    parts.push(value);
  }
  const out = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}
