/** What stood at a place, in kinds that a page has words for in every language. */
import {
  isName,
  PdfDict,
  PdfName,
  type PdfObject,
  PdfRef,
  PdfStream,
  PdfString,
  textOf,
} from '../../read/objects.ts';

export type PlainKind =
  | 'nothing'
  | 'number'
  | 'yes'
  | 'no'
  | 'name'
  | 'text'
  /** Another object, by its number. */
  | 'object'
  | 'list'
  | 'entries'
  /** A note, stamp, drawing or the like; `detail` is its kind, `text` what it says. */
  | 'annotation'
  | 'field'
  | 'signature'
  | 'page'
  | 'font'
  | 'picture'
  /** Drawing instructions, of a page or a part of it. */
  | 'drawing'
  | 'data';

export interface PlainValue {
  readonly kind: PlainKind;
  /** As it is written: a number, a name, a text. */
  readonly text?: string;
  /** Kind of annotation, or what else narrows the kind down, in the words of the standard. */
  readonly detail?: string;
  /** Entries, items or bytes. */
  readonly size?: number;
}

const MAX_TEXT = 200;

export function plainValue(object: PdfObject | undefined): PlainValue {
  if (object === null || object === undefined) return { kind: 'nothing' };
  if (typeof object === 'number') return { kind: 'number', text: String(object) };
  if (typeof object === 'boolean') return { kind: object ? 'yes' : 'no' };
  if (object instanceof PdfName) return { kind: 'name', text: object.name.slice(0, MAX_TEXT) };
  if (object instanceof PdfString) return { kind: 'text', text: textOf(object).slice(0, MAX_TEXT) };
  if (object instanceof PdfRef) return { kind: 'object', text: String(object.num) };
  if (object instanceof PdfStream) return ofStream(object);
  if (object instanceof PdfDict) return ofDictionary(object);
  return ofList(object as readonly PdfObject[]);
}

function ofStream({ dict, data }: PdfStream): PlainValue {
  const size = data.length;
  if (isName(dict.raw('Subtype'), 'Image')) return { kind: 'picture', size };
  const marked = dict.raw('Type') instanceof PdfName && !isName(dict.raw('Type'), 'XObject');
  return { kind: marked ? 'data' : 'drawing', size };
}

function ofDictionary(dict: PdfDict): PlainValue {
  const subtype = dict.raw('Subtype');
  const size = dict.entries.size;
  if (dict.has('FT')) return { kind: 'field', ...textAt(dict, 'T'), ...nameAt(dict, 'FT') };
  if (dict.has('ByteRange')) return { kind: 'signature', ...textAt(dict, 'Name') };
  if (isName(dict.raw('Type'), 'Page')) return { kind: 'page' };
  if (isName(dict.raw('Type'), 'Font')) return { kind: 'font', ...nameAt(dict, 'BaseFont') };
  if (subtype instanceof PdfName && dict.has('Rect')) {
    return { kind: 'annotation', detail: subtype.name, ...textAt(dict, 'Contents') };
  }
  return { kind: 'entries', text: [...dict.entries.keys()].slice(0, 8).join(', '), size };
}

function textAt(dict: PdfDict, key: string): { text?: string } {
  const value = dict.raw(key);
  return value instanceof PdfString ? { text: textOf(value).slice(0, MAX_TEXT) } : {};
}

function nameAt(dict: PdfDict, key: string): { detail?: string } {
  const value = dict.raw(key);
  return value instanceof PdfName ? { detail: value.name.slice(0, MAX_TEXT) } : {};
}

/** Short lists of numbers, boxes for one, are told as they are. */
function ofList(list: readonly PdfObject[]): PlainValue {
  const numbers = list.length <= 6 && list.every((item) => typeof item === 'number');
  return { kind: 'list', size: list.length, ...(numbers ? { text: list.join(' ') } : {}) };
}
