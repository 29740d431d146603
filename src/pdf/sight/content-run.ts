/** One content stream being played: its own stack of states, its path, its text object. */
import { Malformed } from '../../crypto/index.ts';
import type { PdfRevision } from '../read/document.ts';
import { isName, type PdfDict, PdfName, type PdfObject, PdfStream } from '../read/objects.ts';
import type { TextFont } from './fonts.ts';
import { boxUnder, keepsAxes, matrixOf, meet, times } from './geometry.ts';
import { applyParameters, colourSpace, type GraphicsState, isWhiteIn } from './graphics-state.ts';
import type { Operator } from './operators.ts';
import type { Painter } from './painter.ts';
import { Path } from './path.ts';
import { TextObject } from './text.ts';

const MAX_STATES = 64;

export class ContentRun {
  readonly #painter: Painter;
  readonly #revision: PdfRevision;
  readonly #resources: PdfDict | null;
  readonly #states: GraphicsState[] = [];
  readonly #path = new Path();
  readonly #text = new TextObject();
  #state: GraphicsState;
  #clipNext = false;
  /** For each open marked content whether it is a layer. */
  readonly #marked: boolean[] = [];

  constructor(
    painter: Painter,
    revision: PdfRevision,
    resources: PdfDict | null,
    initial: GraphicsState,
  ) {
    this.#painter = painter;
    this.#revision = revision;
    this.#resources = resources;
    this.#state = { ...initial };
  }

  does({ name, operands }: Operator): void {
    const state = this.#state;
    const at = (index: number): number => numberOf(operands[index]);
    switch (name) {
      case 'q':
        if (this.#states.length >= MAX_STATES)
          throw new Malformed('pdf-content', 'too many states');
        this.#states.push({ ...state });
        return;
      case 'Q':
        this.#state = this.#states.pop() ?? state;
        return;
      case 'cm':
        state.ctm = times(matrixOf(operands.map(numberOf)), state.ctm);
        return;
      case 'gs':
        this.#parameters(operands[0]);
        return;
      case 're':
        this.#path.rectangle(state.ctm, at(0), at(1), at(2), at(3));
        return;
      case 'm':
        this.#path.move(state.ctm, at(0), at(1));
        return;
      case 'l':
        this.#path.line(state.ctm, at(0), at(1));
        return;
      case 'c':
        this.#path.curve(state.ctm, at(0), at(1), at(2), at(3), at(4), at(5));
        return;
      case 'v':
      case 'y':
        this.#path.curve(state.ctm, at(0), at(1), at(2), at(3));
        return;
      case 'W':
      case 'W*':
        this.#clipNext = true;
        return;
      case 'f':
      case 'F':
      case 'f*':
      case 'B':
      case 'B*':
      case 'b':
      case 'b*':
        this.#paint(true);
        return;
      case 'S':
      case 's':
      case 'n':
        this.#paint(false);
        return;
      case 'sh':
        this.#painter.mark(state, 'fill', { box: state.clip, solid: true, white: false });
        return;
      case 'g':
        this.#colour('grey', operands);
        return;
      case 'rg':
        this.#colour('rgb', operands);
        return;
      case 'k':
        this.#colour('cmyk', operands);
        return;
      case 'cs':
        state.space = colourSpace(this.#revision, this.#resources, nameOf(operands[0]));
        state.white = false;
        return;
      case 'sc':
      case 'scn':
        this.#colour(state.space, operands);
        return;
      case 'Do':
        this.#object(nameOf(operands[0]));
        return;
      case 'BI':
        this.#image(operands[0] as PdfDict, 'IM');
        return;
      case 'BDC':
      case 'BMC':
        this.#marked.push(state.layered);
        if (isName(operands[0], 'OC')) state.layered = true;
        return;
      case 'EMC':
        state.layered = this.#marked.pop() ?? false;
        return;
      default:
        this.#textOperator(name, operands);
    }
  }

  #textOperator(name: string, operands: readonly PdfObject[]): void {
    const state = this.#state;
    const n = operands.map(numberOf);
    if (this.#text.does(name, state, n)) return;
    if (name === 'Tf') {
      state.font = this.#font(nameOf(operands[0]));
      state.size = n[1] ?? 0;
    } else if (name === 'Tj' || name === 'TJ') this.#show(operands[0] ?? null);
    else if (name === "'") this.#nextLine(operands[0] ?? null);
    else if (name === '"') {
      state.wordSpace = n[0] ?? 0;
      state.charSpace = n[1] ?? 0;
      this.#nextLine(operands[2] ?? null);
    }
  }

  #nextLine(shown: PdfObject): void {
    this.#text.next(0, -this.#state.leading);
    this.#show(shown);
  }

  #show(shown: PdfObject): void {
    const state = this.#state;
    const where = this.#text.show(state, shown);
    if (!where) return;
    const traceless = state.mode === 3 || state.mode === 7;
    const outlined = state.mode === 1 || state.mode === 2;
    const white = state.white && !outlined;
    this.#painter.mark(state, 'text', { ...where, solid: false, white, traceless });
  }

  #paint(fills: boolean): void {
    const state = this.#state;
    const { rectangles, box } = this.#path.take();
    if (fills && box) {
      const solid = rectangles !== null && state.space !== 'pattern';
      for (const each of rectangles ?? [box]) {
        this.#painter.mark(state, 'fill', { box: each, solid, white: state.white });
      }
    }
    if (this.#clipNext && box) {
      const [sole] = rectangles?.length === 1 ? rectangles : [];
      state.clip = meet(state.clip, sole ?? box);
      state.clipExact = state.clipExact && sole !== undefined;
    }
    this.#clipNext = false;
  }

  #colour(space: GraphicsState['space'], components: readonly PdfObject[]): void {
    this.#state.space = space;
    this.#state.white = isWhiteIn(space, components);
  }

  #parameters(name: PdfObject | undefined): void {
    const all = this.#resources && this.#revision.dict(this.#resources.raw('ExtGState'));
    const dict = all && this.#revision.dict(all.raw(nameOf(name)));
    if (dict) applyParameters(this.#state, this.#revision, dict);
  }

  #font(name: string): TextFont | null {
    const fonts = this.#resources && this.#revision.dict(this.#resources.raw('Font'));
    const dict = fonts && this.#revision.dict(fonts.raw(name));
    return dict ? this.#painter.font(dict) : null;
  }

  #object(name: string): void {
    const objects = this.#resources && this.#revision.dict(this.#resources.raw('XObject'));
    const object = objects && this.#revision.get(objects, name);
    if (!(object instanceof PdfStream)) return;
    const kind = this.#revision.get(object.dict, 'Subtype');
    if (isName(kind, 'Image')) this.#image(object.dict, 'ImageMask');
    else if (isName(kind, 'Form')) this.#painter.form(object, this.#state, this.#resources);
  }

  #image(dict: PdfDict, stencil: 'IM' | 'ImageMask'): void {
    const state = this.#state;
    const masked = ['SMask', 'Mask'].some((key) => this.#revision.get(dict, key) !== null);
    const cut = [stencil, 'ImageMask'].some((key) => this.#revision.get(dict, key) === true);
    const solid = !masked && !cut && keepsAxes(state.ctm);
    const inner = dict.has('OC') ? { ...state, layered: true } : state;
    this.#painter.mark(inner, 'picture', {
      box: boxUnder([0, 0, 1, 1], state.ctm),
      solid,
      white: false,
    });
  }
}

function nameOf(object: PdfObject | undefined): string {
  return object instanceof PdfName ? object.name : '';
}

function numberOf(object: PdfObject | undefined): number {
  return typeof object === 'number' ? object : 0;
}
