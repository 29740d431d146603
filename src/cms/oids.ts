/** Object identifiers of CMS (RFC 5652), ESS (RFC 5035), CAdES and their algorithms. */
export const OID = {
  data: '1.2.840.113549.1.7.1',
  signedData: '1.2.840.113549.1.7.2',
  gmSignedData: '1.2.156.10197.6.1.4.2.2',
  /** Its content, as `data` is of CMS. */
  gmData: '1.2.156.10197.6.1.4.2.1',
  authEnvelopedData: '1.2.840.113549.1.9.16.1.23',
  tstInfo: '1.2.840.113549.1.9.16.1.4',

  contentType: '1.2.840.113549.1.9.3',
  messageDigest: '1.2.840.113549.1.9.4',
  signingTime: '1.2.840.113549.1.9.5',
  signingCertificate: '1.2.840.113549.1.9.16.2.12',
  signingCertificateV2: '1.2.840.113549.1.9.16.2.47',
  /** RFC 6211. */
  algorithmProtection: '1.2.840.113549.1.9.52',
  signatureTimeStamp: '1.2.840.113549.1.9.16.2.14',

  sha256: '2.16.840.1.101.3.4.2.1',
  md5: '1.2.840.113549.2.5',

  rsaEncryption: '1.2.840.113549.1.1.1',
  rsaesOaep: '1.2.840.113549.1.1.7',
  mgf1: '1.2.840.113549.1.1.8',
  ecPublicKey: '1.2.840.10045.2.1',
  /** dhSinglePass-stdDH-sha256kdf-scheme (RFC 5753). */
  ecdhSha256: '1.3.132.1.11.1',
  aes256Wrap: '2.16.840.1.101.3.4.1.45',
  aes256Gcm: '2.16.840.1.101.3.4.1.46',

  /** SM2 encryption and SM4-GCM (GM/T 0006). */
  sm2Encryption: '1.2.156.10197.1.301.3',
  sm4Gcm: '1.2.156.10197.1.104.8',
} as const;
