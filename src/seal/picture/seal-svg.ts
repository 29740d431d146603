/**
 * The one SVG that our seals carry: paths with a fill, nothing else, and one spelling for each
 * drawing. So it is safe to show, and everybody draws the same from it.
 *
 *     svg   = <svg xmlns="…" width="Wmm" height="Hmm" viewBox="0 0 W H"> path* </svg>
 *     path  = <path fill="#rrggbb" d="…"/>
 *     d     = (M x y | L x y | Q x y x y | C x y x y x y | Z)+   absolute; one pair set per letter
 *     x, y  = millimetres, at most two decimals, no superfluous zeros
 */
import { fromUtf8, Malformed, utf8 } from '../../crypto/index.ts';
import type { SealPicture } from '../data/index.ts';
import { type DrawingCommand, type DrawingPath, PER_MM, type SealDrawing } from './drawing.ts';

const MAX_BYTES = 256 * 1024;
const MAX_PATHS = 256;
const MAX_MM = 200;
const COUNT = { M: 2, L: 2, Q: 4, C: 6, Z: 0 } as const;

/** @throws {RangeError} for a drawing that the grammar cannot hold. */
export function drawingToSvg(drawing: SealDrawing): string {
  const { widthMm: w, heightMm: h } = drawing;
  const size = `width="${w}mm" height="${h}mm" viewBox="0 0 ${w} ${h}"`;
  const paths = drawing.paths.map(({ fill, commands }) => {
    const d = commands.map(({ op, at }) => op + at.map(millimetres).join(' ')).join('');
    return `<path fill="${fill}" d="${d}"/>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" ${size}>${paths.join('')}</svg>`;
}

/** What `writeSeal` takes as `picture`. */
export function sealPictureOf(drawing: SealDrawing): SealPicture {
  const { widthMm, heightMm } = drawing;
  return { type: 'SVG', data: utf8(drawingToSvg(drawing)), widthMm, heightMm };
}

function millimetres(hundredths: number): string {
  const sign = hundredths < 0 ? '-' : '';
  const digits = String(Math.abs(hundredths)).padStart(3, '0');
  const fraction = digits.slice(-2).replace(/0+$/, '');
  return sign + digits.slice(0, -2) + (fraction ? `.${fraction}` : '');
}

/**
 * Reads our SVG.
 * @throws {Malformed} `seal-svg` for anything but the one spelling of a drawing
 */
export function readSealSvg(data: Uint8Array): SealDrawing {
  const text = data.length <= MAX_BYTES ? fromUtf8(data) : null;
  if (text === null) throw new Malformed('seal-svg', 'not text, or too large');
  const head =
    /^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" width="(\d{1,3})mm" height="(\d{1,3})mm" viewBox="0 0 \d{1,3} \d{1,3}">/;
  const match = head.exec(text);
  const end = text.length - '</svg>'.length;
  if (!match || !text.endsWith('</svg>')) throw new Malformed('seal-svg', 'not our SVG');
  const [widthMm, heightMm] = [Number(match[1]), Number(match[2])];
  if (![widthMm, heightMm].every((mm) => mm >= 1 && mm <= MAX_MM)) {
    throw new Malformed('seal-svg', 'size out of range');
  }
  const paths: DrawingPath[] = [];
  const element = /<path fill="(#[0-9a-f]{6})" d="([MLQCZ0-9. -]+)"\/>/y;
  for (let at = match[0].length; at < end; at = element.lastIndex) {
    element.lastIndex = at;
    const path = element.exec(text);
    if (!path || paths.length === MAX_PATHS) throw new Malformed('seal-svg', 'path expected', at);
    paths.push({ fill: path[1] as string, commands: readPathData(path[2] as string) });
  }
  const drawing = { widthMm, heightMm, paths };
  if (drawingToSvg(drawing) !== text) throw new Malformed('seal-svg', 'not the canonical spelling');
  return drawing;
}

function readPathData(d: string): DrawingCommand[] {
  const commands: DrawingCommand[] = [];
  for (const [piece] of d.matchAll(/[MLQCZ][0-9. -]*/g)) {
    const op = piece[0] as DrawingCommand['op'];
    const numbers = piece.length > 1 ? piece.slice(1).split(' ') : [];
    if (numbers.length !== COUNT[op]) throw new Malformed('seal-svg', `${op} takes ${COUNT[op]}`);
    const at = numbers.map((number) => {
      if (!/^-?\d{1,3}(\.\d{1,2})?$/.test(number)) throw new Malformed('seal-svg', number);
      return Math.round(Number(number) * PER_MM);
    });
    const opened = commands.at(-1)?.op;
    if ((opened === undefined || opened === 'Z') !== (op === 'M')) {
      throw new Malformed('seal-svg', 'a subpath opens with M and closes with Z');
    }
    commands.push({ op, at });
  }
  if (commands.at(-1)?.op !== 'Z') throw new Malformed('seal-svg', 'subpath left open');
  return commands;
}
