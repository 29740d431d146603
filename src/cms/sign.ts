/** Producing SignedData: CAdES baseline B (EN 319 122-1), one signer, DER throughout. */
import {
  type Bytes,
  concat,
  DIGEST_OID,
  derWrite,
  digestNameOf,
  equal,
  type Signer,
  signatureAlgorithmOf,
} from '../crypto/index.ts';
import { readCertificate } from '../pki/index.ts';
import { type Content, digestContent } from './content.ts';
import { writeSigningCertificateV2 } from './ess.ts';
import { isEcdsa, lowS } from './low-s.ts';
import { OID } from './oids.ts';

const { context, integer, octetString, oid, sequence, setOf, tlv } = derWrite;

export interface SignOptions {
  readonly content: Content;
  readonly signer: Signer;
  /** ISO 8601; the claimed time. Absent or null: none (PAdES claims it in the PDF). */
  readonly signingTime?: string | null | undefined;
  /** Unsigned attributes, e.g. a time stamp. */
  readonly extraUnsigned?: readonly { oid: string; value: Uint8Array }[] | undefined;
  /**
   * Gives a token over the signature value, for CAdES-T; null where none is to be had.
   * See `askTimeStamp`.
   */
  readonly timeStamp?: ((signature: Uint8Array) => Promise<Uint8Array | null>) | undefined;
}

/** Detached CAdES-B: content type, message digest, signing certificate, optional signing time. */
export function signDetached(options: SignOptions): Promise<Bytes> {
  return sign(options, OID.data, null);
}

/** SignedData with its content inside, of the type given (TSTInfo). */
export function signAttached(
  options: Omit<SignOptions, 'content'> & { content: Uint8Array; contentType: string },
): Promise<Bytes> {
  return sign(options, options.contentType, options.content);
}

async function sign(
  { content, signer, signingTime, extraUnsigned = [], timeStamp }: SignOptions,
  contentType: string,
  attached: Uint8Array | null,
): Promise<Bytes> {
  const hash = digestNameOf(signer.suite);
  const digestAlgorithm = sequence(oid(DIGEST_OID[hash]));
  const certificates = distinct([signer.certificate, ...signer.chain]);
  const attributes = [
    attribute(OID.contentType, oid(contentType)),
    attribute(OID.messageDigest, octetString(await digestContent(hash, content))),
    attribute(OID.signingCertificateV2, await writeSigningCertificateV2(certificates)),
  ];
  if (signingTime) attributes.push(attribute(OID.signingTime, time(signingTime)));
  const signed = setOf(...attributes);
  const made = await signer.sign(signed);
  const value = isEcdsa(signer.suite) ? lowS(made, signer.suite) : made;
  const token = await timeStamp?.(value);
  const unsigned = [...extraUnsigned];
  if (token) unsigned.push({ oid: OID.signatureTimeStamp, value: token });
  const { issuer, serial } = readCertificate(signer.certificate);
  const signerInfo = sequence(
    integer(1),
    sequence(issuer.raw, tlv(0x02, serial)),
    digestAlgorithm,
    concat(new Uint8Array([0xa0]), signed.subarray(1)),
    signatureAlgorithmOf(signer.suite),
    octetString(value),
    ...(unsigned.length > 0
      ? [retag(0xa1, setOf(...unsigned.map((a) => attribute(a.oid, a.value))))]
      : []),
  );
  return sequence(
    oid(OID.signedData),
    context(
      0,
      sequence(
        integer(contentType === OID.data ? 1 : 3),
        setOf(digestAlgorithm),
        sequence(oid(contentType), ...(attached ? [context(0, octetString(attached))] : [])),
        retag(0xa0, setOf(...certificates)),
        setOf(signerInfo),
      ),
    ),
  );
}

const attribute = (type: string, value: Uint8Array) => sequence(oid(type), setOf(value));

const retag = (tag: number, der: Uint8Array) => concat(new Uint8Array([tag]), der.subarray(1));

/** The signer's first; a SET has no member twice. */
function distinct(list: readonly Uint8Array[]): Uint8Array[] {
  return list.filter((der, i) => list.findIndex((other) => equal(other, der)) === i);
}

/** Time of RFC 5652 11.3: UTCTime from 1950 to 2049, GeneralizedTime else; whole seconds. */
function time(iso: string): Bytes {
  const date = new Date(iso);
  const general = derWrite.generalizedTime(date);
  const year = date.getUTCFullYear();
  return year >= 1950 && year < 2050 ? tlv(0x17, general.subarray(4)) : general;
}
