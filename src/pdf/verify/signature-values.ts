/** Finds the signatures: by the form of every revision, and by the bytes (checks 1 to 4, 13). */
import { Malformed, utf8 } from '../../crypto/index.ts';
import type { PdfDocument, PdfRevision } from '../read/document.ts';
import { PdfDict, PdfRef, sameObject } from '../read/objects.ts';
import type { Span } from '../read/parser.ts';
import type { Fault } from './byte-range.ts';
import { type FormField, formOf } from './form-fields.ts';

/** The value of one signature field. */
export interface SignatureValue {
  readonly field: FormField;
  /** Index of the first revision in which the field has this value. */
  readonly since: number;
  /** Object number of the signature dictionary; null where it is direct in the field. */
  readonly num: number | null;
  /** Null when the value cannot be read as a dictionary. */
  readonly dict: PdfDict | null;
  /** Byte ranges of the dictionary's values in the file. */
  readonly spans: ReadonlyMap<string, Span>;
  /** What is wrong with the value as such. */
  readonly faults: Fault[];
  /** Further fields of the same revision that have the same value. */
  readonly alsoIn: string[];
}

/** Signatures looked at in one file. */
const MAX_SIGNATURES = 64;

/** Every signature that any revision's form has, in the order of appearance. */
export function signatureValues(document: PdfDocument): SignatureValue[] {
  const out: SignatureValue[] = [];
  const byField = new Map<string, SignatureValue>();
  const byValue = new Map<number, SignatureValue>();
  for (const revision of document.revisions) {
    for (const field of formOf(revision).all) {
      document.budget.visit();
      if (field.type !== 'Sig' || field.value === null) continue;
      const key = `${field.num ?? '-'} ${field.name}`;
      if (byField.has(key)) continue;
      const num = field.value instanceof PdfRef ? field.value.num : null;
      const shared = num === null ? undefined : byValue.get(num);
      if (shared) {
        byField.set(key, shared);
        if (shared.since === revision.index) shared.alsoIn.push(field.name);
        else {
          const message = `field ${field.name} took over the value of ${shared.field.name}`;
          const params = { later: field.name, earlier: shared.field.name };
          shared.faults.push({ code: 'pdf-signature-reused', message, params });
        }
        continue;
      }
      const value = readValue(document, revision, field, num);
      if (out.length >= MAX_SIGNATURES) throw new Malformed('pdf-budget', 'too many signatures');
      byField.set(key, value);
      if (num !== null) byValue.set(num, value);
      out.push(value);
    }
  }
  for (const value of out) keptInAll(document, value);
  return out;
}

function readValue(
  document: PdfDocument,
  revision: PdfRevision,
  field: FormField,
  num: number | null,
): SignatureValue {
  const faults: SignatureValue['faults'] = [];
  const base = { field, since: revision.index, num, faults, alsoIn: [] };
  try {
    const dict = revision.resolve(field.value);
    if (!(dict instanceof PdfDict))
      throw new Malformed('pdf-signature', 'the value is no dictionary');
    const spans = locate(document, revision, field, num);
    if (!spans) throw new Malformed('pdf-signature', 'the signature is in an object stream');
    if (num !== null && revision.place(num)?.revision.index !== revision.index) {
      const message = 'the signature dictionary is older than the field that names it';
      faults.push({ code: 'pdf-signature-older', message });
    }
    return { ...base, dict, spans };
  } catch (error) {
    if (!(error instanceof Malformed) || error.code === 'pdf-budget') throw error;
    faults.push({ code: error.code, message: `the signature cannot be read: ${error.message}` });
    return { ...base, dict: null, spans: new Map() };
  }
}

function locate(
  document: PdfDocument,
  revision: PdfRevision,
  field: FormField,
  num: number | null,
): ReadonlyMap<string, Span> | null {
  const own = num ?? field.num;
  const place = own === null ? null : revision.place(own);
  if (own === null || !place) return null;
  const found = document.spansAt(place, own);
  if (!found || num !== null) return found;
  const span = found.get('V');
  return span ? document.spansWithin(span) : null;
}

/** Check 13: the same in every later revision, and still there in the last. */
function keptInAll(document: PdfDocument, value: SignatureValue): void {
  for (const revision of document.revisions.slice(value.since + 1)) {
    const { num, name } = value.field;
    const form = formOf(revision);
    const now = num === null ? form.all.find((f) => f.name === name) : form.byNum.get(num);
    const same =
      now?.name === name &&
      sameObject(now.value, value.field.value) &&
      (value.num === null || sameObject(readable(revision, value.num), value.dict));
    if (!same) {
      const message = `a later revision removes or replaces the signature of ${value.field.name}`;
      const params = { field: value.field.name };
      value.faults.push({ code: 'pdf-signature-removed', message, params });
      return;
    }
  }
}

function readable(revision: PdfRevision, num: number) {
  try {
    return revision.object(num);
  } catch (error) {
    if (error instanceof Malformed && error.code !== 'pdf-budget') return null;
    throw error;
  }
}

const BYTE_RANGE = utf8('/ByteRange');
const LAST = BYTE_RANGE.length - 1;
const MAX_HITS = 1000;

/** How far to go on when a byte stands under the pattern's last place (Horspool). */
const SHIFTS = new Uint8Array(256).fill(BYTE_RANGE.length);
BYTE_RANGE.subarray(0, LAST).forEach((byte, i) => {
  SHIFTS[byte] = LAST - i;
});

/** Offsets of every `/ByteRange` in the bytes (check 2), whatever they are filled with. */
export function byteRangeHits(bytes: Uint8Array): number[] {
  return hitsByLetter(bytes) ?? hitsByShifts(bytes);
}

const LETTER = BYTE_RANGE.indexOf(0x52);

/**
 * By the platform's own search for the letter R, which is rare both in text and in compressed data.
 * @returns null where it is not: each place that leads to nothing costs as much as many bytes
 */
function hitsByLetter(bytes: Uint8Array): number[] | null {
  const out: number[] = [];
  let patience = 1000 + (bytes.length >> 7);
  let at = bytes.indexOf(0x52, LETTER);
  for (; at >= 0 && out.length < MAX_HITS; at = bytes.indexOf(0x52, at + 1)) {
    if (standsAt(bytes, at - LETTER)) out.push(at - LETTER);
    else if (--patience < 0) return null;
  }
  return out;
}

function standsAt(bytes: Uint8Array, at: number): boolean {
  for (let i = 0; i < BYTE_RANGE.length; i++) if (bytes[at + i] !== BYTE_RANGE[i]) return false;
  return true;
}

function hitsByShifts(bytes: Uint8Array): number[] {
  const out: number[] = [];
  for (let at = LAST; at < bytes.length && out.length < MAX_HITS; ) {
    const byte = bytes[at] as number;
    if (byte === BYTE_RANGE[LAST] && standsAt(bytes, at - LAST)) out.push(at - LAST);
    at += SHIFTS[byte] as number;
  }
  return out;
}
