/** The interactive form of one revision (ISO 32000-2, 12.7): its field tree, read once. */
import { Malformed } from '../../crypto/index.ts';
import type { PdfRevision } from '../read/document.ts';
import { PdfDict, PdfName, type PdfObject, PdfRef, PdfString, textOf } from '../read/objects.ts';
import { readOnce } from './reuse.ts';

export interface FormField {
  /** Fully qualified name. */
  readonly name: string;
  /** Object number of its dictionary; null where the dictionary is direct. */
  readonly num: number | null;
  readonly dict: PdfDict;
  /** FT without the slash, inherited. */
  readonly type: string | null;
  /** V as written, not inherited; of a signature field also where it stands in its one widget. */
  readonly value: PdfObject;
  readonly kids: readonly FormField[];
  /** Kids without T: widgets of this field. */
  readonly widgets: readonly { readonly num: number | null; readonly dict: PdfDict }[];
}

export interface Form {
  readonly dict: PdfDict | null;
  readonly fields: readonly FormField[];
  /** All fields, parents before kids. */
  readonly all: readonly FormField[];
  /** Fields by the object number of their dictionary. */
  readonly byNum: ReadonlyMap<number, FormField>;
  /** Object numbers of all fields and widgets. */
  readonly numbers: ReadonlySet<number>;
}

const MAX_FIELDS = 100_000;
const MAX_DEPTH = 32;
/** What a field weighs in the budget, with all that is asked of it later. */
const COST = 24;

/** @throws {Malformed} `pdf-form` for a field tree with loops or without bounds. */
export const formOf = readOnce(readForm);

function readForm(revision: PdfRevision): Form {
  const dict = revision.dict(revision.catalog.raw('AcroForm'));
  const all: FormField[] = [];
  const fields = dict
    ? readFields(revision, revision.array(dict.raw('Fields')) ?? [], '', null, all, new Set(), 0)
    : [];
  const byNum = new Map(all.flatMap((field) => (field.num === null ? [] : [[field.num, field]])));
  const numbers = new Set<number>();
  for (const { num, widgets } of all) {
    for (const own of [num, ...widgets.map((w) => w.num)]) if (own !== null) numbers.add(own);
  }
  return { dict, fields, all, byNum, numbers };
}

function readFields(
  revision: PdfRevision,
  list: readonly PdfObject[],
  prefix: string,
  inherited: string | null,
  all: FormField[],
  seen: Set<number>,
  depth: number,
): FormField[] {
  if (depth > MAX_DEPTH) throw new Malformed('pdf-form', 'fields nested too deeply');
  const out: FormField[] = [];
  for (const item of list) {
    revision.document.budget.visit(COST);
    const num = item instanceof PdfRef ? item.num : null;
    const dict = revision.resolve(item);
    if (!(dict instanceof PdfDict)) continue;
    if (num !== null && seen.has(num)) continue;
    if (num !== null) seen.add(num);
    if (all.length >= MAX_FIELDS) throw new Malformed('pdf-form', 'too many fields');
    const own = revision.get(dict, 'T');
    const part = own instanceof PdfString ? textOf(own) : '';
    const name = prefix && part ? `${prefix}.${part}` : prefix || part;
    const ft = revision.get(dict, 'FT');
    const type = ft instanceof PdfName ? ft.name : inherited;
    const kids = revision.array(dict.raw('Kids')) ?? [];
    const isField = (kid: PdfObject): boolean => revision.dict(kid)?.has('T') ?? false;
    const place = all.length;
    const widgets = kids.filter((kid) => !isField(kid)).flatMap((kid) => widget(revision, kid));
    const field: { -readonly [K in keyof FormField]: FormField[K] } = {
      name,
      num,
      dict,
      type,
      value: dict.raw('V') ?? (type === 'Sig' ? valueInWidget(widgets) : null),
      kids: [],
      widgets,
    };
    all.push(field);
    field.kids = readFields(revision, kids.filter(isField), name, type, all, seen, depth + 1);
    all[place] = field;
    out.push(field);
  }
  return out;
}

/** V belongs to the field (12.7.4.1); some writers put it into the widget, where that is another one. */
function valueInWidget(widgets: FormField['widgets']): PdfObject {
  const values = widgets.map(({ dict }) => dict.raw('V')).filter((value) => value !== null);
  const [only] = values;
  return values.length === 1 && only instanceof PdfRef ? only : null;
}

function widget(revision: PdfRevision, kid: PdfObject): { num: number | null; dict: PdfDict }[] {
  const dict = revision.resolve(kid);
  return dict instanceof PdfDict ? [{ num: kid instanceof PdfRef ? kid.num : null, dict }] : [];
}

/** Whether the field has a signature: FT Sig and a V that is not null as written. */
export function isSigned(field: FormField): boolean {
  return field.type === 'Sig' && field.value !== null;
}
