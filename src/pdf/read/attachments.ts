/** Associated files (ISO 32000-2, 14.13): the data embedded in a document, by name. */
import { Malformed } from '../../crypto/index.ts';
import type { PdfRevision } from './document.ts';
import { PdfDict, type PdfObject, PdfStream, PdfString, textOf } from './objects.ts';

/** Files a catalog may associate; more is nobody's document. */
const MAX_FILES = 200;

/**
 * The file that the catalog's AF names so, as this revision has it.
 * @returns null where there is none
 * @throws {Malformed} `pdf-attachment` where two have the name, or the file cannot be read
 */
export function attachmentOf(revision: PdfRevision, name: string): Uint8Array | null {
  const list = revision.array(revision.catalog.raw('AF')) ?? [];
  if (list.length > MAX_FILES) throw new Malformed('pdf-attachment', 'too many associated files');
  const found = list.flatMap((item) => {
    const specification = revision.resolve(item);
    return specification instanceof PdfDict && nameOf(revision, specification) === name
      ? [specification]
      : [];
  });
  const [only, second] = found;
  if (!only) return null;
  if (second) throw new Malformed('pdf-attachment', `two files are called ${name}`);
  const embedded = revision.dict(only.raw('EF'));
  const stream = embedded && (revision.get(embedded, 'UF') ?? revision.get(embedded, 'F'));
  if (!(stream instanceof PdfStream)) throw new Malformed('pdf-attachment', 'no embedded file');
  return revision.data(stream);
}

function nameOf(revision: PdfRevision, specification: PdfDict): string | null {
  const text = (object: PdfObject): string | null =>
    object instanceof PdfString ? textOf(object) : null;
  return text(revision.get(specification, 'UF')) ?? text(revision.get(specification, 'F'));
}
