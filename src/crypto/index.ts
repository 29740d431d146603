/**
 * crypto: bytes, strict DER, digests, signature suites, CBOR/COSE and base45. The bottom of the
 * house: pure functions over bytes and WebCrypto, nothing of certificates or documents.
 * `./sm/sm2.ts` (signing and key generation with SM2) is a second, lazy door: `import()` it.
 */
export * from './algorithm.ts';
export * from './base45.ts';
export * from './ber.ts';
export * from './bytes.ts';
export * from './cbor.ts';
export * from './cose.ts';
export * from './der.ts';
export * as derWrite from './der-write.ts';
export * from './digest.ts';
export * from './ecdsa-value.ts';
export { isExplicitSm2 } from './explicit-curve.ts';
export * from './json.ts';
export * from './malformed.ts';
export * from './public-key.ts';
export * from './report.ts';
export * from './signer.ts';
export * from './verify.ts';
