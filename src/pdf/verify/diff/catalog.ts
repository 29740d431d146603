/** Rules for trailer and catalog: evidence and metadata may come, everything else stays. */

import type { PdfRevision } from '../../read/document.ts';
import {
  isName,
  PdfDict,
  PdfName,
  type PdfObject,
  PdfRef,
  PdfStream,
  PdfString,
  sameObject,
  textOf,
} from '../../read/objects.ts';
import type { Change } from './change.ts';
import { compareForm } from './fields.ts';
import { comparePages } from './pages.ts';
import type { Reach } from './reach.ts';
import { Step } from './step.ts';

/** Every difference of the step, explained or not. */
export function compareRevisions(
  before: PdfRevision,
  after: PdfRevision,
  reach: Reach,
): readonly Change[] {
  const step = new Step(before, after, reach);
  if (step.changed.all.size === 0 && sameTrailer(step)) return [];
  compareTrailer(step);
  compareCatalog(step);
  compareForm(step);
  comparePages(step);
  return step.finish();
}

function sameTrailer(step: Step): boolean {
  const [old, now] = [step.before.map.trailer, step.after.map.trailer];
  return ['Root', 'Info', 'Encrypt'].every((key) => sameObject(old.raw(key), now.raw(key)));
}

/** Info entries that a producer renews when it writes. */
const INFO_FREE = new Set(['ModDate', 'Producer', 'Creator', 'CreationDate']);

function compareTrailer(step: Step): void {
  const [old, now] = [step.before.map.trailer, step.after.map.trailer];
  if (!sameObject(old.raw('Root'), now.raw('Root'))) {
    const [was, is] = [old.raw('Root'), now.raw('Root')];
    // What it holds is compared entry by entry; one that stood ready before is another matter.
    const written = is instanceof PdfRef && step.before.place(is.num) === null;
    if (written) step.changes.add('metadata', 'Trailer/Root', was, is, 'catalog-moved');
    else step.other('Trailer/Root', was, is, 'catalog-exchanged');
  }
  step.frozen(old.raw('Encrypt'), now.raw('Encrypt'), 'Trailer/Encrypt');
  const was = step.before.dict(old.raw('Info'));
  const is = step.after.dict(now.raw('Info'));
  const ref = now.raw('Info');
  if (ref instanceof PdfRef) step.explain(ref.num);
  if (was && is) {
    const free = new Set(
      [...INFO_FREE, ...is.entries.keys()].filter((key) => {
        return INFO_FREE.has(key) || sameText(step.before.get(was, key), step.after.get(is, key));
      }),
    );
    step.frozenEntries(was, is, 'Trailer/Info', free);
  }
  if (is && !sameObject(was, is)) {
    step.explainBelow(is, 'Trailer/Info');
    step.changes.add('metadata', 'Trailer/Info', was, is, 'info-renewed');
  }
}

/** The same words, whatever encoding they are written in. */
function sameText(a: PdfObject, b: PdfObject): boolean {
  return a instanceof PdfString && b instanceof PdfString && textOf(a) === textOf(b);
}

const CATALOG_RULED = new Set([
  'AcroForm',
  'Pages',
  'DSS',
  'Extensions',
  'MarkInfo',
  'Metadata',
  'Perms',
  'Version',
]);

function compareCatalog(step: Step): void {
  const [old, now] = [step.before.catalog, step.after.catalog];
  const root = step.after.map.trailer.raw('Root');
  if (root instanceof PdfRef) step.explain(root.num);
  step.frozenEntries(old, now, 'Catalog', CATALOG_RULED);
  if (!sameObject(old.raw('Pages'), now.raw('Pages'))) {
    step.other('Catalog/Pages', old.raw('Pages'), now.raw('Pages'));
  }
  compareVersion(step, old, now);
  compareEvidence(step, old, now);
  compareExtensions(step, old, now);
  compareMarkInfo(step, old, now);
  compareMetadata(step, old, now);
  comparePermissions(step, old, now);
}

function compareVersion(step: Step, old: PdfDict, now: PdfDict): void {
  const version = (object: PdfObject): string => (object instanceof PdfName ? object.name : '');
  const was = version(step.before.get(old, 'Version'));
  const is = version(step.after.get(now, 'Version'));
  if (was === is) return;
  if (/^[12]\.\d$/.test(is) && is > was) {
    step.changes.add(
      'evidence',
      'Catalog/Version',
      old.raw('Version'),
      now.raw('Version'),
      'version-raised',
    );
  } else step.other('Catalog/Version', old.raw('Version'), now.raw('Version'));
}

