/** Everything on a licence that protects it: ground, frame, microtext, tiled number. All vector. */
import { concat, fromHex, sha256, utf8 } from '../crypto/index.ts';
import type { Licence } from '../licence/index.ts';
import { rawOperators } from './draw-qr.ts';
import type { FontBytes } from './fonts.ts';
import { guilloche } from './guilloche.ts';
import { drawTiles, makeTile, place } from './marks.ts';
import { outlineText, registerForm } from './outlines.ts';
import type { Paper } from './paper.ts';
import { A4, type Colour, PT, type Sheet } from './sheet.ts';

/** Outer edge of the frame. */
const FRAME = 9;
const BAND = 3.2;
const DEEP: Colour = [0.36, 0.52, 0.5];
const TINT: Colour = [0.925, 0.94, 0.93];
/** Height of the lettering, millimetres. */
const MICRO = 0.62;

/**
 * Ready to be drawn under each sheet of one licence.
 * @param digest SHA-256 hex of the embedded `licence.json`
 */
export async function makeGround(
  paper: Paper,
  licence: Licence,
  digest: string,
  fonts: FontBytes,
): Promise<(sheet: Sheet) => void> {
  const { doc } = paper;
  const seed = await sha256(concat(utf8(licence.number), fromHex(digest) ?? new Uint8Array(0)));
  const inner = { width: A4.width - 2 * FRAME, height: A4.height - 2 * FRAME };
  const [w, h] = [inner.width * PT, inner.height * PT];
  const waves = registerForm(doc, guilloche(inner, seed, PT), [0, 0, w, h]);
  const tile = makeTile(doc, licence.number, fonts.serif, 17, TINT);
  const text = `${licence.number} ${licence.importer.name} `;
  const { operators, width } = outlineText(text, fonts.sans);
  const micro = registerForm(doc, `${DEEP.join(' ')} rg\n${operators}\nf`, [0, -0.4, width, 1.2]);
  return (sheet) => {
    const { page } = sheet;
    place(page, page.node.newXObject('Ground', waves), [1, 0, 0, 1, FRAME * PT, FRAME * PT]);
    const box = [FRAME, FRAME, inner.width, inner.height].map((n) => (n * PT).toFixed(2)).join(' ');
    page.pushOperators(rawOperators(`q ${box} re W n`));
    drawTiles(page, tile, 30, 26);
    page.pushOperators(rawOperators('Q'));
    drawFrame(sheet);
    const name = page.node.newXObject('Micro', micro);
    drawMicrotext((matrix) => place(page, name, matrix), width);
  };
}

/** Two rules with a band between them for the microtext. */
function drawFrame(sheet: Sheet): void {
  const { width, height } = { width: A4.width - 2 * FRAME, height: A4.height - 2 * FRAME };
  sheet.frame(FRAME, FRAME, width, height, 1.1, DEEP);
  sheet.frame(FRAME + 0.9, FRAME + 0.9, width - 1.8, height - 1.8, 0.35, DEEP);
  const inset = BAND - 0.4;
  sheet.frame(FRAME + inset, FRAME + inset, width - 2 * inset, height - 2 * inset, 0.5, DEEP);
}

/** Along all four sides, as often as it fits whole. */
function drawMicrotext(put: (matrix: number[]) => void, ems: number): void {
  const size = (MICRO / 0.74) * PT;
  const length = ems * size;
  const middle = FRAME + 1.85;
  const along = (total: number, at: (offset: number) => number[]) => {
    const room = (total - 2 * FRAME - 2 * BAND) * PT;
    const count = Math.max(1, Math.floor(room / length));
    const gap = (room - count * length) / Math.max(1, count - 1);
    for (let i = 0; i < count; i++) put(at((FRAME + BAND) * PT + i * (length + gap)));
  };
  const half = (MICRO / 2) * PT;
  const top = (A4.height - middle) * PT - half;
  const right = (A4.width - middle) * PT - half;
  along(A4.width, (x) => [size, 0, 0, size, x, top]);
  along(A4.width, (x) => [size, 0, 0, size, x, middle * PT - half]);
  along(A4.height, (y) => [0, size, -size, 0, middle * PT + half, y]);
  along(A4.height, (y) => [0, size, -size, 0, right + 2 * half, y]);
}
