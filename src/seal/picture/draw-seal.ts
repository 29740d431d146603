/** From a design and a font to the picture of a seal. */
import { type DrawingPath, placed, type SealDrawing } from './drawing.ts';
import {
  characters,
  type GlyphPlace,
  layoutSeal,
  type SealDesign,
  type TextLine,
} from './layout.ts';
import { type Outline, outlinesOf } from './outlines.ts';

/** Vermilion of seals in this house. */
const SEAL_COLOUR = '#dc1414';

/**
 * Draws a seal.
 * @param font bytes of the lettering font
 * @throws {RangeError} for a design outside the limits (`layoutSeal`), {MissingGlyph} for
 * characters that the font lacks
 */
export async function drawSeal(design: SealDesign, font: Uint8Array): Promise<SealDrawing> {
  const layout = layoutSeal(design);
  const text = layout.lines.flatMap((line) => characters(line.text));
  const outlines = await outlinesOf(
    new Set([...layout.glyphs.map((glyph) => glyph.character), ...text]),
    font,
  );
  const glyphs = [...layout.glyphs, ...layout.lines.flatMap((line) => spread(line, outlines))];
  const fill = SEAL_COLOUR;
  const paths: DrawingPath[] = layout.shapes.map((shape) => {
    return { fill, commands: placed(shape, (x, y) => [x, y]) };
  });
  for (const glyph of glyphs) {
    const outline = outlines.get(glyph.character) as Outline;
    const commands = placed(outline.commands, placeOf(glyph));
    if (commands.length > 0) paths.push({ fill, commands });
  }
  return { widthMm: layout.widthMm, heightMm: layout.heightMm, paths };
}

/** One transform per glyph: scale, turn, move. */
function placeOf({ x, y, angle, height, stretch }: GlyphPlace) {
  const [sin, cos] = [Math.sin(angle), Math.cos(angle)];
  return (gx: number, gy: number): [number, number] => {
    const [px, py] = [gx * height * stretch, gy * height];
    return [x + px * cos - py * sin, y + px * sin + py * cos];
  };
}

/** Glyphs of a horizontal line, narrowed together where it would be too wide. */
function spread(line: TextLine, outlines: ReadonlyMap<string, Outline>): GlyphPlace[] {
  const text = characters(line.text);
  const advances = text.map((c) => (outlines.get(c) as Outline).advance * line.height);
  const natural = advances.reduce((sum, advance) => sum + advance, 0);
  const stretch = line.exact ? line.width / natural : Math.min(1, line.width / natural);
  let left = line.x - (natural * stretch) / 2;
  return text.map((character, i) => {
    const advance = (advances[i] as number) * stretch;
    const x = left + advance / 2;
    left += advance;
    return { character, x, y: line.y, angle: 0, height: line.height, stretch };
  });
}
