/** Which kinds of change a signature lets pass: DocMDP, FieldMDP and Lock against the table. */
import type { Change, ChangeKind } from './change.ts';

/** `yes`: still intact; `warn`: arguable, never plain valid; `no`: forbidden. */
export type Permission = 'yes' | 'warn' | 'no';

/** 0 stands for a document without certification, 1 to 3 for DocMDP's P. */
export type DocMdp = 0 | 1 | 2 | 3;

const TABLE: Record<ChangeKind, readonly [Permission, Permission, Permission, Permission]> = {
  evidence: ['yes', 'yes', 'yes', 'yes'],
  metadata: ['yes', 'yes', 'yes', 'yes'],
  'sign-existing': ['yes', 'no', 'yes', 'yes'],
  'sign-new': ['yes', 'no', 'warn', 'warn'],
  'field-new': ['no', 'no', 'no', 'no'],
  'form-fill': ['yes', 'no', 'yes', 'yes'],
  'form-look': ['warn', 'no', 'warn', 'warn'],
  annotation: ['warn', 'no', 'no', 'warn'],
  other: ['no', 'no', 'no', 'no'],
};

/** Fields that a signature locks (ISO 32000-2, 12.8.2.4). */
export interface FieldLock {
  readonly action: 'All' | 'Include' | 'Exclude';
  readonly fields: readonly string[];
}

/** A name in a lock stands for the field and for everything below it. */
function locks(lock: FieldLock, field: string): boolean {
  if (lock.action === 'All') return true;
  const named = lock.fields.some((name) => field === name || field.startsWith(`${name}.`));
  return lock.action === 'Include' ? named : !named;
}

const LOCKABLE = new Set<ChangeKind>(['form-fill', 'form-look', 'sign-existing']);

export function permissionFor(
  change: Pick<Change, 'kind' | 'field'>,
  docMdp: DocMdp,
  held: readonly FieldLock[],
): Permission {
  const permission = TABLE[change.kind][docMdp];
  const { field } = change;
  const lockable = LOCKABLE.has(change.kind);
  if (lockable && field !== undefined && held.some((lock) => locks(lock, field))) return 'no';
  return permission;
}
