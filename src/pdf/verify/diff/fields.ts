/** Rules for the form: fields stay as they are, are filled, are signed, or are new and signed. */
import {
  isName,
  PdfDict,
  type PdfObject,
  PdfRef,
  PdfStream,
  PdfString,
  sameObject,
  textOf,
} from '../../read/objects.ts';
import { fillsAnew, hasBackground, looksAsValued, redrawsOtherwise } from '../field-look.ts';
import { type FormField, isSigned } from '../form-fields.ts';
import type { Step } from './step.ts';

/** What filling may set, in a field or its widget. */
const FILLED = new Set(['V', 'AP', 'AS', 'M', 'I', 'RV', 'TI']);
/** Of these, what says so; the rest is how it looks. */
const VALUES = new Set(['V', 'AS', 'I', 'RV']);
/** What signing an empty field may set besides. */
const SIGNED = new Set(['V', 'AP', 'AS', 'M', 'F', 'MK', 'Lock', 'P', 'Type', 'Subtype', 'DA']);
/** Types of fields that are filled; of any other nothing changes. */
const FILLABLE = new Set(['Tx', 'Btn', 'Ch']);
/** What comparing a field weighs in the budget. */
const COST = 40;
/** Judged by the tree itself. */
const TREE = new Set(['Kids', 'Parent']);

/** What AcroForm may gain; everything else in it stays. */
export function compareForm(step: Step): void {
  const old = step.forms.before.dict;
  const now = step.forms.after.dict;
  const written = step.after.catalog.raw('AcroForm');
  if (!now) {
    if (old) step.other('Catalog/AcroForm', old, null, 'form-removed');
    return;
  }
  if (written instanceof PdfRef) {
    step.explain(written.num);
    const was = step.before.catalog.raw('AcroForm');
    // A form may move from the catalog into an object of its own; what it holds is compared below.
    const moved = was instanceof PdfRef && !sameObject(was, written);
    if (old && moved) step.other('Catalog/AcroForm', was, written);
  }
  const path = 'Catalog/AcroForm';
  const list = now.raw('Fields');
  if (list instanceof PdfRef) step.explain(list.num);
  compareLists(step, step.forms.before.fields, step.forms.after.fields, `${path}/Fields`);
  compareFlags(step, old, now, path);
  compareResources(step, old?.raw('DR') ?? null, now.raw('DR'), `${path}/DR`);
  const free = new Set(['Fields', 'SigFlags', 'DR', 'NeedAppearances']);
  // A default appearance where there was none speaks of new fields only.
  if (old && !old.has('DA')) free.add('DA');
  if (old) step.frozenEntries(old, now, path, free);
  else step.explainBelow(now, path);
}

function compareFlags(step: Step, old: PdfDict | null, now: PdfDict, path: string): void {
  const before = old ? step.before.get(old, 'SigFlags') : null;
  const after = step.after.get(now, 'SigFlags');
  const was = typeof before === 'number' ? before : 0;
  if (after !== null && (typeof after !== 'number' || (after & was) !== was)) {
    step.other(`${path}/SigFlags`, before, after);
  } else if (after === null && was !== 0) step.other(`${path}/SigFlags`, before, after);
  const needed = old ? step.before.get(old, 'NeedAppearances') === true : false;
  if (step.after.get(now, 'NeedAppearances') === true && !needed) {
    // Fillers that draw nothing themselves ask for it; it must not bring out what was not signed.
    const filled = step.changes.list.some((change) => change.kind === 'form-fill');
    const faithful = filled && !redrawsOtherwise(step.before, step.forms.before.all);
    const kind = faithful ? 'form-fill' : 'form-look';
    step.changes.add(kind, `${path}/NeedAppearances`, false, true, 'redraw-demanded');
  }
}

/** Additions of new names only, in each category. */
function compareResources(step: Step, oldRaw: PdfObject, nowRaw: PdfObject, path: string): void {
  const old = step.before.resolve(oldRaw);
  const now = step.after.resolve(nowRaw);
  if (old === null) {
    step.explainBelow(nowRaw, path);
    return;
  }
  if (!(old instanceof PdfDict) || !(now instanceof PdfDict)) {
    step.frozen(oldRaw, nowRaw, path);
    return;
  }
  if (nowRaw instanceof PdfRef) step.explain(nowRaw.num);
  for (const [key, value] of now.entries) {
    if (!old.has(key)) step.explainBelow(value, `${path}/${key}`);
  }
  for (const [key, value] of old.entries) {
    const here = `${path}/${key}`;
    const was = step.before.resolve(value);
    const is = step.after.get(now, key);
    const depth = path.split('/').length;
    if (was instanceof PdfDict && is instanceof PdfDict && depth < 4) {
      compareResources(step, value, now.raw(key), here);
    } else step.frozen(value, now.raw(key), here);
  }
}

