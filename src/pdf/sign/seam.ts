/**
 * The seam seal 骑缝章: one seal in strips along the right edges of the pages, so that the pages
 * belong together. A signature field has one place only (ISO 32000-2, 12.7.5.5), so the strips are
 * stamp annotations that the signature dictionary names in `CNBR_Seam`, written in the revision
 * that it signs; each draws its part of the one picture.
 */
import { Malformed } from '../../crypto/index.ts';
import { PdfName, type PdfObject, type PdfRef } from '../read/objects.ts';
import { formOf, isSigned } from '../verify/form-fields.ts';
import { pagesOf } from '../verify/pages.ts';
import { cents, seamParts } from '../verify/seam-parts.ts';
import { addAppearance, type Rect, type SealAppearance } from './appearance.ts';
import { type Placed, pageRef } from './form-update.ts';
import type { Increment } from './increment.ts';
import { noPoints, type PageBox, pageBox, UPRIGHT } from './page-box.ts';
import { dictionary, Syntax, textString } from './write-object.ts';

/** Print, read only, locked, contents locked. */
const FLAGS = 4 | 64 | 128 | 512;

const SEAM_CONTENT = '/Seal Do\n';

/**
 * Strips for all pages of the file.
 * @param height where on the edge the middle of the seal lies: 0 the bottom, 1 the top
 * @throws {Malformed} `seam-pages` with a single page; `seam-after-signature` where a signature is
 * there already, which the strips would change
 */
export function addSeam(
  increment: Increment,
  seal: SealAppearance,
  height = 0.5,
): { placed: Placed[]; strips: PdfRef[] } {
  const { revision } = increment;
  const { pages } = pagesOf(revision);
  if (pages.length < 2) throw new Malformed('seam-pages', 'a seam needs two pages');
  if (formOf(revision).all.some(isSigned)) {
    throw new Malformed('seam-after-signature', 'a seam seal comes before every other signature');
  }
  const whole = addAppearance(increment, seal);
  const placed: Placed[] = [];
  const { widthPt, heightPt } = seal.drawing;
  seamParts(pages.length, widthPt).forEach(([from, to], i) => {
    const seen = pageBox(revision, (pages[i] as (typeof pages)[number]).dict);
    if (!seen.inPoints) throw noPoints();
    const page = pageRef(increment, i);
    const form: Record<string, PdfObject | Syntax> = {
      Type: new PdfName('XObject'),
      Subtype: new PdfName('Form'),
      BBox: [from, 0, to, heightPt],
      Resources: new Syntax(`<</XObject <</Seal ${whole.num} 0 R>>>>`),
    };
    if (seen.rotate !== 0) form['Matrix'] = [...UPRIGHT[seen.rotate]];
    const look = increment.addStream(form, new TextEncoder().encode(SEAM_CONTENT));
    const annotation = increment.add(
      dictionary({
        Type: new PdfName('Annot'),
        Subtype: new PdfName('Stamp'),
        Rect: [...stripRect(seen, to - from, heightPt, height)],
        F: FLAGS,
        P: page,
        Contents: textString(`骑缝章 ${i + 1}/${pages.length}`),
        AP: dictionary({ N: look }),
      }),
    );
    placed.push({ page, annotation, field: null });
  });
  return { placed, strips: placed.map(({ annotation }) => annotation) };
}

/** The strip at what the reader sees as the right edge. */
function stripRect({ box, rotate }: PageBox, width: number, tall: number, height: number): Rect {
  const [left, bottom, right, top] = box;
  const along = (from: number, to: number, part: number) => {
    const middle = from + (to - from) * part;
    const start = Math.max(from, Math.min(to - tall, middle - tall / 2));
    return [start, start + tall] as const;
  };
  const upright = along(bottom, top, rotate === 180 ? 1 - height : height);
  const lying = along(left, right, rotate === 90 ? 1 - height : height);
  const rect: Record<PageBox['rotate'], Rect> = {
    0: [right - width, upright[0], right, upright[1]],
    90: [lying[0], top - width, lying[1], top],
    180: [left, upright[0], left + width, upright[1]],
    270: [lying[0], bottom, lying[1], bottom + width],
  };
  return rect[rotate].map(cents) as unknown as Rect;
}
