/** Names and order of a package's entries (ETSI EN 319 162-1 4.4, and design section 5). */
import { latin1, Malformed } from '../crypto/index.ts';
import { MANIFEST, SIGNATURE } from './manifest.ts';
import type { Entry } from './zip.ts';

export const MIMETYPE = 'application/vnd.etsi.asic-e+zip';
export const RECORD = 'record.json';
export const BODY = 'body.p7m';
export const FOLDER = 'files/';
/** What a part is called that is enveloped for the package's recipients. */
export const ENVELOPED = '.p7m';
/** What a file is called that its author enveloped himself, for fewer or others than the rest. */
export const OWN_ENVELOPE = '.cms';

export const TYPE_JSON = 'application/json';
export const TYPE_ENVELOPED = 'application/pkcs7-mime';
export const TYPE_ANY = 'application/octet-stream';

export interface Layout {
  readonly record: Uint8Array;
  /** Everything that the manifest lists, in order: record, body, files. */
  readonly payload: readonly Entry[];
  readonly manifest: Uint8Array;
  readonly signature: Uint8Array;
}

/** @throws {Malformed} `package-layout` for entries other than these, in this order. */
export function readLayout(entries: readonly Entry[]): Layout {
  const [mimetype, record] = entries;
  const [manifest, signature] = entries.slice(-2);
  const payload = entries.slice(1, -2);
  if (mimetype?.name !== 'mimetype' || latin1(mimetype.bytes) !== MIMETYPE) {
    throw new Malformed('package-mimetype', 'no ASiC-E package');
  }
  if (record?.name !== RECORD || payload.length < 1) {
    throw new Malformed('package-layout', 'the record is missing');
  }
  if (manifest?.name !== MANIFEST || signature?.name !== SIGNATURE) {
    throw new Malformed('package-layout', 'manifest or signature is missing');
  }
  payload.slice(1).forEach(({ name }, i) => {
    const body = i === 0 && name === BODY;
    if (!body && !/^files\/[^/]+$/.test(name)) {
      throw new Malformed('package-layout', `unexpected entry ${name}`);
    }
  });
  const plain = payload.map(({ name }) => name.replace(/\.p7m$/, '').toLowerCase());
  if (new Set(plain).size !== plain.length) {
    throw new Malformed('package-layout', 'a file both public and enveloped');
  }
  return {
    record: record.bytes,
    payload,
    manifest: manifest.bytes,
    signature: signature.bytes,
  };
}
