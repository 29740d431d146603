/** Whether the signatures that are there let another one in (ISO 32000-2, 12.8.2.2 and 12.8.2.4). */
import { Malformed } from '../../crypto/index.ts';
import type { PdfDocument } from '../read/document.ts';
import { type DocMdp, permissionFor } from '../verify/diff/permissions.ts';
import { type FormField, formOf, isSigned } from '../verify/form-fields.ts';
import { restrictionsOf } from '../verify/restrictions.ts';
import { signatureValues } from '../verify/signature-values.ts';
import type { Increment } from './increment.ts';

const MODIFY = 1 << 3;
const ANNOTATE = 1 << 5;
const FILL_IN = 1 << 8;

/**
 * Whether the owner of an encrypted file lets others sign it (ISO 32000-2, table 22).
 * @param existing only a field that is there is signed
 * @throws {Malformed} `pdf-owner`
 */
export function checkEncryption({ encryption }: PdfDocument, existing: boolean): void {
  if (!encryption) return;
  const { permissions, revision } = encryption;
  const all = (bits: number) => (permissions & bits) === bits;
  const fills = all(ANNOTATE) || (revision >= 3 && all(FILL_IN));
  if (existing ? fills : all(MODIFY | ANNOTATE)) return;
  throw new Malformed('pdf-owner', 'the owner of the encrypted file permits no signing');
}

/**
 * @param existing the empty field to be signed; null where a new one is made
 * @throws {Malformed} `certify-not-first`, `certified-closed` (P=1), `certified-field` (only fields
 * that are there may be signed), `field-locked`
 */
export function checkPermissions(
  document: PdfDocument,
  { revision }: Increment,
  field: string,
  existing: FormField | null,
  certify: boolean,
): void {
  const perms = revision.dict(revision.catalog.raw('Perms'));
  const signed = formOf(revision).all.some(isSigned);
  if (certify && (signed || perms?.has('DocMDP'))) {
    throw new Malformed('certify-not-first', 'only the first signature certifies');
  }
  if (!signed) return;
  const restrictions = signatureValues(document).map((value) =>
    restrictionsOf(document.revisions[value.since] ?? revision, value),
  );
  const levels = restrictions.flatMap(({ docMdp, lockMdp }) => [docMdp, lockMdp]);
  const given = levels.filter((level) => level > 0);
  const level = given.length > 0 ? (Math.min(...given) as DocMdp) : 0;
  const locks = restrictions.flatMap((each) => each.locks);
  const kind = existing ? 'sign-existing' : 'sign-new';
  const change = { kind, object: '', before: '', after: '', words: '', field } as const;
  if (permissionFor(change, level, locks) === 'yes') return;
  if (level === 1) {
    throw new Malformed('certified-closed', 'the certification permits no further signature');
  }
  if (existing) throw new Malformed('field-locked', `an earlier signature locks ${field}`);
  throw new Malformed('certified-field', 'the certification permits signing existing fields only');
}
