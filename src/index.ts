/**
 * Cinnabar, the library: what others embed to check certificates, seals, packages, PDF signatures
 * and licence codes. Nothing here reads a clock, a network or a file: what is needed is passed in
 * (`time` absent means now). Bad input is answered with a code, never an exception.
 */
export type { Finding, Severity, Verdict } from './crypto/index.ts';
export { verifySignature } from './crypto/index.ts';
export { openPfx } from './keys/index.ts';
export { readLicenceToken, verifyDocument as verifyPdf } from './licence/index.ts';
export { verifyOfd } from './ofd/index.ts';
export { verifyPackage } from './packages/index.ts';
export { extractAttachment } from './pdf/index.ts';
export {
  type BareTrust,
  checkCrl,
  checkOcsp,
  parseCertificate,
  readTrustBundleJson,
  type TrustBundle,
  type TrustInput,
  verifyPath,
} from './pki/index.ts';
export { verifySeal, verifySealSignature } from './seal/index.ts';
export { analyseLetterScan } from './seal/scan/index.ts';
export { type FoldOptions, fold, type LogEpoch, type State } from './workflow/index.ts';
