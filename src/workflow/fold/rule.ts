/** What every rule of the fold sees, and how it refuses. */
import type { Json } from '../../crypto/index.ts';
import type { UseFaultCode } from '../../licence/index.ts';
import type { PackageRecord } from '../../packages/index.ts';
import type { BundleAnswer, StatusListAnswer, TrustBundle } from '../../pki/index.ts';
import type { AuthorFacts } from './authors.ts';
import type { Entry, State } from './state.ts';

/** Every rule of the fold that a record can break; beside them stand the readers' own codes. */
export type RuleCode =
  | 'record-type'
  | 'seen-after-place'
  | 'author-untrusted'
  | 'author-distrusted'
  | 'certificate-replaced'
  | 'wrong-role'
  | 'not-yours'
  | 'missing-predecessor'
  | 'conflict'
  | 'case-open'
  | 'wrong-deployment'
  | 'other-suite'
  | 'wrong-party'
  | 'wrong-token'
  | 'wrong-lines'
  | 'terms-differ'
  | 'unchecked'
  | 'double'
  | 'wrong-state'
  | 'wrong-enterprise'
  | 'party-bound'
  | 'party-unbound'
  | 'rights-form'
  | 'right-missing'
  | 'certificate-unproven'
  | 'mandate-form'
  | 'mandate-ended'
  | 'successor-form'
  | 'grant-form'
  | 'grant-foreign'
  | 'seal-exists'
  | 'seal-id'
  | 'seal-period'
  | 'suspended-by-authority'
  | 'wrong-holder'
  | 'seal-not-bound'
  | 'seal-compulsory'
  | 'same-reviewer'
  | 'wrong-flow'
  | 'block-overlaps'
  | 'number-form'
  | 'number-block'
  | 'wrong-number'
  | 'not-in-force'
  | 'prints-spent'
  | 'declaration-twice'
  | 'uses-spent'
  | UseFaultCode
  | 'bundle-form'
  | 'bundle-untrusted'
  | `bundle-${BundleAnswer}`
  | 'crl-form'
  | 'crl-issuer'
  | 'crl-rollback'
  | 'role-key-form'
  | 'role-key-group'
  | 'role-key-unknown'
  | 'name-unchanged'
  | 'csr-missing'
  | 'other-keys'
  | 'status-form'
  | 'status-issuer'
  | `status-${StatusListAnswer}`;

/** A record that breaks a rule: it changes nothing and is listed with this code. */
export class Refused extends Error {
  readonly code: RuleCode;
  constructor(code: RuleCode, message: string) {
    super(message);
    this.name = 'Refused';
    this.code = code;
  }
}

export interface RuleContext {
  state: State;
  entry: Entry;
  record: PackageRecord;
  author: AuthorFacts;
  /** The bundle in force where the record stands; null where trust is bare anchors. */
  bundle: TrustBundle | null;
  /** The claimed time, but never before that of a predecessor or of the bundle in force. */
  time: string;
  /** Party for which the author turned out to act by a mandate. */
  actedFor: string | null;
}

/** A public field: its shape was checked before any rule runs. */
export const field = <T extends Json = string>(record: PackageRecord, name: string): T =>
  record[name] as T;

/** Public reasons, which an enterprise without certificates must be able to read. */
export const reasonsOf = ({ record }: RuleContext): string[] =>
  (record['reasons'] as string[] | undefined) ?? [];

/** The enterprise that the record's case belongs to: the shape of the record demands one. */
export const partyOf = ({ party }: PackageRecord): string => party ?? '';

/**
 * The record must follow the last step that counted. @throws {Refused} `conflict` where it follows
 * an earlier one (somebody else was first), `missing-predecessor` where that is not known here.
 */
export function follows({ entry, state }: RuleContext, head: string): void {
  if (entry.prev.includes(head)) return;
  const steps = state.steps.get(entry.case) ?? [];
  if (entry.prev.some((id) => steps.some((step) => step.id === id && step.refusal === null))) {
    throw new Refused('conflict', 'another step was taken first');
  }
  throw new Refused(
    'missing-predecessor',
    'the step that it follows is not known or does not count',
  );
}

/** @throws {Refused} `wrong-state` */
export function inState(state: string, ...allowed: string[]): void {
  if (!allowed.includes(state)) {
    throw new Refused('wrong-state', `not possible while ${state}`);
  }
}

/** A first step names no case: it is the case. @throws {Refused} `case-open` */
export function opensCase({ record }: RuleContext): void {
  if (record.case !== undefined) throw new Refused('case-open', 'a first step names no case');
}
