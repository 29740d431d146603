/** The fold of packages into state. */
export { bundleIn, TRUST_FILE } from './bundles.ts';
export { type FoldOptions, fold } from './fold.ts';
export type { RuleCode } from './rule.ts';
export { boundSeal, isEnded } from './seal-rules.ts';
export type {
  ApplicationCaseState,
  ApplicationStatus,
  BundleEntry,
  CrlEntry,
  EnterpriseCase,
  EnterpriseChange,
  LicenceCaseState,
  LicenceUseState,
  NumberBlock,
  ProducedSeal,
  SealCaseState,
  SealUseState,
  State,
  StepEntry,
} from './state.ts';
export { STATUS_FILE, trustWithLists } from './status-lists.ts';
export { CRL_FILE } from './trust-history.ts';
