/** The sample licence as it is issued, altered afterwards, and under a seal that is not the signer's. */
import { PDFDocument, rgb, StandardFonts } from 'pdf-lib';
import { signDetached } from '../../src/cms/index.ts';
import { concat, fromLatin1, latin1, type Signer, toHex } from '../../src/crypto/index.ts';
import { composeLicence, type FontBytes } from '../../src/documents/index.ts';
import {
  encodeLicenceToken,
  type Licence,
  licenceFromApplication,
  sampleApplication,
} from '../../src/licence/index.ts';
import { signPdf } from '../../src/pdf/sign/index.ts';
import { AUTHORITY, STATUS_LIST, UNTIL } from './people.ts';

export const ISSUED = '2026-03-10T02:00:00Z';

export const sampleLicence = (number: string, index: number): Licence =>
  licenceFromApplication(sampleApplication(), {
    number,
    authority: AUTHORITY,
    issuedOn: ISSUED.slice(0, 10),
    validUntil: UNTIL.slice(0, 10),
    statusList: { id: STATUS_LIST, index },
    pilot: true,
  });

export async function sealedLicence(
  licence: Licence,
  options: { signer: Signer; seal: Uint8Array; fonts: FontBytes },
): Promise<Uint8Array> {
  const { signer, seal, fonts } = options;
  const token = await encodeLicenceToken(licence, signer);
  const { pdf, sealRect } = await composeLicence(licence, {
    ...{ fonts, token, pilot: true, texture: false, time: ISSUED },
  });
  const { page, x, y, width, height } = sealRect;
  return signPdf({
    ...{ pdf, signer, page, rect: [x, y, x + width, y + height] as const },
    appearance: { kind: 'picture', seal },
    field: 'Authority',
    reason: licence.number,
    time: ISSUED,
    certify: 1,
  });
}

/** The totals on the face: left and right end, and baseline, in points from the bottom left. */
const TOTALS = [
  { from: 394.5, to: 455.4, baseline: 252.4 },
  { from: 485.4, to: 546.2, baseline: 252.4 },
];

/** As an editor of PDFs does it: painted over and written anew, in an update after the seal. */
export async function withOtherTotals(pdf: Uint8Array, amount: string): Promise<Uint8Array> {
  const document = await PDFDocument.load(pdf, { forIncrementalUpdate: true });
  const before = document.takeSnapshot();
  const font = await document.embedFont(StandardFonts.Helvetica);
  const [page] = document.getPages();
  if (page) before.markRefForSave(page.ref);
  for (const { from, to, baseline: y } of TOTALS) {
    const size = 9;
    const white = { x: from - 1, y: y - 2.5, width: to - from + 2, height: 11 };
    page?.drawRectangle({ ...white, color: rgb(1, 1, 1) });
    const x = to - font.widthOfTextAtSize(amount, size);
    page?.drawText(amount, { x, y, size, font, color: rgb(0.08, 0.08, 0.08) });
  }
  return concat(pdf, await document.saveIncremental(before));
}

/** The signature taken off a sealed file and another one put under the same seal. */
export async function signedByAnother(pdf: Uint8Array, signer: Signer): Promise<Uint8Array> {
  const text = latin1(pdf);
  const at = text.lastIndexOf('/ByteRange');
  const open = text.indexOf('<', text.indexOf('/Contents', at));
  const close = text.indexOf('>', open) + 1;
  const content = concat(pdf.subarray(0, open), pdf.subarray(close));
  const hex = toHex(await signDetached({ content, signer }));
  const room = close - open - 2;
  if (hex.length > room) throw new Error('no room for the signature');
  return concat(
    pdf.subarray(0, open + 1),
    fromLatin1(hex.padEnd(room, '0')),
    pdf.subarray(close - 1),
  );
}
