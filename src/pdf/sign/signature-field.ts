/**
 * The field that a signature goes into: one that stands empty in the form, where its place, its
 * seed values and its lock are kept; or a new one, field and widget in one dictionary.
 */
import { Malformed } from '../../crypto/index.ts';
import { type PdfDict, PdfName, PdfRef, PdfString, textOf } from '../read/objects.ts';
import { type FormField, formOf, isSigned } from '../verify/form-fields.ts';
import { addAppearance, type Rect, type SealAppearance, sealRect } from './appearance.ts';
import { type Placed, pageOfWidget, pageRef, pageSeen } from './form-update.ts';
import type { Increment } from './increment.ts';
import { dictionary, type Syntax, textString, type Writable, writeObject } from './write-object.ts';

/** Annotation flags: print, locked. */
const FLAGS = 132;

/** The empty signature field of that name, or null where there is no field of that name. */
export function emptyField({ revision }: Increment, name: string): FormField | null {
  const found = formOf(revision).all.find((field) => field.name === name);
  if (!found) return null;
  if (found.type !== 'Sig' || isSigned(found) || found.num === null || found.widgets.length > 1) {
    throw new Malformed('field-taken', `the field ${name} cannot be signed`);
  }
  return found;
}

/**
 * Signs the empty field: V, and the picture on its widget. Where nothing is signed yet, the widget
 * takes the size of the picture around its own middle; after a signature nothing may move.
 * @throws {Malformed} `field-size` when the field does not have the size of the seal
 */
export function signEmptyField(
  increment: Increment,
  field: FormField,
  seal: SealAppearance | null,
  value: PdfRef,
): void {
  const { revision } = increment;
  const ref = referenceTo(increment, field.num as number);
  const kid = field.widgets[0];
  if (kid && kid.num === null) throw new Malformed('field-taken', 'a widget that is not an object');
  const widget = kid ? referenceTo(increment, kid.num as number) : ref;
  increment.change(ref, { V: value });
  const dict = kid?.dict ?? field.dict;
  const changes: Record<string, Writable> = { F: FLAGS };
  if (seal) {
    const sides = (revision.array(dict.raw('Rect')) ?? []).map((side) => revision.resolve(side));
    const [a = 0, b = 0, c = 0, d = 0] = sides.map(Number);
    const own: Rect = [Math.min(a, c), Math.min(b, d), Math.max(a, c), Math.max(b, d)];
    const seen = pageSeen(increment, pageOfWidget(increment, widget.num));
    const place = sealRect(own, seal, seen);
    if (formOf(revision).all.some(isSigned)) {
      const fits = place.every((side, i) => Math.abs(side - (own[i] as number)) <= 0.25);
      if (!fits) throw new Malformed('field-size', 'the field does not have the size of the seal');
    } else changes['Rect'] = [...place];
    changes['AP'] = dictionary({ N: addAppearance(increment, seal, seen.rotate) });
  }
  increment.change(widget, changes);
}

function referenceTo({ revision }: Increment, num: number): PdfRef {
  const place = revision.place(num);
  return new PdfRef(num, place?.entry.kind === 'offset' ? place.entry.gen : 0);
}

export interface FieldPlace {
  readonly name: string;
  /** From 0. */
  readonly page: number;
  readonly rect: Rect;
}

/** A new field, with the signature as its value or empty for somebody else; not yet on its page. */
export function addField(
  increment: Increment,
  { name, page, rect }: FieldPlace,
  look: SealAppearance | null,
  value: PdfRef | null,
): Placed {
  const target = pageRef(increment, page);
  const entries: Record<string, Writable> = {
    Type: new PdfName('Annot'),
    Subtype: new PdfName('Widget'),
    FT: new PdfName('Sig'),
    T: textString(name),
    Rect: [...rect],
    F: FLAGS,
    P: target,
  };
  if (value) entries['V'] = value;
  if (look) {
    const seen = pageSeen(increment, page);
    entries['Rect'] = [...sealRect(rect, look, seen)];
    entries['AP'] = dictionary({ N: addAppearance(increment, look, seen.rotate) });
  }
  return { page: target, annotation: increment.add(dictionary(entries)), field: name };
}

/** References of the signature that carry out the field's Lock (12.8.2.4). */
export function lockReference({ revision, root }: Increment, field: PdfDict): Syntax | null {
  const lock = revision.dict(field.raw('Lock'));
  if (!lock) return null;
  const action = revision.get(lock, 'Action');
  const fields = (revision.array(lock.raw('Fields')) ?? []).flatMap((item) => {
    const name = revision.resolve(item);
    return name instanceof PdfString ? [textString(textOf(name))] : [];
  });
  const kind = action instanceof PdfName ? action : new PdfName('All');
  const params = {
    Type: new PdfName('TransformParams'),
    Action: kind,
    ...(kind.name === 'All' ? {} : { Fields: fields }),
    V: new PdfName('1.2'),
  };
  return dictionary({
    Type: new PdfName('SigRef'),
    TransformMethod: new PdfName('FieldMDP'),
    TransformParams: dictionary(params),
    Data: root,
  });
}

/** A name as PDF writes it in text. */
export const written = (text: string): string => writeObject(textString(text));
