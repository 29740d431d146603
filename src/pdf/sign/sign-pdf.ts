/**
 * Signing a PDF: PAdES baseline B (EN 319 142-1) as an incremental update, visible as a seal or
 * not at all. The bytes that were there stay as they are, also for the second signer and the fifth.
 */

import { signDetached } from '../../cms/index.ts';
import {
  type Bytes,
  fromLatin1,
  indexOf,
  Malformed,
  type Signer,
  toHex,
} from '../../crypto/index.ts';
import { PdfDocument } from '../read/document.ts';
import { PdfDict, PdfName, type PdfRef } from '../read/objects.ts';
import { formOf, isSigned } from '../verify/form-fields.ts';
import {
  addAppearance,
  addSealStream,
  prepareSeal,
  type Rect,
  type SealAppearance,
  sealRect,
} from './appearance.ts';
import { appendDss, type Evidence } from './dss.ts';
import { addToForm, addToPage, pageRef } from './form-update.ts';
import { Increment } from './increment.ts';
import { Syntax, textString, writeObject } from './write-object.ts';

export interface SignPdfOptions {
  pdf: Uint8Array;
  signer: Signer;
  /** Name of the new signature field, e.g. `Enterprise` or `Authority`. */
  field: string;
  /** Page of the widget, from 0. */
  page: number;
  /** Place of the seal in points; the picture stands in its middle at its own size. */
  rect: Rect;
  appearance: { kind: 'picture'; seal: Uint8Array } | { kind: 'none' };
  reason: string;
  /** ISO 8601: the claimed time, in M. */
  time: string;
  /** Certification: 1 nothing, 2 forms and signatures, 3 also annotations may follow. */
  certify?: 1 | 2 | 3;
  /** Evidence for long-term validation, appended as a revision of its own. */
  dss?: Evidence;
}

/**
 * @throws {Malformed} when the file cannot be read or must not be signed so: `pdf-…`, `field-taken`,
 * `certify-not-first`, `certified-closed`, `seal-…`; what the key throws passes through
 */
export async function signPdf(options: SignPdfOptions): Promise<Bytes> {
  const { pdf, signer, appearance, time, dss } = options;
  const increment = new Increment(await PdfDocument.open(pdf));
  checkPermissions(increment, options);
  const seal =
    appearance.kind === 'picture'
      ? await prepareSeal(appearance.seal, signer.certificate, time)
      : null;
  const contents = contentsSize(signer);
  const value = addSignature(increment, options, seal, contents);
  addField(increment, options, seal, value);
  const out = increment.write();
  const { start, end } = patchByteRange(out, pdf.length, contents);
  const ranges = [out.subarray(0, start), out.subarray(end)];
  const cms = await signDetached({ content: { ranges }, signer });
  if (cms.length > contents) throw new Malformed('pdf-contents', 'the signature does not fit');
  out.set(fromLatin1(toHex(cms)), start + 1);
  return dss ? appendDss(out, dss) : out;
}

/** Certification comes first; a file certified with P=1 takes no further signature. */
function checkPermissions({ revision }: Increment, { certify }: SignPdfOptions): void {
  const perms = revision.dict(revision.catalog.raw('Perms'));
  const certified = perms?.has('DocMDP') ?? false;
  if (certify && (certified || formOf(revision).all.some(isSigned))) {
    throw new Malformed('certify-not-first', 'only the first signature certifies');
  }
  const references = revision.array(revision.dict(perms?.raw('DocMDP'))?.raw('Reference'));
  for (const reference of references ?? []) {
    const params = revision.dict(revision.dict(reference)?.raw('TransformParams'));
    if (params?.raw('P') === 1) {
      throw new Malformed('certified-closed', 'the certification permits no further signature');
    }
  }
}

/** Room for the CMS: its certificates, and 1 KiB for attributes, names and signature. */
function contentsSize({ certificate, chain }: Signer): number {
  const certificates = [certificate, ...chain].reduce((sum, der) => sum + der.length, 0);
  return Math.ceil((certificates + 1024 + certificate.length / 2) / 256) * 256;
}

const DIGITS = 10;

function addSignature(
  increment: Increment,
  { reason, time, certify }: SignPdfOptions,
  seal: SealAppearance | null,
  contents: number,
): PdfRef {
  const room = ' '.repeat(3 * DIGITS + 2);
  const date = new Date(time).toISOString().replace(/[-:T]/g, '').slice(0, 14);
  const parts = [
    '/Type /Sig\n/Filter /Adobe.PPKLite\n/SubFilter /ETSI.CAdES.detached',
    `/M (D:${date}Z)`,
    reason === '' ? '' : `/Reason ${writeObject(textString(reason))}`,
    seal ? `/CNBR_SESeal ${writeObject(addSealStream(increment, seal))}` : '',
    certify
      ? '/Reference [<</Type /SigRef\n/TransformMethod /DocMDP\n' +
        `/TransformParams <</Type /TransformParams\n/P ${certify}\n/V /1.2>>>>]`
      : '',
    `/ByteRange [0 ${room}]`,
    `/Contents <${'00'.repeat(contents)}>`,
  ];
  const text = `<<${parts.filter((part) => part !== '').join('\n')}>>`;
  const value = increment.add(new Syntax(text));
  if (certify)
    increment.change(increment.root, { Perms: new Syntax(`<</DocMDP ${value.num} 0 R>>`) });
  return value;
}

/** Field and widget in one dictionary. F 132: print, locked. */
function addField(
  increment: Increment,
  { field, page, rect }: SignPdfOptions,
  seal: SealAppearance | null,
  value: PdfRef,
): void {
  const target = pageRef(increment, page);
  const entries = new Map<string, Syntax | PdfRef | PdfName | number>([
    ['Type', new PdfName('Annot')],
    ['Subtype', new PdfName('Widget')],
    ['FT', new PdfName('Sig')],
    ['T', new Syntax(writeObject(textString(field)))],
    ['Rect', new Syntax(writeObject(seal ? sealRect(rect, seal) : [0, 0, 0, 0]))],
    ['F', 132],
    ['P', target],
    ['V', value],
  ]);
  if (seal) {
    const look = addAppearance(increment, seal);
    entries.set('AP', new Syntax(`<</N ${look.num} 0 R>>`));
  }
  const widget = increment.add(new PdfDict(entries as never));
  addToForm(increment, field, widget);
  addToPage(increment, target, widget);
}

/** Writes the four numbers into the room left for them. @returns offsets of `<` and after `>` */
function patchByteRange(
  out: Uint8Array,
  from: number,
  contents: number,
): { start: number; end: number } {
  const range = indexOf(out, fromLatin1('/ByteRange [0 '), from);
  const start = indexOf(out, fromLatin1('/Contents <'), range) + '/Contents '.length;
  const end = start + 2 + 2 * contents;
  const numbers = `${start} ${end} ${out.length - end}`.padEnd(3 * DIGITS + 2);
  out.set(fromLatin1(numbers), range + '/ByteRange [0 '.length);
  return { start, end };
}
