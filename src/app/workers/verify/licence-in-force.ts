/** Whether the licence that a sealed PDF carries is in force: its dates, and the status lists in hand. */
import { carriedLicence, isExpired } from '../../../licence/index.ts';
import type { PdfReport } from '../../../pdf/index.ts';
import { certificateId, statusOf, type TrustBundle } from '../../../pki/index.ts';
import type { Situation } from '../checked-file.ts';

export interface LicenceForce {
  situation: Situation;
  number: string;
  /** `YYYY-MM-DD` */
  until: string;
}

/**
 * Whether an issuer of the deployment certified the document: anybody else may seal a file that carries
 * the data of a licence, and is good for nothing but his own seal.
 */
export async function isByIssuer(
  { signatures }: Pick<PdfReport, 'signatures'>,
  { roster, former }: TrustBundle,
): Promise<boolean> {
  const by = signatures.find(({ kind }) => kind === 'certification')?.certificate;
  if (!by) return false;
  const id = await certificateId(by);
  // That the seal counts is for its own verdict to say.
  return [...roster, ...former].some((each) => each.id === id && each.roles.includes('issuer'));
}

/** @returns null for a document that carries no licence; ask only for one whose seal has passed. */
export async function licenceInForce(
  pdf: Uint8Array,
  trust: TrustBundle,
  time: string,
  password?: string,
): Promise<LicenceForce | null> {
  const licence = await carriedLicence(pdf, password);
  if (!licence) return null;
  const { number, validUntil, statusList } = licence;
  const { status } = await statusOf({ bundle: trust }, statusList.id, statusList.index, time);
  const said = (situation: Situation) => ({ situation, number, until: validUntil });
  if (status === 'revoked') return said('licence-revoked');
  if (isExpired(validUntil, time)) return said('licence-expired');
  if (status === 'used') return said('licence-used');
  if (status === 'suspended') return said('licence-suspended');
  return said(status === 'valid' ? 'licence-good' : 'licence-unchecked');
}
