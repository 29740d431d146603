/** What of a page is seen: its boxes and its turn, inherited down the tree (ISO 32000-2, 7.7.3.4). */
import { Malformed } from '../../crypto/index.ts';
import type { PdfRevision } from '../read/document.ts';
import type { PdfDict, PdfObject } from '../read/objects.ts';
import type { Rect } from './appearance.ts';

export interface PageBox {
  /** Visible part in points of the page's own space: left, bottom, right, top. */
  readonly box: Rect;
  /** Degrees clockwise by which a viewer turns the page. */
  readonly rotate: 0 | 90 | 180 | 270;
  /** Whether a unit of the page's space is a point (UserUnit); readers differ where it is not. */
  readonly inPoints: boolean;
}

/** Matrix of an appearance that stands upright as the page is seen. */
export const UPRIGHT = {
  90: [0, 1, -1, 0, 0, 0],
  180: [-1, 0, 0, -1, 0, 0],
  270: [0, -1, 1, 0, 0, 0],
} as const;

/** A seal has one true size: it is not set where readers would show it in different ones. */
export const noPoints = (): Malformed =>
  new Malformed('page-unit', 'the page has units of its own (UserUnit)');

const A4: Rect = [0, 0, 595.28, 841.89];
const MAX_DEPTH = 64;

function inherited(revision: PdfRevision, page: PdfDict, key: string): PdfObject {
  let node: PdfDict | null = page;
  for (let i = 0; node && i < MAX_DEPTH; i++) {
    if (node.has(key)) return revision.get(node, key);
    node = revision.dict(node.raw('Parent'));
  }
  return null;
}

function rectOf(revision: PdfRevision, value: PdfObject): Rect | null {
  if (!Array.isArray(value) || value.length !== 4) return null;
  const [a, b, c, d] = value.map((side) => revision.resolve(side as PdfObject));
  if (![a, b, c, d].every((side) => typeof side === 'number')) return null;
  const [x1, y1, x2, y2] = [a, b, c, d] as number[] as [number, number, number, number];
  return [Math.min(x1, x2), Math.min(y1, y2), Math.max(x1, x2), Math.max(y1, y2)];
}

export function pageBox(revision: PdfRevision, page: PdfDict): PageBox {
  const media = rectOf(revision, inherited(revision, page, 'MediaBox')) ?? A4;
  const crop = rectOf(revision, inherited(revision, page, 'CropBox')) ?? media;
  const box: Rect = [
    Math.max(media[0], crop[0]),
    Math.max(media[1], crop[1]),
    Math.min(media[2], crop[2]),
    Math.min(media[3], crop[3]),
  ];
  const turn = Number(inherited(revision, page, 'Rotate') ?? 0);
  const rotate = ((((Math.round(turn / 90) * 90) % 360) + 360) % 360) as PageBox['rotate'];
  const inPoints = (inherited(revision, page, 'UserUnit') ?? 1) === 1;
  return { box: box[2] > box[0] && box[3] > box[1] ? box : media, rotate, inPoints };
}
