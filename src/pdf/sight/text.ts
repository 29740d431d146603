/** Text objects (ISO 32000-2, 9.4): where each string that is shown falls. */
import { type PdfObject, PdfString } from '../read/objects.ts';
import { PLAIN_FONT } from './fonts.ts';
import { type Box, boxUnder, IDENTITY, type Matrix, matrixOf, times } from './geometry.ts';
import type { GraphicsState } from './graphics-state.ts';

/** Descent and ascent that are counted, in parts of the size. */
const BELOW = -0.2;
const ABOVE = 0.8;

export class TextObject {
  #line: Matrix = IDENTITY;
  #matrix: Matrix = IDENTITY;

  /** Operators of text state and position. @returns false for any other */
  does(name: string, state: GraphicsState, n: readonly number[]): boolean {
    const [x = 0, y = 0] = n;
    if (name === 'BT') this.#set(IDENTITY);
    else if (name === 'Tm') this.#set(matrixOf(n));
    else if (name === 'Td') this.next(x, y);
    else if (name === 'T*') this.next(0, -state.leading);
    else if (name === 'TD') {
      state.leading = -y;
      this.next(x, y);
    } else if (name === 'Tc') state.charSpace = x;
    else if (name === 'Tw') state.wordSpace = x;
    else if (name === 'Tz') state.stretch = x / 100;
    else if (name === 'TL') state.leading = x;
    else if (name === 'Ts') state.rise = x;
    else if (name === 'Tr') state.mode = x;
    else return false;
    return true;
  }

  #set(matrix: Matrix): void {
    this.#line = matrix;
    this.#matrix = matrix;
  }

  next(x: number, y: number): void {
    this.#set(times([1, 0, 0, 1, x, y], this.#line));
  }

  /**
   * Shows a string or the elements of TJ.
   * @returns box and core in page space; null for nothing but blanks
   */
  show(state: GraphicsState, shown: PdfObject): { box: Box; core: Box } | null {
    const { size, rise } = state;
    let x = 0;
    let first = Number.POSITIVE_INFINITY;
    let last = 0;
    for (const item of Array.isArray(shown) ? shown : [shown]) {
      if (typeof item === 'number') x -= (item / 1000) * size * state.stretch;
      if (!(item instanceof PdfString)) continue;
      for (const { width, blank } of advances(state, item.bytes)) {
        if (!blank) first = Math.min(first, x);
        x += width;
        if (!blank) last = Math.max(last, x);
      }
    }
    const matrix = times(this.#matrix, state.ctm);
    this.#matrix = times([1, 0, 0, 1, x, 0], this.#matrix);
    if (first > last) return null;
    const inset = 0.1 * (last - first);
    return {
      box: boxUnder([first, rise + BELOW * size, last, rise + ABOVE * size], matrix),
      core: boxUnder([first + inset, rise, last - inset, rise + 0.5 * size], matrix),
    };
  }
}

function* advances(
  state: GraphicsState,
  bytes: Uint8Array,
): Generator<{ width: number; blank: boolean }> {
  const font = state.font ?? PLAIN_FONT;
  for (let at = 0; at + font.codeBytes <= bytes.length; at += font.codeBytes) {
    const high = bytes[at] as number;
    const code = font.codeBytes === 2 ? high * 256 + (bytes[at + 1] as number) : high;
    const blank = code === font.blank;
    const space = state.charSpace + (blank ? state.wordSpace : 0);
    yield { width: (font.width(code) * state.size + space) * state.stretch, blank };
  }
}
