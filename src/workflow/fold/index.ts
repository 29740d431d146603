/** The fold of packages into state. */
export { bundleIn, STATUS_FILE, TRUST_FILE } from './bundles.ts';
export { type FoldOptions, fold } from './fold.ts';
export { boundSeal } from './seal-rules.ts';
export type {
  ApplicationCaseState,
  EnterpriseCase,
  LicenceCaseState,
  LicenceUseState,
  NumberBlock,
  SealCaseState,
  State,
  StepEntry,
} from './state.ts';
