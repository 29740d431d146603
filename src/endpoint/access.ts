/**
 * Who asks. The asker signs the request with the one certificate and names the other: both have to
 * verify, and to be one holder's, before the encryption certificate says anything.
 */
import type { IncomingMessage } from 'node:http';
import { Malformed, toBase64 } from '../crypto/index.ts';
import {
  certificateId,
  judgeCertificate,
  judgeHolder,
  normaliseTrust,
  type TrustBundle,
} from '../pki/index.ts';
import { contentDigest, verifyRequest } from '../sync/request-signature.ts';
import type { Asker } from './readers.ts';

const FRESH_SECONDS = 300;

export class Access {
  readonly #now: () => Date;
  readonly #nonces = new Map<string, number>();

  constructor(now: () => Date) {
    this.#now = now;
  }

  /**
   * @returns who signed the request; null for a stranger, who signed none; 401 where the signature is
   * not in order, stale or used before
   */
  async asker(
    request: IncomingMessage,
    uri: string,
    bundle: TrustBundle | null,
  ): Promise<Asker | null | 401> {
    if (request.headers['signature-input'] === undefined) return null;
    const found = await this.#identify(request, uri);
    if (!found) return 401;
    const encryption = await this.#encryption(found.certificate, found.encryption, bundle);
    const root = bundle !== null && toBase64(found.certificate) === bundle.root;
    const trusted = bundle !== null && (await this.#passes(found.certificate, bundle));
    return { signing: found.signing, encryption, trusted, root };
  }

  /**
   * Whether the deployment certified who asks, and the body is the one that was signed.
   * @returns SHA-256 of the signing certificate, or 401 or 403
   */
  async certified(
    request: IncomingMessage,
    uri: string,
    bundle: TrustBundle | null,
    body: Uint8Array,
  ): Promise<string | 401 | 403> {
    const asker = await this.#identify(request, uri);
    if (!asker || asker.digest !== (await contentDigest(asker.certificate, body))) return 401;
    return bundle && (await this.#passes(asker.certificate, bundle)) ? asker.signing : 403;
  }

  async #identify(request: IncomingMessage, uri: string) {
    const header = (name: string) => {
      const value = request.headers[name];
      return typeof value === 'string' && value.length < 16_384 ? value : '';
    };
    try {
      const verified = await verifyRequest(request.method ?? 'GET', uri, {
        certificates: header('cinnabar-certificates'),
        input: header('signature-input'),
        signature: header('signature'),
        digest: header('content-digest'),
      });
      if (!this.#fresh(verified.nonce, verified.created)) return null;
      const { certificate, encryptionCertificate: encryption, digest } = verified;
      return { signing: await certificateId(certificate), certificate, encryption, digest };
    } catch (error) {
      if (error instanceof Malformed) return null;
      throw error;
    }
  }

  #fresh(nonce: string, created: number): boolean {
    const now = this.#now().getTime() / 1000;
    for (const [old, time] of this.#nonces) {
      if (now - time > 2 * FRESH_SECONDS) this.#nonces.delete(old);
      else break;
    }
    if (Math.abs(now - created) > FRESH_SECONDS || this.#nonces.has(nonce)) return false;
    this.#nonces.set(nonce, created);
    return true;
  }

  /** SHA-256 of the encryption certificate, or null when the two are not one holder's. */
  async #encryption(
    signing: Uint8Array,
    encryption: Uint8Array | null,
    bundle: TrustBundle | null,
  ): Promise<string | null> {
    if (!encryption || !bundle) return null;
    const code = await judgeHolder({
      signing,
      encryption,
      time: this.#now().toISOString(),
      trust: normaliseTrust(bundle),
      purpose: 'any',
    });
    return code === 'ok' ? certificateId(encryption) : null;
  }

  async #passes(certificate: Uint8Array, bundle: TrustBundle): Promise<boolean> {
    const { verdict } = await judgeCertificate({
      certificate,
      time: this.#now().toISOString(),
      trust: normaliseTrust(bundle),
      purpose: 'any',
    });
    return verdict === 'TOTAL-PASSED';
  }
}
