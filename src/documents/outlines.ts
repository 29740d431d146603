/**
 * Lettering as outlines: for marks that are to be seen and not read by text extraction or a screen
 * reader. One form XObject per text, drawn as often as needed.
 */
import fontkit from '@cantoo/fontkit';
import type { PDFDocument, PDFRef } from 'pdf-lib';
import { Malformed } from '../crypto/index.ts';

export interface Outline {
  /** Path operators in units of the em: 1 is the font size. */
  operators: string;
  /** Advance in ems. */
  width: number;
}

/** @throws {Malformed} `glyph-missing` */
export function outlineText(text: string, font: Uint8Array): Outline {
  const face = fontkit.create(font);
  if (!('unitsPerEm' in face)) throw new Malformed('font', 'a single font is expected');
  const scale = 1 / face.unitsPerEm;
  const out: string[] = [];
  let at = 0;
  for (const character of text) {
    const glyph = face.glyphForCodePoint(character.codePointAt(0) as number);
    if (!glyph || glyph.id === 0) throw new Malformed('glyph-missing', `no glyph for ${character}`);
    const x = (n: number) => round(at + n * scale);
    const y = (n: number) => round(n * scale);
    let [px, py] = [0, 0];
    for (const { command, args } of glyph.path.commands) {
      const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] = args;
      if (command === 'moveTo') out.push(`${x(a)} ${y(b)} m`);
      else if (command === 'lineTo') out.push(`${x(a)} ${y(b)} l`);
      else if (command === 'closePath') out.push('h');
      else if (command === 'quadraticCurveTo') {
        const third = (from: number, to: number) => from + (2 * (to - from)) / 3;
        const [x1, y1, x2, y2] = [third(px, a), third(py, b), third(c, a), third(d, b)];
        out.push(`${x(x1)} ${y(y1)} ${x(x2)} ${y(y2)} ${x(c)} ${y(d)} c`);
      } else out.push(`${x(a)} ${y(b)} ${x(c)} ${y(d)} ${x(e)} ${y(f)} c`);
      if (args.length >= 2) [px, py] = args.slice(-2) as [number, number];
    }
    at += glyph.advanceWidth * scale;
  }
  return { operators: out.join('\n'), width: at };
}

/** Registers operators as a form XObject without resources. */
export function registerForm(
  doc: PDFDocument,
  operators: string,
  box: [number, number, number, number],
): PDFRef {
  const dict = { Type: 'XObject', Subtype: 'Form', BBox: box };
  return doc.context.register(doc.context.flateStream(operators, dict));
}

const round = (n: number): string => String(Number(n.toFixed(4)));
