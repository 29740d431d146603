/**
 * What a form field's appearance says against what its value says. Readers show the appearance
 * until the field is touched, and the value afterwards; a file may be made to let them differ.
 */
import { latin1 } from '../../crypto/index.ts';
import type { PdfRevision } from '../read/document.ts';
import {
  isName,
  PdfDict,
  PdfName,
  type PdfObject,
  PdfStream,
  PdfString,
  textOf,
} from '../read/objects.ts';
import { fillsAreas, showOperators } from './content/show-text.ts';
import type { FormField } from './form-fields.ts';

/** `unknown` where fonts, formats or kinds of field do not let it be told. */
type Agreement = 'same' | 'differs' | 'unknown';

const PASSWORD = 1 << 13;
const COMBO = 1 << 17;
const PUSHBUTTON = 1 << 16;
/** Data of one appearance looked at; longer ones are not a line of text. */
const MAX_LOOK = 100_000;
/** Fields of which each look is read to tell what drawing them again would show. */
const MAX_REDRAWN = 2000;

export function looksAsValued(revision: PdfRevision, field: FormField): Agreement {
  if (field.type !== 'Tx' && field.type !== 'Ch') return 'unknown';
  const value = revision.resolve(field.value);
  const number = fieldFlags(revision, field);
  const shownOtherwise = field.type === 'Tx' ? number & PASSWORD : !(number & COMBO);
  if (shownOtherwise || formatted(revision, field)) return 'unknown';
  if (value !== null && !(value instanceof PdfString)) return 'unknown';
  const text = plain(value === null ? '' : textOf(value));
  if (text === null) return 'unknown';
  let answer: Agreement = 'same';
  for (const widget of field.widgets.length > 0 ? field.widgets : [field]) {
    const look = appearanceStream(revision, widget.dict);
    if (!look) return 'unknown';
    const shown = shownText(revision, look);
    const read = shown === null ? null : plain(shown);
    if (read === null) return 'unknown';
    if (read !== text && read !== plain(displayOf(revision, field, text))) answer = 'differs';
  }
  return answer;
}

/**
 * Whether an area or an image comes with a new look, or goes with the old one, and neither the
 * background of the field nor its value says why: it may cover or uncover what is below.
 * @param valued the value changed too, so that a look made anew may lack what the old one had
 */
export function fillsAnew(
  before: PdfRevision,
  was: PdfDict,
  after: PdfRevision,
  is: PdfDict,
  valued: boolean,
): boolean {
  const fills = (revision: PdfRevision, dict: PdfDict): boolean | null => {
    const look = appearanceStream(revision, dict);
    return look && fillsAreas(latin1(revision.data(look)));
  };
  const now = fills(after, is);
  if (now === null) return false;
  const old = fills(before, was);
  if (now && hasBackground(after, is)) return false;
  return old === null || valued ? now && !old : now !== old;
}

/** MK's BG with a colour: the widget is drawn on an area of its own. */
export function hasBackground(revision: PdfRevision, widget: PdfDict): boolean {
  const colour = revision.array(revision.dict(widget.raw('MK'))?.raw('BG'));
  return (colour?.length ?? 0) > 0;
}

/**
 * Whether a reader that draws every field again from its value may show something else than the
 * looks that were signed.
 */
export function redrawsOtherwise(revision: PdfRevision, fields: readonly FormField[]): boolean {
  if (fields.length > MAX_REDRAWN) return true;
  return fields.some((field) => {
    const parts = [field, ...field.widgets];
    const looks = parts.some(({ dict }) => revision.dict(dict.raw('AP')) !== null);
    if (!looks) return false;
    if (field.type === 'Btn') return (fieldFlags(revision, field) & PUSHBUTTON) !== 0;
    if (field.type !== 'Tx' && field.type !== 'Ch') return false;
    return looksAsValued(revision, field) !== 'same';
  });
}

/** Ff, not inherited. */
function fieldFlags(revision: PdfRevision, { dict }: FormField): number {
  const flags = revision.get(dict, 'Ff');
  return typeof flags === 'number' ? flags : 0;
}

/** A script may rewrite what is shown: figures with currency, dates. */
function formatted(revision: PdfRevision, field: FormField): boolean {
  return [field, ...field.widgets].some(({ dict }) => revision.dict(dict.raw('AA')) !== null);
}

function appearanceStream(revision: PdfRevision, dict: PdfDict): PdfStream | null {
  const looks = revision.dict(dict.raw('AP'));
  const normal = looks && revision.get(looks, 'N');
  return normal instanceof PdfStream && normal.data.length <= MAX_LOOK ? normal : null;
}

/** Printable ASCII without white space; null for anything beyond, which encodings write apart. */
function plain(text: string): string | null {
  const bare = text.replace(/\s+/g, '');
  return /^[!-~]*$/.test(bare) ? bare : null;
}

/** The words that a choice shows for its export value. */
function displayOf(revision: PdfRevision, field: FormField, value: string): string {
  for (const option of revision.array(field.dict.raw('Opt')) ?? []) {
    const pair = revision.array(option);
    if (!pair) continue;
    const [own, shown] = pair.map((item) => revision.resolve(item));
    if (own instanceof PdfString && shown instanceof PdfString && plain(textOf(own)) === value) {
      return textOf(shown);
    }
  }
  return value;
}

/** The text that the stream shows in fonts of one byte a character; null where it cannot be read. */
function shownText(revision: PdfRevision, stream: PdfStream): string | null {
  const resources = revision.dict(stream.dict.raw('Resources'));
  const fonts = resources && revision.dict(resources.raw('Font'));
  const objects = resources && revision.dict(resources.raw('XObject'));
  if ((objects?.entries.size ?? 0) > 0) return null;
  for (const entry of fonts?.entries.values() ?? []) {
    if (!simpleFont(revision, entry)) return null;
  }
  return showOperators(latin1(revision.data(stream)));
}

function simpleFont(revision: PdfRevision, entry: PdfObject): boolean {
  const font = revision.dict(entry);
  if (!font) return true;
  const encoding = revision.get(font, 'Encoding');
  const kind = revision.get(font, 'Subtype');
  const plainKind = isName(kind, 'Type1') || isName(kind, 'TrueType');
  const remapped = encoding instanceof PdfDict && encoding.has('Differences');
  const embedded = kind instanceof PdfName && revision.dict(font.raw('FontDescriptor'));
  // An embedded subset may name its glyphs as it likes.
  return plainKind && !remapped && !(embedded && embedded.has('FontFile'));
}
