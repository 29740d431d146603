import {
  readTimeStampToken,
  signAttached,
  signDetached,
  verifyDetached,
} from '../../src/cms/index.ts';
import { ecdsaToDer, owned, type Signer } from '../../src/crypto/index.ts';
import { certificate, party } from '../pki/forge.ts';
import type { FuzzedReader } from './reader.ts';

const content = new TextEncoder().encode('signed');

/** SignedData as signatures and as time-stamp tokens, DER and BER. */
export const reader: FuzzedReader = {
  name: 'cms',
  async seeds() {
    const who = await party('signer');
    const signer: Signer = {
      certificate: await certificate({ subject: who, issuer: who }),
      chain: [],
      suite: 'P-256',
      async sign(data) {
        const algorithm = { name: 'ECDSA', hash: 'SHA-256' };
        const raw = await crypto.subtle.sign(algorithm, who.key.privateKey, owned(data));
        return ecdsaToDer(new Uint8Array(raw));
      },
    };
    const contentType = '1.2.840.113549.1.9.16.1.4';
    return [
      await signDetached({ content, signer, signingTime: '2026-06-01T00:00:00Z' }),
      await signAttached({ content, contentType, signer }),
    ];
  },
  async read(input) {
    await verifyDetached(input, content);
    await verifyDetached(input, content, { allowBer: true, allowTrailing: true, allowBare: true });
    await readTimeStampToken(input, { allowBer: true, data: content });
  },
};
