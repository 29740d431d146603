/**
 * Usage rights (ISO 32000-1, 12.8.2.3): a signature of the application's maker that lets readers fill
 * in the form. It is none of a person, stands in no field, and proves nothing about the document.
 */
import type { PdfDocument, PdfRevision } from '../read/document.ts';
import { type PdfObject, PdfRef } from '../read/objects.ts';
import type { Span } from '../read/parser.ts';

type Spans = ReadonlyMap<string, Span>;

/** Where the ByteRange of usage rights is written, in the catalog of any revision. */
export function usageRightsRanges(document: PdfDocument): Set<number> {
  const out = new Set<number>();
  for (const revision of document.revisions) {
    const written = revision.catalog.raw('Perms');
    const perms = revision.dict(written);
    const key = perms?.has('UR3') ? 'UR3' : 'UR';
    if (!perms?.has(key)) continue;
    const catalog = spansOf(revision, revision.map.trailer.raw('Root'), null);
    const outer = spansOf(revision, written, catalog?.get('Perms'));
    const rights = spansOf(revision, perms.raw(key), outer?.get(key));
    const range = rights?.get('ByteRange');
    if (range) out.add(range[0]);
  }
  return out;
}

/** Of a dictionary that is an object of its own, or written in place at `span`. */
function spansOf(revision: PdfRevision, value: PdfObject, span?: Span | null): Spans | null {
  const { document } = revision;
  if (!(value instanceof PdfRef)) return span ? document.spansWithin(span) : null;
  const place = revision.place(value.num);
  return place && document.spansAt(place, value.num);
}
