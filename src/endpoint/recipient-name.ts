import { sha256Hex } from '../crypto/index.ts';

/** How a recipient is named in `PackageDescription.recipients`: by issuer and serial, as in CMS. */
export function recipientName(issuer: Uint8Array, serial: Uint8Array): Promise<string> {
  return sha256Hex(Buffer.concat([issuer, serial]));
}
