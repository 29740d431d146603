import { fromBase64 } from '../../../crypto/index.ts';

const PEM = /-----BEGIN ([A-Z0-9 ]+)-----([A-Za-z0-9+/=\s]+)-----END \1-----/g;

/** The DER of every PEM block, or the bytes themselves where they are DER. */
export function derBlocks(bytes: Uint8Array): Uint8Array[] {
  if (bytes[0] === 0x30) return [bytes];
  const text = new TextDecoder('latin1').decode(bytes);
  return [...text.matchAll(PEM)].flatMap(
    ([, , body]) => fromBase64((body ?? '').replace(/\s/g, '')) ?? [],
  );
}
