/** Where everything stands on a seal: pure geometry in millimetres, from the kind and the name. */
import { type DrawingCommand, ellipse, polygon } from './drawing.ts';

/**
 * round: enterprise, name along the ring, star; authority: the same at 42 mm; special: departments
 * and contracts, no star; oval: invoices and foreign-invested companies; square: finance, names.
 */
export type SealKind = 'round' | 'authority' | 'special' | 'oval' | 'square';

export interface SealDesign {
  kind: SealKind;
  /** Text of the ring, or of the square. */
  name: string;
  /** Horizontal text below the centre, e.g. 合同专用章. */
  lower?: string;
  /** Oval only: the line through the centre, e.g. a tax number. */
  middle?: string;
  /** Seal code: 13 or 14 digits along the lower edge of a round seal. */
  code?: string;
  /** Diameter or side; for an oval its width. Defaults: 40, 42, 38, 40 and 22. */
  widthMm?: number;
  /** Oval only; 30 by default. */
  heightMm?: number;
  /** Border; 1.2, or 1.0 for special, oval and square seals. */
  borderMm?: number;
  /** Star or nothing in the centre of a round seal. */
  centre?: 'star' | 'none';
}

export interface GlyphPlace {
  character: string;
  /** Centre of the em square. */
  x: number;
  y: number;
  /** Clockwise, radians. */
  angle: number;
  height: number;
  /** Width factor of the glyph. */
  stretch: number;
}

/** A run of horizontal text; widths of its glyphs are known only with the font. */
export interface TextLine {
  text: string;
  x: number;
  y: number;
  height: number;
  /** Never wider than this, or exactly this wide. */
  width: number;
  exact: boolean;
}

export interface SealLayout {
  widthMm: number;
  heightMm: number;
  shapes: DrawingCommand[][];
  glyphs: GlyphPlace[];
  lines: TextLine[];
}

const RING_LIMIT = 40;
const SQUARE_LIMIT = 25;
const LINE_LIMIT = 20;

const DEFAULTS: Record<SealKind, [number, number]> = {
  round: [40, 1.2],
  authority: [42, 1.2],
  special: [38, 1],
  oval: [40, 1],
  square: [22, 1],
};

/**
 * @throws {RangeError} with a code as its message: `seal-name-length`, `seal-line-length`,
 * `seal-code`, `seal-size`
 */
export function layoutSeal(design: SealDesign): SealLayout {
  const [width, border] = DEFAULTS[design.kind];
  const w = design.widthMm ?? width;
  const b = design.borderMm ?? border;
  if (!(w >= 15 && w <= 60 && b >= 0.3 && b <= 3)) throw new RangeError('seal-size');
  const name = characters(design.name);
  const limit = design.kind === 'square' ? SQUARE_LIMIT : RING_LIMIT;
  if (name.length < 1 || name.length > limit) throw new RangeError('seal-name-length');
  for (const text of [design.lower ?? '', design.middle ?? '']) {
    if (characters(text).length > LINE_LIMIT) throw new RangeError('seal-line-length');
  }
  if (design.code && !/^\d{13,14}$/.test(design.code)) throw new RangeError('seal-code');
  if (design.kind === 'oval') return oval(design, name, w, b);
  if (design.kind === 'square') return square(name, w, b);
  return round(design, name, w, b);
}

/** Characters as a reader counts them, composed (NFC), without spaces. */
export function characters(text: string): string[] {
  return [...text.normalize('NFC').replace(/\s/g, '')];
}

/** Glyph height by the number of characters; round seals of 40 mm. */
const ringHeight = (n: number) => (n <= 10 ? 5.4 : n <= 16 ? 5 : n <= 22 ? 4.6 : n <= 30 ? 4 : 3.4);
const radians = (degrees: number) => (degrees * Math.PI) / 180;

function round(design: SealDesign, name: string[], d: number, w: number): SealLayout {
  const r = d / 2;
  const star = (design.centre ?? (design.kind === 'special' ? 'none' : 'star')) === 'star';
  const n = name.length;
  const height = ringHeight(n) * Math.min(1, d / 38);
  const span = design.code ? 250 : 270;
  const step = n === 1 ? 0 : Math.min(20, span / (n - 1));
  const rm = r - w - 0.9 - height / 2;
  const stretch = n === 1 ? 0.95 : Math.min(0.95, (0.9 * rm * radians(step)) / height);
  const glyphs = name.map((character, i): GlyphPlace => {
    const angle = radians((i - (n - 1) / 2) * step);
    const [x, y] = [r + rm * Math.sin(angle), r - rm * Math.cos(angle)];
    return { character, x, y, angle, height, stretch };
  });
  const rc = r - w - 1.2;
  const code = [...(design.code ?? '')];
  code.forEach((character, i) => {
    const angle = radians(((code.length - 1) / 2 - i) * 5.2);
    const [x, y] = [r - rc * Math.sin(angle), r + rc * Math.cos(angle)];
    glyphs.push({ character, x, y, angle, height: 1.5, stretch: 1 });
  });
  const shapes = [ring([r, r], [r, r], w)];
  const scale = d / 42 < 0.9 ? d / 42 : 1;
  if (star) shapes.push(starAt(r, r, 7 * scale));
  return { widthMm: d, heightMm: d, shapes, glyphs, lines: belowStar(design, d, w, star) };
}

