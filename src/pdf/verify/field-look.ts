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
import { showOperators } from './content/show-text.ts';
import type { FormField } from './form-fields.ts';

/** `unknown` where fonts, formats or kinds of field do not let it be told. */
type Agreement = 'same' | 'differs' | 'unknown';

const PASSWORD = 1 << 13;
const COMBO = 1 << 17;
/** Data of one appearance looked at; longer ones are not a line of text. */
const MAX_LOOK = 100_000;

export function looksAsValued(revision: PdfRevision, field: FormField): Agreement {
  if (field.type !== 'Tx' && field.type !== 'Ch') return 'unknown';
  const value = revision.resolve(field.value);
  const flags = revision.get(field.dict, 'Ff');
  const number = typeof flags === 'number' ? flags : 0;
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
