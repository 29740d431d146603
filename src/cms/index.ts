/**
 * cms: signed data (CAdES-B), enveloped data (AES-256-GCM) and time stamps, after RFC 5652, 5083
 * and 3161. Verifying is our own strict walk over DER (or, where asked, bounded BER) and says
 * nothing about trust; producing is DER that openssl reads.
 */
export { type KnownCertificate, knownCertificate } from './certificates.ts';
export type { Content } from './content.ts';
export {
  contentKeyOf,
  decryptWith,
  decryptWithKey,
  type Recipient,
  recipientsOf,
} from './decrypt.ts';
export { encryptTo } from './encrypt.ts';
export { openEnveloped } from './enveloped.ts';
export { isLowS, lowS } from './low-s.ts';
export { OID } from './oids.ts';
export type { CmsCode, CmsReport } from './report.ts';
export { type SignOptions, signAttached, signDetached } from './sign.ts';
export type { FormOptions } from './signed-data.ts';
export {
  type MessageImprint,
  readTimeStampToken,
  readTstInfo,
  type TimeStamp,
  type TstInfo,
} from './time-stamp.ts';
export {
  type AskOptions,
  askTimeStamp,
  requestTimeStamp,
  type TimeStampSource,
} from './time-stamp-client.ts';
export {
  createTimeStampRequest,
  createTimeStampResponse,
  createTimeStampToken,
  readTimeStampRequest,
  readTimeStampResponse,
  type TimeStampRequest,
} from './time-stamp-protocol.ts';
export { verifyAttached, verifyDetached } from './verify.ts';
