/**
 * The two faces of our documents, embedded as subsets. Fonts come in as bytes; a character that a
 * face lacks is an error before anything is drawn, never a blank box on paper.
 */
import fontkit from '@cantoo/fontkit';
import type { PDFDocument, PDFFont } from 'pdf-lib';
import { Malformed } from '../crypto/index.ts';

/** TrueType bytes: a sans face for the form, a bold serif for titles. */
export interface FontBytes {
  sans: Uint8Array;
  serif: Uint8Array;
}

export interface Faces {
  sans: PDFFont;
  serif: PDFFont;
}

/** Kerning and ligatures would make the drawn width differ from the measured one. */
const PLAIN = { kern: false, liga: false, clig: false, calt: false, locl: false };

/** A character set, read once per font. */
const characterSets = new WeakMap<Uint8Array, Set<number>>();

function characterSet(font: Uint8Array): Set<number> {
  let set = characterSets.get(font);
  if (!set) {
    const read = fontkit.create(font);
    set = new Set('characterSet' in read ? read.characterSet : []);
    characterSets.set(font, set);
  }
  return set;
}

/** Whether the font has a glyph of its own for a character; white space always passes. */
export function hasGlyph(character: string, font: Uint8Array): boolean {
  return /\s/u.test(character) || characterSet(font).has(character.codePointAt(0) ?? 0);
}

/** Characters of the text that the font lacks, each once, in order of appearance. */
export function missingGlyphs(text: string, font: Uint8Array): string[] {
  return [...new Set(text)].filter((character) => !hasGlyph(character, font));
}

export async function embedFaces(doc: PDFDocument, fonts: FontBytes): Promise<Faces> {
  doc.registerFontkit(fontkit);
  const embed = (bytes: Uint8Array) => doc.embedFont(bytes, { subset: true, features: PLAIN });
  return { sans: await embed(fonts.sans), serif: await embed(fonts.serif) };
}

/** @throws {Malformed} `glyph-missing`, naming the characters, for any text in the value that cannot be drawn. */
export function requireGlyphs(value: unknown, font: Uint8Array): void {
  const missing = missingGlyphs(textsOf(value).join(''), font);
  if (missing.length > 0) {
    throw new Malformed('glyph-missing', `no glyph for ${missing.join(' ')}`);
  }
}

function textsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (Array.isArray(value)) return value.flatMap(textsOf);
  return value && typeof value === 'object' ? Object.values(value).flatMap(textsOf) : [];
}
