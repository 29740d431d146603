/**
 * Who asks. A package that holds something enveloped is read by its signer, and by those whose
 * encryption certificate it names; a time stamp is got by those whom the deployment certified. The
 * asker signs the request with the one certificate and names the other: both have to verify, and to
 * be one holder's, before an issuer's name and a serial number say anything.
 */
import type { IncomingMessage } from 'node:http';
import { Malformed, sha256Hex } from '../crypto/index.ts';
import {
  judgeCertificate,
  judgeHolder,
  normaliseTrust,
  readCertificate,
  type TrustBundle,
} from '../pki/index.ts';
import { contentDigest, verifyRequest } from '../sync/request-signature.ts';
import type { StoredObject } from './objects.ts';
import { recipientName } from './recipient-name.ts';

const FRESH_SECONDS = 300;

export class Access {
  readonly #now: () => Date;
  readonly #nonces = new Map<string, number>();

  constructor(now: () => Date) {
    this.#now = now;
  }

  /** @returns 200 when it may be read, 401 when nobody proved who asks, 403 when it is not theirs. */
  async mayRead(
    object: StoredObject,
    request: IncomingMessage,
    uri: string,
    bundle: TrustBundle | null,
  ): Promise<200 | 401 | 403> {
    if (object.public) return 200;
    const asker = await this.#identify(request, uri, bundle);
    if (!asker) return 401;
    if (asker.signing === object.signer) return 200;
    return asker.recipient !== null && object.recipients.includes(asker.recipient) ? 200 : 403;
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
    const asker = await this.#identify(request, uri, bundle);
    if (!asker || asker.digest !== (await contentDigest(body))) return 401;
    return bundle && (await this.#passes(asker.certificate, bundle)) ? asker.signing : 403;
  }

  async #identify(request: IncomingMessage, uri: string, bundle: TrustBundle | null) {
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
      const { certificate, encryptionCertificate, digest } = verified;
      const recipient = await this.#recipient(certificate, encryptionCertificate, bundle);
      return { signing: await sha256Hex(certificate), certificate, recipient, digest };
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

  /** Name of the asker as a recipient, or null when the two certificates are not one holder's. */
  async #recipient(
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
    if (code !== 'ok') return null;
    const { issuer, serial } = readCertificate(encryption);
    return recipientName(issuer.raw, serial);
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
