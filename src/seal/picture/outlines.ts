/** Glyph outlines of a font (the font engine is loaded when a seal is first drawn). */
import type { DrawingCommand } from './drawing.ts';

/** Characters that the font cannot draw: an error to show, never a blank on a seal. */
export class MissingGlyph extends Error {
  readonly code = 'missing-glyph';
  readonly characters: readonly string[];

  constructor(characters: readonly string[]) {
    super(`the font has no glyph for ${characters.join(' ')}`);
    this.name = 'MissingGlyph';
    this.characters = characters;
  }
}

export interface Outline {
  /** Width of the glyph's cell in em. */
  advance: number;
  /** In em, y down, origin in the centre of the em square. */
  commands: DrawingCommand[];
}

/** Height of the em square's middle above the baseline in CJK fonts. */
const MIDDLE = 0.38;

const OPS = {
  moveTo: 'M',
  lineTo: 'L',
  quadraticCurveTo: 'Q',
  bezierCurveTo: 'C',
  closePath: 'Z',
} as const;

/**
 * @param font a TrueType or OpenType file
 * @throws {MissingGlyph} naming every character that the font lacks
 */
export async function outlinesOf(
  characters: Iterable<string>,
  font: Uint8Array,
): Promise<Map<string, Outline>> {
  const { default: fontkit } = await import('@cantoo/fontkit');
  const face = fontkit.create(font);
  if (!('glyphForCodePoint' in face)) throw new TypeError('a single font is expected');
  const outlines = new Map<string, Outline>();
  const missing = new Set<string>();
  for (const character of characters) {
    const glyph = face.glyphForCodePoint(character.codePointAt(0) as number);
    if (!glyph || glyph.id === 0) {
      missing.add(character);
      continue;
    }
    const em = face.unitsPerEm;
    const advance = glyph.advanceWidth / em;
    const commands = glyph.path.commands.map(({ command, args }): DrawingCommand => {
      const at = args.map((value, i) => {
        return i % 2 === 0 ? value / em - advance / 2 : MIDDLE - value / em;
      });
      return { op: OPS[command], at };
    });
    outlines.set(character, { advance, commands });
  }
  if (missing.size > 0) throw new MissingGlyph([...missing]);
  return outlines;
}
