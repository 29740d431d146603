/**
 * A sheet of A4, in millimetres from its top left corner. Text, rules and boxes; nothing of what a
 * particular document says.
 */
import { type PDFFont, type PDFPage, rgb } from 'pdf-lib';
import type { Faces } from './fonts.ts';
import { wrapText } from './wrap.ts';

/** Points in a millimetre. */
export const PT = 72 / 25.4;
export const A4 = { width: 210, height: 297 } as const;

export type Colour = readonly [red: number, green: number, blue: number];
const INK: Colour = [0.11, 0.1, 0.09];
export const INK_2: Colour = [0.36, 0.34, 0.31];
/** Weights of rules in points. */
export const RULE = { hair: 0.35, thin: 0.5, strong: 1 } as const;

export interface TextStyle {
  /** Points. */
  size: number;
  face?: keyof Faces;
  colour?: Colour;
  align?: 'left' | 'centre' | 'right';
}

export interface BlockStyle extends TextStyle {
  /** Millimetres. */
  width: number;
  /** Lines that fit; the size shrinks down to `minSize` until the text does. */
  maxLines?: number;
  minSize?: number;
  /** Of the size; default 1.35. */
  leading?: number;
}

/** A place for a seal: PDF points, origin bottom left, page counted from 0. */
export interface SealRect {
  page: number;
  x: number;
  y: number;
  width: number;
  height: number;
}

export class Sheet {
  readonly page: PDFPage;
  readonly faces: Faces;

  constructor(page: PDFPage, faces: Faces) {
    this.page = page;
    this.faces = faces;
  }

  font(face: keyof Faces = 'sans'): PDFFont {
    return this.faces[face];
  }

  /** Width in millimetres. */
  widthOf(text: string, style: TextStyle): number {
    return this.font(style.face).widthOfTextAtSize(text, style.size) / PT;
  }

  /** One line; `x` is the left edge, the middle or the right edge by `align`, `y` the baseline. */
  text(text: string, x: number, y: number, style: TextStyle): void {
    if (text === '') return;
    const width = style.align && style.align !== 'left' ? this.widthOf(text, style) : 0;
    const left = style.align === 'centre' ? x - width / 2 : style.align === 'right' ? x - width : x;
    this.page.drawText(text, {
      x: left * PT,
      y: (A4.height - y) * PT,
      size: style.size,
      font: this.font(style.face),
      color: rgb(...(style.colour ?? INK)),
    });
  }

  /**
   * A wrapped block whose first line's top is at `y`.
   * @returns height in millimetres
   */
  block(text: string, x: number, y: number, style: BlockStyle): number {
    const { size, lines } = this.fit(text, style);
    const step = (size * (style.leading ?? 1.35)) / PT;
    const left =
      style.align === 'centre'
        ? x + style.width / 2
        : style.align === 'right'
          ? x + style.width
          : x;
    lines.forEach((line, i) => {
      this.text(line, left, y + (size * 0.92) / PT + i * step, { ...style, size });
    });
    return lines.length * step;
  }

  /** The size and lines with which a text fits its block. Past `minSize` lines are added, never cut. */
  fit(text: string, style: BlockStyle): { size: number; lines: string[] } {
    const measure = (size: number) => (part: string) =>
      this.font(style.face).widthOfTextAtSize(part, size) / PT;
    let size = style.size;
    for (;;) {
      const lines = wrapText(text, style.width, measure(size));
      const smaller = Math.round((size - 0.25) * 100) / 100;
      if (lines.length <= (style.maxLines ?? 99) || smaller < (style.minSize ?? size)) {
        return { size, lines };
      }
      size = smaller;
    }
  }

  /** A straight rule. */
  rule(
    x1: number,
    y1: number,
    x2: number,
    y2: number,
    weight: number = RULE.thin,
    colour = INK,
  ): void {
    this.page.drawLine({
      start: { x: x1 * PT, y: (A4.height - y1) * PT },
      end: { x: x2 * PT, y: (A4.height - y2) * PT },
      thickness: weight,
      color: rgb(...colour),
    });
  }

  frame(
    x: number,
    y: number,
    width: number,
    height: number,
    weight: number = RULE.thin,
    colour = INK,
  ): void {
    this.page.drawRectangle({
      x: x * PT,
      y: (A4.height - y - height) * PT,
      width: width * PT,
      height: height * PT,
      borderWidth: weight,
      borderColor: rgb(...colour),
    });
  }

  fill(x: number, y: number, width: number, height: number, colour: Colour): void {
    this.page.drawRectangle({
      x: x * PT,
      y: (A4.height - y - height) * PT,
      width: width * PT,
      height: height * PT,
      color: rgb(...colour),
    });
  }

  /** A square place of that size around a centre, for `sealRect`. */
  place(page: number, cx: number, cy: number, size: number): SealRect {
    return {
      page,
      x: (cx - size / 2) * PT,
      y: (A4.height - cy - size / 2) * PT,
      width: size * PT,
      height: size * PT,
    };
  }
}

/** Where a picture of that size in millimetres goes, centred in a place, as [x1, y1, x2, y2] in points. */
export function centredIn(
  place: SealRect,
  widthMm: number,
  heightMm: number,
): [number, number, number, number] {
  const cx = place.x + place.width / 2;
  const cy = place.y + place.height / 2;
  const w = (widthMm * PT) / 2;
  const h = (heightMm * PT) / 2;
  return [cx - w, cy - h, cx + w, cy + h].map((n) => Math.round(n * 100) / 100) as [
    number,
    number,
    number,
    number,
  ];
}
