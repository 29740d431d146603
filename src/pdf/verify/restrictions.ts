/** What a signature forbids to come after it: DocMDP, FieldMDP, Lock (checks 34 and 35). */
import type { PdfRevision } from '../read/document.ts';
import { isName, type PdfDict, PdfName, PdfRef, PdfString, textOf } from '../read/objects.ts';
import type { DocMdp, FieldLock } from './diff/permissions.ts';
import type { SignatureValue } from './signature-values.ts';

export interface Restrictions {
  /** P of a DocMDP reference; 0 where the signature certifies nothing. */
  readonly docMdp: DocMdp;
  /** P of the field's Lock (PDF 2.0); 0 where absent. */
  readonly lockMdp: DocMdp;
  readonly locks: readonly FieldLock[];
  /** Perms of the catalog names this signature. */
  readonly named: boolean;
}

export function restrictionsOf(revision: PdfRevision, value: SignatureValue): Restrictions {
  const perms = revision.dict(revision.catalog.raw('Perms'));
  const target = perms?.raw('DocMDP');
  const named = target instanceof PdfRef && target.num === value.num;
  const locks: FieldLock[] = [];
  let docMdp: DocMdp = 0;
  for (const item of revision.array(value.dict?.raw('Reference')) ?? []) {
    const reference = revision.dict(item);
    const parameters = reference && revision.dict(reference.raw('TransformParams'));
    const method = reference ? revision.get(reference, 'TransformMethod') : null;
    if (isName(method, 'DocMDP')) docMdp = levelOf(revision, parameters ?? null) || 2;
    if (isName(method, 'FieldMDP')) locks.push(lockOf(revision, parameters ?? null));
  }
  const dictionaries = [value.field.dict, ...value.field.widgets.map((widget) => widget.dict)];
  let lockMdp: DocMdp = 0;
  for (const dict of dictionaries) {
    const lock = revision.dict(dict.raw('Lock'));
    if (!lock) continue;
    locks.push(lockOf(revision, lock));
    if (lock.has('P')) lockMdp = levelOf(revision, lock) || 1;
  }
  if (named && docMdp === 0) docMdp = 2;
  return { docMdp, lockMdp, locks, named };
}

/** P, 0 where absent; a value that is none of 1 to 3 counts as the strictest. */
function levelOf(revision: PdfRevision, dict: PdfDict | null): DocMdp {
  const p = dict ? revision.get(dict, 'P') : null;
  if (p === null) return 0;
  return p === 2 || p === 3 ? p : 1;
}

/** What cannot be read locks everything. */
function lockOf(revision: PdfRevision, dict: PdfDict | null): FieldLock {
  const action = dict ? revision.get(dict, 'Action') : null;
  const list = dict ? revision.array(dict.raw('Fields')) : null;
  const fields = (list ?? []).flatMap((item) => {
    const name = revision.resolve(item);
    return name instanceof PdfString ? [textOf(name)] : [];
  });
  const word = action instanceof PdfName ? action.name : '';
  if (word === 'Include' || word === 'Exclude') return { action: word, fields };
  return { action: 'All', fields: [] };
}
