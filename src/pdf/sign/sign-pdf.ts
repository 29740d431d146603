/**
 * Signing a PDF: PAdES baseline B or T (EN 319 142-1) as an incremental update, visible as a seal
 * or not at all. The bytes that were there stay as they are, also for the second signer and the fifth.
 */
import { askTimeStamp, signDetached, type TimeStampSource } from '../../cms/index.ts';
import { type Bytes, fromLatin1, type Signer } from '../../crypto/index.ts';
import { PdfDocument } from '../read/document.ts';
import { type PdfRef, PdfString } from '../read/objects.ts';
import { addSealStream, prepareSeal, type Rect, type SealAppearance } from './appearance.ts';
import { appendDss, type Evidence } from './dss.ts';
import { type Placed, placeAll } from './form-update.ts';
import { Increment } from './increment.ts';
import { checkEncryption, checkPermissions } from './permissions.ts';
import { closeRange, fillContents, openEntries } from './placeholder.ts';
import { FITTING, roomy } from './room.ts';
import { addSeam } from './seam.ts';
import { keepSeedValues } from './seed-values.ts';
import {
  addField,
  emptyField,
  type FieldPlace,
  lockReference,
  signEmptyField,
  written,
} from './signature-field.ts';
import { Syntax, writeObject } from './write-object.ts';

/**
 * What is seen of the signature: the picture of a seal (SESeal DER) at its place; the same in strips
 * along the right edges of all pages, their middle at `height` (0 bottom, 1 top); or nothing.
 */
export type Appearance =
  | { kind: 'picture'; seal: Uint8Array }
  | { kind: 'seam'; seal: Uint8Array; height?: number }
  | { kind: 'none' };

export interface SignPdfOptions {
  pdf: Uint8Array;
  /** Of an encrypted file: the user's or the owner's; the empty one needs no mention. */
  password?: string | undefined;
  signer: Signer;
  /**
   * Name of the signature field, e.g. `Enterprise` or `Authority`. An empty field of that name is
   * signed where it stands: then `page` and `rect` do not count.
   */
  field: string;
  /** Page of the widget, from 0; default the first. */
  page?: number;
  /** Place of the seal in points; the picture stands in its middle at its own size. */
  rect?: Rect;
  appearance: Appearance;
  reason: string;
  /** ISO 8601: the claimed time, in M. */
  time: string;
  /** Certification: 1 nothing, 2 forms and signatures, 3 also annotations may follow. */
  certify?: 1 | 2 | 3;
  /** Empty fields for those who sign later: after a certification they need one. */
  emptyFields?: readonly FieldPlace[];
  /** Level T: where the signature time stamp comes from. */
  timeStamp?: TimeStampSource;
  /** Nonces of the requests for stamps; passed in where the same bytes are to come again. */
  nonce?: () => bigint;
  /** Evidence for long-term validation, appended as a revision of its own. */
  dss?: Evidence;
}

/** Over the signature value; null: none was to be had. */
export type Stamping = (signature: Uint8Array) => Promise<Uint8Array | null>;

export interface Signed {
  readonly pdf: Bytes;
  /** Contents of the new signature as it stands, padding included. */
  readonly contents: Uint8Array;
}

/**
 * @throws {Malformed} when the file cannot be read or must not be signed so: `pdf-…`, `field-…`,
 * `password-needed`, `certif…`, `seal-…`, `seam-…`, `page-unit`, `tsp-…`; what the key throws passes through
 */
export async function signPdf(options: SignPdfOptions): Promise<Bytes> {
  const { timeStamp: source, nonce, dss, password } = options;
  const stamp = source && ((data: Uint8Array) => askTimeStamp(data, { source, nonce: nonce?.() }));
  const { pdf, contents } = await signRevision(options, stamp);
  return dss ? appendDss(pdf, dss, [contents], password) : pdf;
}

