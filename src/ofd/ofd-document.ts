/**
 * An OFD opened once: each Signature.xml is parsed once and each file hashed once, however often
 * signatures name it. Otherwise few kilobytes could ask for hours of work.
 */
import { type DigestName, digest, Malformed } from '../crypto/index.ts';
import {
  type Files,
  type ListedSignature,
  listedSignatures,
  type OfdSignature,
  readSignature,
} from './ofd-signature.ts';
import { readZip } from './zip.ts';

export class OfdDocument {
  readonly files: Files;
  readonly listed: readonly ListedSignature[];
  readonly #signatures = new Map<string, OfdSignature | Malformed>();
  readonly #digests = new Map<string, Promise<Uint8Array>>();

  /** @throws {Malformed} `zip`, `inflate…`, `ofd`, `xml` */
  constructor(bytes: Uint8Array) {
    this.files = readZip(bytes);
    this.listed = listedSignatures(this.files);
  }

  /** @throws {Malformed} `ofd`, `xml` */
  signature(path: string): OfdSignature {
    let found = this.#signatures.get(path);
    if (!found) {
      try {
        found = readSignature(this.files, path);
      } catch (error) {
        if (!(error instanceof Malformed)) throw error;
        found = error;
      }
      this.#signatures.set(path, found);
    }
    if (found instanceof Malformed) throw found;
    return found;
  }

  /** Digest of a file, or null where there is none of this path. */
  async digestOf(path: string, name: DigestName): Promise<Uint8Array | null> {
    const content = this.files.get(path);
    if (!content) return null;
    const key = `${name} ${path}`;
    const known = this.#digests.get(key) ?? digest(name, content);
    this.#digests.set(key, known);
    return known;
  }
}