const DSS_LISTS = ['Certs', 'CRLs', 'OCSPs'];

function compareEvidence(step: Step, old: PdfDict, now: PdfDict): void {
  const path = 'Catalog/DSS';
  const was = step.before.get(old, 'DSS');
  const is = step.after.get(now, 'DSS');
  if (was !== null && !(is instanceof PdfDict)) {
    step.other(path, was, is, 'evidence-removed');
    return;
  }
  if (!(is instanceof PdfDict)) return;
  const keys = new Set([...DSS_LISTS, 'VRI', 'Type']);
  for (const key of is.entries.keys()) {
    if (!keys.has(key))
      step.frozen(was instanceof PdfDict ? was.raw(key) : null, is.raw(key), `${path}/${key}`);
  }
  let touched = !sameObject(was, is);
  const written = now.raw('DSS');
  if (written instanceof PdfRef) step.explain(written.num);
  step.explainBelow(is, path, () => {
    touched = true;
  });
  if (was instanceof PdfDict) {
    for (const key of DSS_LISTS) {
      const before = step.before.array(was.raw(key))?.length ?? 0;
      const after = step.after.array(is.raw(key))?.length ?? 0;
      if (after < before)
        step.other(`${path}/${key}`, was.raw(key), is.raw(key), 'evidence-removed');
    }
  }
  if (touched) step.changes.add('evidence', path, was, is, 'evidence-added');
}

/** Developer extensions are declared along with evidence; entries may come, not go. */
function compareExtensions(step: Step, old: PdfDict, now: PdfDict): void {
  const path = 'Catalog/Extensions';
  const was = step.before.get(old, 'Extensions');
  const is = step.after.get(now, 'Extensions');
  if (was === null && is === null) return;
  if (!(is instanceof PdfDict) || !(was === null || was instanceof PdfDict)) {
    step.other(path, was, is);
    return;
  }
  for (const key of was?.entries.keys() ?? []) {
    if (!is.has(key)) step.other(`${path}/${key}`, was, is, 'extension-removed');
  }
  const written = now.raw('Extensions');
  let touched = !sameObject(was, is);
  if (written instanceof PdfRef) step.explain(written.num);
  step.explainBelow(is, path, () => {
    touched = true;
  });
  if (touched) step.changes.add('evidence', path, was, is, 'extensions-declared');
}

/** Flags about tags (14.7.1), which tagging a new widget sets; nothing that is shown. */
function compareMarkInfo(step: Step, old: PdfDict, now: PdfDict): void {
  const path = 'Catalog/MarkInfo';
  const written = now.raw('MarkInfo');
  const was = step.before.get(old, 'MarkInfo');
  const is = step.after.get(now, 'MarkInfo');
  if (was === null && is === null) return;
  const flags = is instanceof PdfDict && [...is.entries.values()].every(isFlag);
  if (!flags) step.frozen(old.raw('MarkInfo'), written, path);
  else {
    if (written instanceof PdfRef) step.explain(written.num);
    if (!sameObject(was, is)) step.changes.add('metadata', path, was, is, 'structure-added');
  }
}

function isFlag(value: PdfObject): boolean {
  return typeof value === 'boolean' || isName(value, 'MarkInfo');
}

function compareMetadata(step: Step, old: PdfDict, now: PdfDict): void {
  const written = now.raw('Metadata');
  const kept = written instanceof PdfRef && !step.changed.all.has(written.num);
  // Nothing is read that stayed: some files hold metadata of a wrong Length.
  if (kept && sameObject(old.raw('Metadata'), written)) return;
  const was = step.before.get(old, 'Metadata');
  const is = step.after.get(now, 'Metadata');
  if (sameObject(was, is)) {
    if (written instanceof PdfRef) step.explain(written.num);
    return;
  }
  if (!(is instanceof PdfStream)) {
    step.other('Catalog/Metadata', was, is);
    return;
  }
  step.explainBelow(written, 'Catalog/Metadata');
  step.changes.add('metadata', 'Catalog/Metadata', was, is, 'metadata-renewed');
}

/** Perms is set by the first signature and by no later step. */
function comparePermissions(step: Step, old: PdfDict, now: PdfDict): void {
  const written = now.raw('Perms');
  const was = step.before.dict(old.raw('Perms'));
  const is = step.after.dict(written);
  if (!was && !is) return;
  if (was && is) {
    step.frozen(old.raw('Perms'), written, 'Catalog/Perms');
    return;
  }
  step.other('Catalog/Perms', was, is, was ? 'permissions-removed' : 'permissions-added');
  if (written instanceof PdfRef) step.explain(written.num);
}
