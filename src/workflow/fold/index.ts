/** The fold of packages into state. */
export { bundleIn, TRUST_FILE } from './bundles.ts';
export { type FoldOptions, fold } from './fold.ts';
export type { RuleCode } from './rule.ts';
export { boundSeal } from './seal-rules.ts';
export type {
  ApplicationCaseState,
  ApplicationStatus,
  BundleEntry,
  EnterpriseCase,
  LicenceCaseState,
  LicenceUseState,
  NumberBlock,
  SealCaseState,
  State,
  StepEntry,
} from './state.ts';
export { STATUS_FILE, trustWithLists } from './status-lists.ts';
