/** How far text advances: widths of simple and composite fonts (ISO 32000-2, 9.2.4). */
import type { PdfRevision } from '../read/document.ts';
import { isName, type PdfDict, type PdfObject } from '../read/objects.ts';

export interface TextFont {
  /** Bytes of one code. */
  readonly codeBytes: 1 | 2;
  /** Advance of a code in text space of size 1. */
  readonly width: (code: number) => number;
  /** Code of the blank that word spacing applies to; -1 for none. */
  readonly blank: number;
}

/** Of fonts that tell no widths: about half the size. */
const USUAL = 0.5;
const MAX_WIDTHS = 70_000;

export const PLAIN_FONT: TextFont = { codeBytes: 1, width: () => USUAL, blank: 32 };

export function textFont(revision: PdfRevision, dict: PdfDict): TextFont {
  return isName(revision.get(dict, 'Subtype'), 'Type0')
    ? composite(revision, dict)
    : simple(revision, dict);
}

function simple(revision: PdfRevision, dict: PdfDict): TextFont {
  const first = revision.get(dict, 'FirstChar');
  const widths = revision.array(dict.raw('Widths'));
  if (!widths || typeof first !== 'number') return PLAIN_FONT;
  const descriptor = revision.dict(dict.raw('FontDescriptor'));
  const missing = descriptor ? revision.get(descriptor, 'MissingWidth') : null;
  const type3 = isName(revision.get(dict, 'Subtype'), 'Type3');
  const matrix = type3 ? revision.array(dict.raw('FontMatrix')) : null;
  const scale = matrix ? Math.abs(numberAt(revision, matrix, 0) ?? 0.001) : 0.001;
  return {
    codeBytes: 1,
    blank: 32,
    width: (code) => {
      const own = numberAt(revision, widths, code - first);
      return scale * (own ?? (typeof missing === 'number' ? missing : 0));
    },
  };
}

function composite(revision: PdfRevision, dict: PdfDict): TextFont {
  const below = revision.dict(revision.array(dict.raw('DescendantFonts'))?.[0]);
  const usual = below ? revision.get(below, 'DW') : null;
  const known = below ? cidWidths(revision, revision.array(below.raw('W')) ?? []) : new Map();
  const rest = typeof usual === 'number' ? usual : 1000;
  return { codeBytes: 2, blank: -1, width: (code) => (known.get(code) ?? rest) / 1000 };
}

/** 9.7.4.3: `c [w1 w2 …]` and `first last w`. */
function cidWidths(revision: PdfRevision, list: readonly PdfObject[]): Map<number, number> {
  const out = new Map<number, number>();
  for (let i = 0; i < list.length && out.size < MAX_WIDTHS; ) {
    const first = numberAt(revision, list, i);
    const second = revision.resolve(list[i + 1]);
    if (first === null) break;
    if (Array.isArray(second)) {
      for (let k = 0; k < second.length && out.size < MAX_WIDTHS; k++) {
        out.set(first + k, numberAt(revision, second, k) ?? 0);
      }
      i += 2;
    } else {
      const width = numberAt(revision, list, i + 2) ?? 0;
      const last = typeof second === 'number' ? Math.min(second, first + MAX_WIDTHS) : first;
      for (let code = first; code <= last && out.size < MAX_WIDTHS; code++) out.set(code, width);
      i += 3;
    }
  }
  return out;
}

function numberAt(revision: PdfRevision, list: readonly PdfObject[], index: number): number | null {
  const value = revision.resolve(list[index]);
  return typeof value === 'number' ? value : null;
}
