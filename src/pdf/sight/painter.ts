/** Plays a content stream (ISO 32000-2, annex A) and notes what it paints, without painting it. */
import { Malformed } from '../../crypto/index.ts';
import type { PdfRevision } from '../read/document.ts';
import type { PdfDict, PdfObject, PdfStream } from '../read/objects.ts';
import { PdfParser } from '../read/parser.ts';
import { ContentRun } from './content-run.ts';
import { type TextFont, textFont } from './fonts.ts';
import {
  type Box,
  boxUnder,
  contains,
  IDENTITY,
  isEmpty,
  keepsAxes,
  type Matrix,
  meet,
  times,
} from './geometry.ts';
import { type GraphicsState, initialState } from './graphics-state.ts';
import type { Mark } from './marks.ts';
import { operatorsOf } from './operators.ts';

/** What looking at one file may cost: work, not time. */
export class SightBudget {
  #operators = 250_000;
  #marks = 60_000;

  operator(): void {
    if (--this.#operators < 0) throw new Malformed('pdf-budget', 'too much is painted');
  }

  mark(): void {
    if (--this.#marks < 0) throw new Malformed('pdf-budget', 'too much is painted');
  }
}

const MAX_FORMS = 12;
const FAR = 1e9;
const EVERYWHERE: Box = [-FAR, -FAR, FAR, FAR];

export class Painter {
  readonly marks: Mark[] = [];
  readonly #revision: PdfRevision;
  readonly #budget: SightBudget;
  readonly #fonts = new Map<PdfDict, TextFont>();
  #annotation: number | null = null;
  #depth = 0;

  constructor(revision: PdfRevision, budget: SightBudget) {
    this.#revision = revision;
    this.#budget = budget;
  }

  /** @throws {Malformed} where the content cannot be understood, or is more than the budget allows */
  page(content: Uint8Array, resources: PdfDict | null): void {
    this.#annotation = null;
    this.#run(content, resources, initialState(IDENTITY, EVERYWHERE));
  }

  /** An annotation's appearance, whose form space `fit` maps to the page. */
  appearance(look: PdfStream, fit: Matrix, rect: Box, num: number): void {
    this.#annotation = num;
    this.form(look, initialState(fit, rect), null);
  }

  #run(content: Uint8Array, resources: PdfDict | null, initial: GraphicsState): void {
    if (this.#depth >= MAX_FORMS) throw new Malformed('pdf-content', 'forms nested too deeply');
    this.#depth++;
    const { budget } = this.#revision.document;
    const run = new ContentRun(this, this.#revision, resources, initial);
    for (const operator of operatorsOf(new PdfParser(content, 0, content.length, budget))) {
      this.#budget.operator();
      run.does(operator);
    }
    this.#depth--;
  }

  form(stream: PdfStream, state: GraphicsState, outer: PdfDict | null): void {
    const revision = this.#revision;
    const matrix = numbers(revision.array(stream.dict.raw('Matrix')), revision, 6);
    const ctm = matrix ? times(matrix as unknown as Matrix, state.ctm) : state.ctm;
    const box = numbers(revision.array(stream.dict.raw('BBox')), revision, 4) as Box | null;
    const inner: GraphicsState = { ...state, ctm };
    if (box) {
      inner.clip = meet(state.clip, boxUnder(box, ctm));
      inner.clipExact = state.clipExact && keepsAxes(ctm);
    }
    if (stream.dict.has('OC')) inner.layered = true;
    if (isEmpty(inner.clip)) return;
    const resources = revision.dict(stream.dict.raw('Resources')) ?? outer;
    this.#run(revision.data(stream), resources, inner);
  }

  font(dict: PdfDict): TextFont {
    const known = this.#fonts.get(dict);
    if (known) return known;
    const font = textFont(this.#revision, dict);
    this.#fonts.set(dict, font);
    return font;
  }

  mark(
    state: GraphicsState,
    kind: Mark['kind'],
    shape: { box: Box; core?: Box; solid: boolean; white: boolean; traceless?: boolean },
  ): void {
    this.#budget.mark();
    const box = meet(shape.box, state.clip);
    const clipped = !state.clipExact && !contains(state.clip, shape.box);
    const traceless = shape.traceless === true || state.alpha <= 0.01;
    this.marks.push({
      kind,
      box,
      core: shape.core ?? box,
      opaque:
        shape.solid &&
        state.alpha >= 0.99 &&
        !state.blended &&
        !state.layered &&
        !clipped &&
        !isEmpty(box),
      white: shape.white,
      traceless,
      layered: state.layered,
      annotation: this.#annotation,
    });
  }
}

function numbers(
  list: readonly PdfObject[] | null,
  revision: PdfRevision,
  count: number,
): number[] | null {
  const values = list?.map((item) => revision.resolve(item));
  return values?.length === count && values.every((value) => typeof value === 'number')
    ? (values as number[])
    : null;
}
