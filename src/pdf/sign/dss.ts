/** The document security store (EN 319 142-1, 5.4.2): evidence for validating later, unsigned. */
import { type Bytes, equal } from '../../crypto/index.ts';
import { PdfDocument } from '../read/document.ts';
import { type PdfObject, PdfRef, PdfStream } from '../read/objects.ts';
import { Increment } from './increment.ts';
import { Syntax, type Writable, writeEntries } from './write-object.ts';

/** DER each. */
export interface Evidence {
  certs: readonly Uint8Array[];
  crls: readonly Uint8Array[];
  ocsps: readonly Uint8Array[];
}

/**
 * Appends evidence as a revision of its own; what the store already holds is not added again, and
 * nothing is written when nothing is new.
 * @throws {Malformed} `pdf-…` when the file cannot be read
 */
export async function appendDss(pdf: Uint8Array, evidence: Evidence): Promise<Bytes> {
  const increment = new Increment(await PdfDocument.open(pdf));
  const { revision } = increment;
  const raw = revision.catalog.raw('DSS');
  const old = revision.dict(raw);
  const entries = new Map<string, Writable>(old ? old.entries : [['Type', new Syntax('/DSS')]]);
  let added = 0;
  const lists = { Certs: evidence.certs, CRLs: evidence.crls, OCSPs: evidence.ocsps };
  for (const [key, values] of Object.entries(lists)) {
    const list: PdfObject[] = [...(revision.array(old?.raw(key)) ?? [])];
    const known = list.flatMap((item) => {
      const stream = revision.resolve(item);
      return stream instanceof PdfStream ? [revision.data(stream)] : [];
    });
    for (const der of values) {
      if (known.some((bytes) => equal(bytes, der))) continue;
      known.push(der);
      list.push(increment.addStream({}, der));
      added++;
    }
    if (list.length > 0) entries.set(key, list);
  }
  if (added === 0) return new Uint8Array(pdf);
  const dss = new Syntax(writeEntries(entries));
  if (raw instanceof PdfRef) increment.set(raw, dss);
  else increment.change(increment.root, { DSS: increment.add(dss) });
  return increment.write();
}
