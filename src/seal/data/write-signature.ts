/** Stamping content with a seal: SES_Signature of the seal's own version, 4 or 1. */
import { derWrite as d, digest, type Signer } from '../../crypto/index.ts';
import { algorithmOf } from './algorithm.ts';
import { readSeal } from './ses-seal.ts';
import { ia5, utcTime } from './write-seal.ts';

export interface SealSignatureSpec {
  /** SESeal, DER. */
  seal: Uint8Array;
  data: Uint8Array;
  /** Says what is protected, ASCII. */
  propertyInfo: string;
  /** Signing time, ISO 8601; a claim of the signer. */
  time: string;
  signer: Signer;
  /** Stamps the signature value: answers a time stamp token (RFC 3161). Version 4 only. */
  timeStamp?: (value: Uint8Array) => Promise<Uint8Array>;
}

/**
 * @returns SES_Signature, DER. That the seal lists the signer's certificate is the caller's to
 * check before (`holderListed`): a signature by anybody else fails everywhere.
 */
export async function writeSealSignature(spec: SealSignatureSpec): Promise<Uint8Array> {
  const { signer } = spec;
  const hash = await digest(signer.suite === 'SM2' ? 'SM3' : 'SHA-256', spec.data);
  const certificate = d.octetString(signer.certificate);
  const algorithm = d.oid(algorithmOf(signer.suite));
  if (readSeal(spec.seal).version === 1) {
    const tbs = d.sequence(
      d.integer(1),
      spec.seal,
      d.bitString(utcTime(new Date(spec.time))),
      d.bitString(hash),
      ia5(spec.propertyInfo),
      certificate,
      algorithm,
    );
    return d.sequence(tbs, d.bitString(await signer.sign(tbs)));
  }
  const tbs = d.sequence(
    d.integer(4),
    spec.seal,
    d.generalizedTime(new Date(spec.time)),
    d.bitString(hash),
    ia5(spec.propertyInfo),
  );
  const value = await signer.sign(tbs);
  const stamp = spec.timeStamp ? [d.context(0, d.bitString(await spec.timeStamp(value)))] : [];
  return d.sequence(tbs, certificate, algorithm, d.bitString(value), ...stamp);
}