/** One signature as one revision. */
export async function signRevision(options: SignPdfOptions, timeStamp?: Stamping): Promise<Signed> {
  const { pdf, password, signer, appearance, time } = options;
  const seal =
    appearance.kind === 'none'
      ? null
      : await prepareSeal(appearance.seal, signer.certificate, time);
  return roomy(roomFor(signer) + (timeStamp ? FITTING : 0), async (size) => {
    const document = await PdfDocument.open(pdf, password);
    const increment = new Increment(document);
    prepare(document, increment, options, seal, size);
    const out = await increment.write();
    const hole = closeRange(out, pdf.length, size);
    const stamping: Stamping | undefined =
      timeStamp &&
      (async (signature) => {
        const token = await timeStamp(signature);
        // The field may have asked for one: then it is not signed without.
        if (!token) keepSeeds(increment, emptyField(increment, options.field), options, false);
        return token;
      });
    const content = { ranges: hole.ranges };
    const cms = await signDetached({ content, signer, timeStamp: stamping });
    if (cms.length > size) return cms.length;
    fillContents(out, hole, cms);
    const contents = new Uint8Array(size);
    contents.set(cms);
    return { pdf: out, contents };
  });
}

/** Room for the CMS: its certificates, and 1 KiB for attributes, names and signature. */
function roomFor({ certificate, chain }: Signer): number {
  const certificates = [certificate, ...chain].reduce((sum, der) => sum + der.length, 0);
  return Math.ceil((certificates + 1024 + certificate.length / 2) / 256) * 256;
}

function prepare(
  document: PdfDocument,
  increment: Increment,
  options: SignPdfOptions,
  seal: SealAppearance | null,
  size: number,
): void {
  const { field, page = 0, rect = [0, 0, 0, 0], certify } = options;
  const existing = emptyField(increment, field);
  checkEncryption(document, existing !== null && options.appearance.kind !== 'seam');
  checkPermissions(document, increment, field, existing, certify !== undefined);
  const references: Syntax[] = certify ? [certification(certify)] : [];
  if (existing) {
    keepSeeds(increment, existing, options, options.timeStamp !== undefined);
    const lock = lockReference(increment, existing.dict);
    if (lock) references.push(lock);
  }
  const { appearance } = options;
  const seam =
    appearance.kind === 'seam' && seal ? addSeam(increment, seal, appearance.height) : null;
  const entries = seal ? [`/CNBR_SESeal ${addSealStream(increment, seal).num} 0 R`] : [];
  if (seam) entries.push(`/CNBR_Seam [${seam.strips.map(({ num }) => `${num} 0 R`).join(' ')}]`);
  const value = addSignature(increment, options, references, entries, size);
  const placed: Placed[] = [...(seam?.placed ?? [])];
  const shown = seam ? null : seal;
  if (existing) signEmptyField(increment, existing, shown, value);
  else {
    placed.push(
      addField(increment, { name: field, page, rect: shown ? rect : NOWHERE }, shown, value),
    );
  }
  for (const empty of options.emptyFields ?? []) {
    placed.push(addField(increment, empty, null, null));
  }
  placeAll(increment, placed);
}

function keepSeeds(
  { revision }: Increment,
  field: ReturnType<typeof emptyField>,
  { signer, reason, certify, dss }: SignPdfOptions,
  stamped: boolean,
): void {
  const { suite, certificate, chain } = signer;
  const offer = { suite, certificate, chain, reason, certify, stamped };
  if (field) keepSeedValues(revision, field.dict, { ...offer, evidence: dss !== undefined });
}

const NOWHERE: Rect = [0, 0, 0, 0];

const certification = (level: number): Syntax =>
  new Syntax(
    '<</Type /SigRef\n/TransformMethod /DocMDP\n' +
      `/TransformParams <</Type /TransformParams\n/P ${level}\n/V /1.2>>>>`,
  );

function addSignature(
  increment: Increment,
  { reason, time, certify }: SignPdfOptions,
  references: readonly Syntax[],
  entries: readonly string[],
  size: number,
): PdfRef {
  const date = new Date(time).toISOString().replace(/[-:T]/g, '').slice(0, 14);
  const parts = ['/Type /Sig\n/Filter /Adobe.PPKLite\n/SubFilter /ETSI.CAdES.detached'];
  parts.push(`/M ${writeObject(new PdfString(fromLatin1(`D:${date}Z`)))}`);
  if (reason !== '') parts.push(`/Reason ${written(reason)}`);
  parts.push(...entries);
  if (references.length > 0) {
    parts.push(`/Reference [${references.map(({ text }) => text).join(' ')}]`);
  }
  parts.push(openEntries(size));
  const value = increment.add(new Syntax(`<<${parts.join('\n')}>>`));
  if (certify) {
    increment.change(increment.root, { Perms: new Syntax(`<</DocMDP ${value.num} 0 R>>`) });
  }
  return value;
}