function belowStar(design: SealDesign, d: number, w: number, star: boolean): TextLine[] {
  const text = characters(design.lower ?? '').join('');
  if (!text) return [];
  const height = Math.min(4.6, (d - 2 * w - 10) / [...text].length);
  const y = star ? d / 2 + 8.2 + height / 2 : d / 2 + 0.21 * d;
  return [{ text, x: d / 2, y, height, width: 0.55 * d, exact: false }];
}

/** Glyphs at equal arc length on an inner ellipse, turned to its normal. */
function oval(design: SealDesign, name: string[], width: number, w: number): SealLayout {
  const tall = design.heightMm ?? 30;
  if (!(tall >= 15 && tall <= width)) throw new RangeError('seal-size');
  const n = name.length;
  const height = n <= 16 ? 4.2 : n <= 22 ? 3.6 : 3;
  const inset = w + 0.5 + height / 2;
  const [a, b] = [width / 2 - inset, tall / 2 - inset];
  const { length, angleAt } = arc(a, b, radians(115));
  const step = n === 1 ? 0 : Math.min(1.4 * height, length / (n - 1));
  const stretch = n === 1 ? 0.95 : Math.min(0.95, (0.88 * step) / height);
  const glyphs = name.map((character, i): GlyphPlace => {
    const t = angleAt(length / 2 + (i - (n - 1) / 2) * step);
    const [sin, cos] = [Math.sin(t), Math.cos(t)];
    const [x, y] = [width / 2 + a * sin, tall / 2 - b * cos];
    return { character, x, y, angle: Math.atan2(b * sin, a * cos), height, stretch };
  });
  const lines: TextLine[] = [];
  const middle = characters(design.middle ?? '').join('');
  const lower = characters(design.lower ?? '').join('');
  const x = width / 2;
  if (middle) lines.push({ text: middle, x, y: tall / 2, height: 3.7, width: 26, exact: false });
  if (lower) {
    const y = tall / 2 + (middle ? 6.5 : 1);
    const fit = Math.min(20, 3 * [...lower].length);
    lines.push({ text: lower, x, y, height: 4.6, width: fit, exact: false });
  }
  const shapes = [ring([x, tall / 2], [x, tall / 2], w)];
  return { widthMm: width, heightMm: tall, shapes, glyphs, lines };
}

/** Arc length of an ellipse from −limit to +limit (0 at the top), and back to its angle. */
function arc(a: number, b: number, limit: number) {
  const pieces = 2000;
  const sums = [0];
  for (let i = 0; i < pieces; i++) {
    const t = -limit + ((i + 0.5) * 2 * limit) / pieces;
    const speed = Math.hypot(a * Math.cos(t), b * Math.sin(t));
    sums.push((sums[i] as number) + (speed * 2 * limit) / pieces);
  }
  const length = sums[pieces] as number;
  const angleAt = (s: number) => {
    let i = 0;
    while (i < pieces - 1 && (sums[i + 1] as number) < s) i++;
    const from = sums[i] as number;
    const part = (s - from) / ((sums[i + 1] as number) - from);
    return -limit + ((i + part) * 2 * limit) / pieces;
  };
  return { length, angleAt };
}

/** Columns from right to left, each read downwards. */
function square(name: string[], side: number, w: number): SealLayout {
  const n = name.length;
  const columns = n === 1 ? 1 : Math.round(Math.sqrt(n) + 0.2);
  const gap = 0.7;
  const inner = side - 2 * w - 2 * gap;
  const cell = inner / columns;
  const glyphs: GlyphPlace[] = [];
  let next = 0;
  for (let c = 0; c < columns; c++) {
    const rows = Math.ceil((n - next) / (columns - c));
    const tall = inner / rows;
    for (let row = 0; row < rows; row++, next++) {
      const height = Math.min(0.98 * tall, 1.5 * cell);
      glyphs.push({
        character: name[next] as string,
        x: side - w - gap - (c + 0.5) * cell,
        y: w + gap + (row + 0.5) * tall,
        angle: 0,
        height,
        stretch: Math.min(1.25, (0.96 * cell) / height),
      });
    }
  }
  const box = (inset: number): [number, number][] => [
    [inset, inset],
    [side - inset, inset],
    [side - inset, side - inset],
    [inset, side - inset],
  ];
  const frame = [...polygon(box(0)), ...polygon(box(w).reverse())];
  return { widthMm: side, heightMm: side, shapes: [frame], glyphs, lines: [] };
}

function ring(centre: [number, number], [a, b]: [number, number], w: number): DrawingCommand[] {
  return [...ellipse(centre, [a, b]), ...ellipse(centre, [a - w, b - w], true)];
}

/** Five points, tip up: radii r and r times the inverse square of the golden ratio. */
function starAt(cx: number, cy: number, r: number): DrawingCommand[] {
  const points = Array.from({ length: 10 }, (_, i): [number, number] => {
    const radius = i % 2 === 0 ? r : r * 0.381966;
    const angle = radians(36 * i);
    return [cx + radius * Math.sin(angle), cy - radius * Math.cos(angle)];
  });
  return polygon(points);
}
