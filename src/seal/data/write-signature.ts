/** Stamping content with a seal: SES_Signature of version 4. */
import { derWrite as d, digest, type Signer } from '../../crypto/index.ts';
import { algorithmOf } from './algorithm.ts';
import { ia5 } from './write-seal.ts';

export interface SealSignatureSpec {
  /** SESeal, DER. */
  seal: Uint8Array;
  data: Uint8Array;
  /** Says what is protected, ASCII. */
  propertyInfo: string;
  /** Signing time, ISO 8601; a claim of the signer. */
  time: string;
  signer: Signer;
}

/**
 * @returns SES_Signature, DER. That the seal lists the signer's certificate is the caller's to
 * check before (`holderListed`): a signature by anybody else fails everywhere.
 */
export async function writeSealSignature(spec: SealSignatureSpec): Promise<Uint8Array> {
  const { signer } = spec;
  const hash = await digest(signer.suite === 'SM2' ? 'SM3' : 'SHA-256', spec.data);
  const tbs = d.sequence(
    d.integer(4),
    spec.seal,
    d.generalizedTime(new Date(spec.time)),
    d.bitString(hash),
    ia5(spec.propertyInfo),
  );
  return d.sequence(
    tbs,
    d.octetString(signer.certificate),
    d.oid(algorithmOf(signer.suite)),
    d.bitString(await signer.sign(tbs)),
  );
}
