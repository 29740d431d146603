/** The fold of packages into state. */

export type { ApplicationCaseState, ApplicationStatus } from './application-state.ts';
export { bundleIn, TRUST_FILE } from './bundles.ts';
export type { EnterpriseCase, EnterpriseChange } from './enterprise-state.ts';
export { type FoldOptions, fold, type LogEpoch } from './fold.ts';
export { licenceNumbered, standingLicence } from './licence-life.ts';
export type {
  LicenceCaseState,
  LicenceUseState,
  NumberBlock,
  OverUse,
} from './licence-state.ts';
export {
  type Binding,
  bindingsOf,
  bindingsWithRight,
  type Mandate,
  mandateHolds,
  rightsOf,
  speaksFor,
} from './party-state.ts';
export { judgePair } from './proven-pair.ts';
export { type ContentsFinding, readInto } from './reading.ts';
export type { RoleKeyState } from './role-keys.ts';
export type { RuleCode } from './rule.ts';
export { boundSeal, isEnded } from './seal-rules.ts';
export type {
  AuthoritySealState,
  ProducedSeal,
  SealCaseState,
  SealUseState,
} from './seal-state.ts';
export type { BundleEntry, CrlEntry, State, StepEntry } from './state.ts';
export { STATUS_FILE, trustWithLists } from './status-lists.ts';
export { CRL_FILE } from './trust-history.ts';
