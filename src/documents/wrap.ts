/** Breaking Chinese and Latin text into lines. */

/** May not begin a line. */
const CLOSING = '，。、；：！？）》」』】〉”’…％%),.;:!?]}';
/** May not end a line. */
const OPENING = '（《「『【〈“‘([{';

/**
 * Breaks between Chinese characters and at spaces; a Latin word longer than a line is cut. Closing
 * punctuation stays with what it closes.
 * @param measure width of a piece of text, in the unit of `width`
 */
export function wrapText(text: string, width: number, measure: (part: string) => number): string[] {
  const lines: string[] = [];
  for (const paragraph of text.split('\n')) {
    let line = '';
    for (const piece of pieces(paragraph)) {
      if (line !== '' && measure((line + piece).trimEnd()) > width) {
        lines.push(line.trimEnd());
        line = piece.trimStart();
      } else line += piece;
      while (measure(line.trimEnd()) > width && [...line].length > 1) {
        const cut = longest(line, width, measure);
        lines.push(cut);
        line = line.slice(cut.length);
      }
    }
    lines.push(line.trimEnd());
  }
  return lines;
}

/** Pieces between which a line may break. */
function pieces(text: string): string[] {
  const out: string[] = [];
  for (const part of text.match(/[\u0021-\u024f\u1e00-\u20cf]+ *| +|./gu) ?? []) {
    const last = out[out.length - 1];
    const glued =
      last !== undefined &&
      (CLOSING.includes(part[0] as string) || OPENING.includes(last.trimEnd().slice(-1)));
    if (glued && last.trimEnd() !== '') out[out.length - 1] = last + part;
    else out.push(part);
  }
  return out;
}

function longest(text: string, width: number, measure: (part: string) => number): string {
  let cut = '';
  for (const character of text) {
    if (cut !== '' && measure(cut + character) > width) break;
    cut += character;
  }
  return cut;
}