/** Fields and Kids: old entries in place, new ones at the end. */
function compareLists(
  step: Step,
  old: readonly FormField[],
  now: readonly FormField[],
  path: string,
): void {
  old.forEach((field, i) => {
    const next = now[i];
    if (!next || next.num !== field.num || next.name !== field.name) {
      step.other(`${path}[${i}]`, field.dict, next?.dict, 'field-moved', { field: field.name });
    } else compareField(step, field, next, `${path}[${i}]`);
  });
  now.slice(old.length).forEach((field, i) => {
    addedField(step, field, `${path}[${old.length + i}]`);
  });
}

function compareField(step: Step, old: FormField, now: FormField, path: string): void {
  step.before.document.budget.visit(COST);
  step.explain(now.num);
  const signature = now.type === 'Sig' || old.type === 'Sig';
  if (old.type !== now.type) step.other(`${path}/FT`, old.dict.raw('FT'), now.dict.raw('FT'));
  if (signature && isSigned(old)) {
    keepsEverything(step, old, now, path);
  } else if (signature && isSigned(now)) signsField(step, old, now, path);
  else if (FILLABLE.has(now.type ?? '')) fillsField(step, old, now, path);
  else keepsEverything(step, old, now, path);
  const kids = now.dict.raw('Kids');
  if (kids instanceof PdfRef) step.explain(kids.num);
  compareWidgetList(step, old, now, path);
  compareLists(step, old.kids, now.kids, `${path}/Kids`);
}

/** Kids without name are widgets: none may come or go. */
function compareWidgetList(step: Step, old: FormField, now: FormField, path: string): void {
  const numbers = (field: FormField): string => field.widgets.map((w) => w.num ?? '?').join(' ');
  if (numbers(old) !== numbers(now)) {
    const [was, is] = [old.dict.raw('Kids'), now.dict.raw('Kids')];
    step.other(`${path}/Kids`, was, is, 'widgets-changed', { field: now.name });
  }
  now.widgets.forEach((widget, i) => {
    const before = old.widgets[i]?.dict.raw('Parent') ?? null;
    const after = widget.dict.raw('Parent');
    if (!sameObject(before, after)) step.other(`${path}/Kids[${i}]/Parent`, before, after);
  });
  if (old.num !== now.num || !sameObject(old.dict.raw('Parent'), now.dict.raw('Parent'))) {
    step.other(`${path}/Parent`, old.dict.raw('Parent'), now.dict.raw('Parent'));
  }
}

/** The parts of a field: its own dictionary and its widgets, old beside new. */
function parts(old: FormField, now: FormField, path: string): [PdfDict, PdfDict, string][] {
  const out: [PdfDict, PdfDict, string][] = [[old.dict, now.dict, path]];
  now.widgets.forEach((widget, i) => {
    const was = old.widgets[i];
    if (was) out.push([was.dict, widget.dict, `${path}/Kids[${i}]`]);
  });
  return out;
}

function keepsEverything(step: Step, old: FormField, now: FormField, path: string): void {
  for (const widget of now.widgets) step.explain(widget.num);
  for (const [was, is, where] of parts(old, now, path)) {
    step.frozenEntries(was, is, where, TREE);
  }
}

function signsField(step: Step, old: FormField, now: FormField, path: string): void {
  const target = now.value;
  const taken = target instanceof PdfRef && step.before.object(target.num) !== null;
  if (taken) step.other(`${path}/V`, old.value, now.value, 'value-taken', { field: now.name });
  step.changes.add('sign-existing', path, old.value, now.value, 'field-signed', {
    ...step.placeOf(now),
    field: now.name,
  });
  for (const widget of now.widgets) step.explain(widget.num);
  for (const [was, is, where] of parts(old, now, path)) {
    const lock = was.has('Lock') ? ['Lock'] : [];
    const page = was.has('P') ? ['P'] : [];
    const fixed = new Set([...lock, ...page]);
    step.frozenEntries(was, is, where, new Set([...SIGNED, ...TREE].filter((k) => !fixed.has(k))));
    for (const key of SIGNED) if (key !== 'P') step.explainBelow(is.raw(key), `${where}/${key}`);
  }
}

