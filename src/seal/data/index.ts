/** The seal as data: SESeal and SES_Signature, read strictly, written, verified step by step. */
export { type SealAlgorithm, sealAlgorithm } from './algorithm.ts';
export { judgePerson } from './certificate-steps.ts';
export { openSealForHolder, sealForHolders } from './holder-copy.ts';
export { type HolderList, holderListed } from './holders.ts';
export type { SealExtension, SealInfo, SealPicture } from './seal-info.ts';
export { readSeal, type SESeal } from './ses-seal.ts';
export { readSealSignature, type SESSignature } from './ses-signature.ts';
export { type SealCode, SealReport, type SealStep, type StepResult } from './steps.ts';
export {
  type SealUse,
  type SealVerdict,
  type VerifySealOptions,
  verifySeal,
  verifySealUse,
} from './verify-seal.ts';
export {
  type SealSignatureVerdict,
  type VerifySealSignatureOptions,
  verifySealSignature,
} from './verify-signature.ts';
export { type SealSpec, writeSeal } from './write-seal.ts';
export { type SealSignatureSpec, writeSealSignature } from './write-signature.ts';
