/** The document security store (EN 319 142-1, 5.4.2): evidence for validating later, unsigned. */
import { type Bytes, digest, equal, toHex } from '../../crypto/index.ts';
import { PdfDocument } from '../read/document.ts';
import { type PdfObject, PdfRef, PdfStream } from '../read/objects.ts';
import { Increment } from './increment.ts';
import { dictionary, Syntax, type Writable, writeEntries } from './write-object.ts';

/** DER each. */
export interface Evidence {
  certs: readonly Uint8Array[];
  crls: readonly Uint8Array[];
  ocsps: readonly Uint8Array[];
}

/** Key of the store's list, of the list in a VRI dictionary, and of ours. */
const LISTS = [
  ['Certs', 'Cert', 'certs'],
  ['CRLs', 'CRL', 'crls'],
  ['OCSPs', 'OCSP', 'ocsps'],
] as const;

/**
 * Appends evidence as a revision of its own; what the store already holds is not added again, and
 * nothing is written when nothing is new.
 * @param signatures Contents of signatures that the evidence is about: each gets its VRI entry
 * @throws {Malformed} `pdf-…` when the file cannot be read
 */
export async function appendDss(
  pdf: Uint8Array,
  evidence: Evidence,
  signatures: readonly Uint8Array[] = [],
  password?: string,
): Promise<Bytes> {
  const increment = new Increment(await PdfDocument.open(pdf, password));
  const { revision } = increment;
  const raw = revision.catalog.raw('DSS');
  const old = revision.dict(raw);
  const entries = new Map<string, Writable>(old ? old.entries : [['Type', new Syntax('/DSS')]]);
  const related = new Map<string, PdfObject[]>();
  let added = 0;
  for (const [key, vriKey, ours] of LISTS) {
    const list: PdfObject[] = [...(revision.array(old?.raw(key)) ?? [])];
    const known = list.map((item) => {
      const stream = revision.resolve(item);
      return { item, bytes: stream instanceof PdfStream ? revision.data(stream) : null };
    });
    const meant: PdfObject[] = [];
    for (const der of evidence[ours]) {
      let found = known.find(({ bytes }) => bytes && equal(bytes, der));
      if (!found) {
        found = { item: increment.addStream({}, der), bytes: der };
        known.push(found);
        list.push(found.item);
        added++;
      }
      if (!meant.includes(found.item)) meant.push(found.item);
    }
    if (list.length > 0) entries.set(key, list);
    if (meant.length > 0) related.set(vriKey, meant);
  }
  if (signatures.length > 0) {
    const vri = new Map<string, Writable>(revision.dict(old?.raw('VRI'))?.entries ?? []);
    for (const contents of signatures) {
      const name = toHex(await digest('SHA-1', contents)).toUpperCase();
      if (vri.has(name) || related.size === 0) continue;
      vri.set(name, new Syntax(writeEntries(related)));
      added++;
    }
    entries.set('VRI', new Syntax(writeEntries(vri)));
  }
  if (added === 0) return new Uint8Array(pdf);
  const dss = dictionary(entries);
  if (raw instanceof PdfRef) increment.set(raw, dss);
  else increment.change(increment.root, { DSS: increment.add(dss) });
  return increment.write();
}
