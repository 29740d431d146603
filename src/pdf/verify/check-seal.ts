/** The seal on a signature (check 31): its data, its maker, its holder, its picture. */
import { Malformed } from '../../crypto/index.ts';
import { nameText, readCertificate, type TrustInput } from '../../pki/index.ts';
import type { PdfRevision } from '../read/document.ts';
import { isName, PdfRef, PdfStream } from '../read/objects.ts';
import { type CheckedSignature, type Shared, signedRevision } from './check-signature.ts';
import { failed, indeterminate, note } from './outcome.ts';
import { pagesOf } from './pages.ts';
import { inPlainSight } from './plain-sight.ts';
import type { SignatureReport } from './report.ts';
import { looksLikeSeal, showsPicture } from './seal-picture.ts';
import { SEAM_KEY, seamPages, seamStrips } from './seam-picture.ts';

const KEY = 'CNBR_SESeal';
const MAX_SEAL = 256 * 1024;

export interface SealContext {
  readonly trust?: TrustInput;
  readonly loggedAt?: string;
  /** Time of the check, ISO 8601. */
  readonly time: string;
}

export async function checkSeal(
  shared: Shared,
  one: CheckedSignature,
  context: SealContext,
): Promise<void> {
  const { report, value } = one;
  const revision = signedRevision(shared.document, value);
  const inside = one.sealInside;
  if (!inside && !value.dict?.has(KEY)) {
    if (report.kind !== 'timestamp' && seemsSealed(one, shared)) {
      note(
        report,
        'pdf-picture-without-seal',
        'a picture is shown, but no seal stands behind it',
        'warning',
      );
    }
    return;
  }
  const data = inside ?? sealData(shared, one);
  if (data instanceof Malformed) {
    failed(report, data.code, data.message);
    return;
  }
  const signer = one.cms?.signer;
  if (!signer) return;
  const seals = await import('../../seal/index.ts');
  const answer = await seals.verifySealUse(data, {
    signer,
    signingTime: report.time ?? null,
    proven: report.timeProven,
    time: context.time,
    ...(context.trust ? { trust: context.trust } : {}),
    ...(context.loggedAt === undefined ? {} : { loggedAt: context.loggedAt }),
    // An issuer in force who seals with it says by that that it was issued.
    listed: report.signedAs === 'issuer',
  });
  const { picture } = answer;
  const { dict } = value;
  const seam = dict?.has(SEAM_KEY)
    ? picture && seamPages(revision, dict, picture, seals)
    : undefined;
  const left =
    seam === undefined || !dict ? null : seamStrips(revision, dict, picture, seals, seam !== null);
  const bare = (seam !== undefined || inside !== null) && showsNothing(report.rect);
  const pictureMatches =
    picture !== null &&
    seam !== null &&
    (bare ||
      (seen(revision, one) && showsPicture(revision, value.field, report.rect, picture, seals)));
  report.seal = {
    name: answer.name,
    maker: answer.makerCertificate ? subjectOf(answer.makerCertificate) : '',
    verdict: answer.verdict,
    pictureMatches,
    ...(seam ? { seam } : {}),
    ...(left ? { strips: left.strips } : {}),
    ...(left && seam === null ? { seamFault: { named: left.named, missing: left.missing } } : {}),
    pageCount: pagesOf(revision).pages.length,
    data,
  };
  for (const finding of answer.findings) report.findings.push({ ...finding, object: report.field });
  if (answer.verdict !== 'TOTAL-PASSED') downgrade(one, answer.verdict, answer.subIndication);
  if (!pictureMatches) {
    note(report, 'pdf-seal-picture', 'the picture shown is not the picture of the seal', 'error');
    downgrade(one, 'TOTAL-FAILED', 'SIG_CONSTRAINTS_FAILURE');
  }
}

/** An unreadable neighbourhood is no plain sight. */
function seen(revision: PdfRevision, { value, report }: CheckedSignature): boolean {
  try {
    return inPlainSight(revision, value.field, report.page, report.rect ?? []);
  } catch (error) {
    if (error instanceof Malformed && error.code !== 'pdf-budget') return false;
    throw error;
  }
}

function showsNothing(rect: SignatureReport['rect']): boolean {
  const [left, bottom, right, top] = rect ?? [0, 0, 0, 0];
  return left === right || bottom === top;
}

function downgrade(
  { report }: CheckedSignature,
  verdict: 'INDETERMINATE' | 'TOTAL-FAILED',
  subIndication = 'SIG_CONSTRAINTS_FAILURE',
): void {
  if (verdict === 'INDETERMINATE') indeterminate(report, subIndication);
  else if (report.verdict !== 'TOTAL-FAILED') {
    report.verdict = 'TOTAL-FAILED';
    report.subIndication = subIndication;
  }
}

/** The stream that the signature names: of its own revision, wholly inside the signed bytes. */
function sealData(
  { document }: Shared,
  { value, coverage }: CheckedSignature,
): Uint8Array | Malformed {
  const revision = signedRevision(document, value);
  const written = value.dict?.raw(KEY);
  try {
    const place = written instanceof PdfRef ? revision.place(written.num) : null;
    const stream = revision.resolve(written);
    if (!(stream instanceof PdfStream) || place?.entry.kind !== 'offset') {
      throw new Malformed('pdf-seal', 'the seal is no stream of its own');
    }
    const { offset } = place.entry;
    const inside =
      coverage && offset < coverage.end && (offset < coverage.gap[0] || offset >= coverage.gap[1]);
    if (!inside || place.revision.index !== value.since) {
      throw new Malformed('pdf-seal', 'the seal is not written along with the signature');
    }
    if (!isName(revision.get(stream.dict, 'Type'), KEY)) {
      throw new Malformed('pdf-seal', 'the stream is not marked as a seal');
    }
    const data = revision.data(stream);
    if (data.length > MAX_SEAL) throw new Malformed('pdf-seal', 'the seal is too large');
    return data;
  } catch (error) {
    if (error instanceof Malformed && error.code !== 'pdf-budget') return error;
    throw error;
  }
}

function seemsSealed({ value, report }: CheckedSignature, { document }: Shared): boolean {
  const [left = 0, bottom = 0, right = 0, top = 0] = report.rect ?? [];
  if (right - left < 10 || top - bottom < 10) return false;
  try {
    return looksLikeSeal(signedRevision(document, value), value.field);
  } catch (error) {
    if (error instanceof Malformed && error.code !== 'pdf-budget') return false;
    throw error;
  }
}

function subjectOf(certificate: Uint8Array): string {
  try {
    return nameText(readCertificate(certificate).subject);
  } catch (error) {
    if (error instanceof Malformed) return '';
    throw error;
  }
}