function fillsField(step: Step, old: FormField, now: FormField, path: string): void {
  let filled: [PdfObject, PdfObject] | null = null;
  let valued = false;
  let redrawn = false;
  let exchanged = false;
  const button = now.type === 'Btn';
  for (const widget of now.widgets) step.explain(widget.num);
  for (const [was, is, where] of parts(old, now, path)) {
    const flag = locksField(was, is) ? ['Ff'] : [];
    step.frozenEntries(was, is, where, new Set([...FILLED, ...TREE, ...flag, 'DA']));
    for (const key of FILLED) {
      const touched = (before: PdfObject, after: PdfObject): void => {
        if (VALUES.has(key)) {
          if (!valued) filled = [before, after];
          valued = true;
        } else {
          filled ??= [before, after];
          if (key !== 'AP') return;
          redrawn = true;
          // An appearance where there was none may show a value that stood there.
          if (was.has('AP') || button) exchanged = true;
        }
      };
      if (!sameObject(was.raw(key), is.raw(key))) touched(was.raw(key), is.raw(key));
      step.explainBelow(is.raw(key), `${where}/${key}`, (num) => {
        touched(step.before.object(num), step.after.object(num));
      });
    }
    const appearance = step.after.resolve(is.raw('AP'));
    if (appearance !== null && !(appearance instanceof PdfDict)) {
      step.other(`${where}/AP`, was.raw('AP'), is.raw('AP'));
    }
  }
  for (const [was, is, where] of parts(old, now, path)) {
    if (locksField(was, is)) {
      step.changes.add('form-fill', path, was.raw('Ff'), is.raw('Ff'), 'field-locked', {
        ...step.placeOf(now),
        field: now.name,
      });
    }
    if (valued) step.explainBelow(is.raw('DA'), `${where}/DA`);
    else if (!sameAppearanceString(step, was, is)) {
      step.frozen(was.raw('DA'), is.raw('DA'), `${where}/DA`);
    }
  }
  if (!filled) return;
  const look = redrawn ? looksAsValued(step.after, now) : 'same';
  const covers =
    redrawn &&
    now.type === 'Tx' &&
    parts(old, now, path).some(([was, is]) => fillsAnew(step.before, was, step.after, is, valued));
  const astray = look === 'differs' || (exchanged && !valued && look !== 'same') || covers;
  step.changes.add(
    astray ? 'form-look' : 'form-fill',
    path,
    step.before.resolve(filled[0]),
    step.after.resolve(filled[1]),
    astray ? 'field-look' : 'field-filled',
    { ...step.placeOf(now), field: now.name },
  );
}

const READ_ONLY = 1;

/** Signing locks fields by their flag, too (12.7.5.5): Ff gains ReadOnly and nothing else. */
function locksField(was: PdfDict, is: PdfDict): boolean {
  if (!was.has('Ff') && was.has('Parent')) return false;
  const [old, now] = [was.raw('Ff') ?? 0, is.raw('Ff') ?? 0];
  return typeof old === 'number' && old !== now && now === (old | READ_ONLY);
}

/** The default appearance, but for white space. */
function sameAppearanceString(step: Step, was: PdfDict, is: PdfDict): boolean {
  const [old, now] = [step.before.get(was, 'DA'), step.after.get(is, 'DA')];
  if (!(old instanceof PdfString) || !(now instanceof PdfString)) return old === now;
  const bare = (text: PdfString): string => textOf(text).trim().replace(/\s+/g, ' ');
  return bare(old) === bare(now);
}

function addedField(step: Step, field: FormField, path: string): void {
  const nums = [field.num, ...field.widgets.map((widget) => widget.num)];
  const reused = nums.some((num) => num !== null && step.changed.redefined.has(num));
  const known = nums.some((num) => num !== null && !step.changed.all.has(num));
  for (const num of nums) step.explain(num);
  step.explainBelow(field.dict, path);
  for (const widget of field.widgets) step.explainBelow(widget.dict, path);
  const kind = newFieldKind(step, field, reused || known);
  const code = (
    {
      evidence: 'time-stamp-added',
      'sign-new': 'field-added-to-sign',
      'field-new': 'field-added',
    } as const
  )[kind];
  step.changes.add(kind, path, null, field.dict, code, {
    ...step.placeOf(field),
    field: field.name,
  });
  field.kids.forEach((kid, i) => {
    addedField(step, kid, `${path}/Kids[${i}]`);
  });
}

function newFieldKind(
  step: Step,
  field: FormField,
  old: boolean,
): 'evidence' | 'sign-new' | 'field-new' {
  const group = field.kids.length > 0 && field.widgets.length === 0 && !field.dict.has('Rect');
  if (group && !old && field.value === null) return 'sign-new';
  if (old || field.type !== 'Sig' || field.kids.length > 0) return 'field-new';
  if (!isSigned(field)) return showsNothing(step, field) ? 'sign-new' : 'field-new';
  if (field.value instanceof PdfRef && !step.changed.all.has(field.value.num)) return 'field-new';
  const value = step.after.resolve(field.value);
  if (!(value instanceof PdfDict)) return 'field-new';
  const stamp = isName(step.after.get(value, 'SubFilter'), 'ETSI.RFC3161');
  return stamp && showsNothing(step, field) ? 'evidence' : 'sign-new';
}

/** Neither a document time stamp nor a field made ready for signing has a picture. */
function showsNothing(step: Step, field: FormField): boolean {
  return [field.dict, ...field.widgets.map((widget) => widget.dict)].every((dict) => {
    const rect = step.after.array(dict.raw('Rect'));
    const sides = (rect ?? [0, 0, 0, 0]).map((side) => step.after.resolve(side));
    const flat = sides[0] === sides[2] || sides[1] === sides[3];
    const appearance = step.after.dict(dict.raw('AP'));
    const normal = appearance ? step.after.get(appearance, 'N') : null;
    if (flat) return true;
    if (hasBackground(step.after, dict)) return false;
    return normal === null || (normal instanceof PdfStream && normal.data.length === 0);
  });
}
