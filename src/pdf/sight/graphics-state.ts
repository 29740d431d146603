/** The part of the graphics state (ISO 32000-2, 8.4) that decides where marks fall and what they hide. */
import type { PdfRevision } from '../read/document.ts';
import { isName, PdfDict, PdfName, type PdfObject, PdfStream } from '../read/objects.ts';
import type { TextFont } from './fonts.ts';
import type { Box, Matrix } from './geometry.ts';

/** How the operands of a colour operator are understood. */
type ColourSpace = 'grey' | 'rgb' | 'cmyk' | 'tint' | 'pattern' | 'other';

export interface GraphicsState {
  ctm: Matrix;
  clip: Box;
  /** The clip is that very rectangle, no other shape within it. */
  clipExact: boolean;
  space: ColourSpace;
  white: boolean;
  /** Constant alpha for filling, 0 to 1. */
  alpha: number;
  /** Soft masks and blend modes make what is painted neither opaque nor absent. */
  blended: boolean;
  layered: boolean;
  font: TextFont | null;
  size: number;
  charSpace: number;
  wordSpace: number;
  /** Tz, 1 for 100 %. */
  stretch: number;
  leading: number;
  rise: number;
  mode: number;
}

export function initialState(ctm: Matrix, clip: Box): GraphicsState {
  return {
    ctm,
    clip,
    clipExact: true,
    space: 'grey',
    white: false,
    alpha: 1,
    blended: false,
    layered: false,
    font: null,
    size: 1,
    charSpace: 0,
    wordSpace: 0,
    stretch: 1,
    leading: 0,
    rise: 0,
    mode: 0,
  };
}

const NAMED: Record<string, ColourSpace> = {
  DeviceGray: 'grey',
  G: 'grey',
  DeviceRGB: 'rgb',
  RGB: 'rgb',
  DeviceCMYK: 'cmyk',
  CMYK: 'cmyk',
  Pattern: 'pattern',
};

/** 8.6: the space that `cs` names, through the resources. */
export function colourSpace(
  revision: PdfRevision,
  resources: PdfDict | null,
  name: string,
): ColourSpace {
  const own = NAMED[name];
  if (own) return own;
  const spaces = resources && revision.dict(resources.raw('ColorSpace'));
  const value = spaces && revision.get(spaces, name);
  if (value instanceof PdfName) return NAMED[value.name] ?? 'other';
  if (!Array.isArray(value)) return 'other';
  const [kind, detail] = [revision.resolve(value[0]), revision.resolve(value[1])];
  if (isName(kind, 'CalGray')) return 'grey';
  if (isName(kind, 'CalRGB')) return 'rgb';
  if (isName(kind, 'Pattern')) return 'pattern';
  if (isName(kind, 'Separation')) return 'tint';
  if (isName(kind, 'ICCBased') && detail instanceof PdfStream) {
    const components = revision.get(detail.dict, 'N');
    return components === 1 ? 'grey' : components === 3 ? 'rgb' : 'cmyk';
  }
  return 'other';
}

/** Whether a colour of these components is white, or as good as. */
export function isWhiteIn(space: ColourSpace, components: readonly PdfObject[]): boolean {
  const numbers = components.filter((item): item is number => typeof item === 'number');
  if (numbers.length === 0 || numbers.length < components.length) return false;
  if (space === 'grey' || space === 'rgb') return numbers.every((value) => value >= 0.98);
  if (space === 'cmyk' || space === 'tint') return numbers.every((value) => value <= 0.02);
  return false;
}

/** 8.4.5: what a graphics state parameter dictionary sets of the above. */
export function applyParameters(state: GraphicsState, revision: PdfRevision, dict: PdfDict): void {
  const alpha = revision.get(dict, 'ca');
  if (typeof alpha === 'number') state.alpha = alpha;
  const blend = revision.get(dict, 'BM');
  const mask = revision.get(dict, 'SMask');
  if (blend !== null) state.blended = !isName(blend, 'Normal') && !isName(blend, 'Compatible');
  if (mask instanceof PdfDict) state.blended = true;
}
