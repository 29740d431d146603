/**
 * What a page paints but does not show (check 42): the raw material of shadow attacks, which hide,
 * replace or uncover it later.
 */
import { type Box, contains, isEmpty, overlap } from './geometry.ts';
import type { Mark } from './marks.ts';

/** Why something cannot be seen. */
export type HiddenHow = 'outside' | 'covered' | 'traceless' | 'white';

export interface Hidden {
  readonly how: HiddenHow;
  readonly what: 'text' | 'picture';
  readonly count: number;
  /** Of what is covered: the annotation that covers it, null for the page itself. */
  readonly by: number | null;
  /** Of traceless text: it lies on a picture, as recognised text lies on a scan. */
  readonly onPicture: boolean;
}

/** Pairs of marks that are compared on one page. */
const MAX_PAIRS = 2_000_000;
/** Points that a cover may leave open along its edge. */
const SLACK = 0.5;

/** @param visible what the page shows, in its own space */
export function hiddenContent(marks: readonly Mark[], visible: Box): Hidden[] {
  const out = new Map<string, { -readonly [K in keyof Hidden]: Hidden[K] }>();
  const covers = marks.flatMap((mark, order) => (mark.opaque ? [{ mark, order }] : []));
  let pairs = MAX_PAIRS;
  marks.forEach((mark, order) => {
    if (mark.kind === 'fill' || mark.layered || mark.annotation !== null) return;
    const hidden = ((): { how: HiddenHow; by?: number | null; onPicture?: boolean } | null => {
      if (isEmpty(mark.box) || !overlap(mark.box, visible)) return { how: 'outside' };
      pairs -= covers.length;
      if (pairs < 0) return null;
      if (mark.traceless) return { how: 'traceless', onPicture: liesOnPicture(mark, covers) };
      const cover = covers.find(
        (each) => each.order > order && contains(each.mark.box, mark.core, SLACK),
      );
      if (cover) return { how: 'covered', by: cover.mark.annotation };
      const white = mark.kind === 'text' && mark.white && !hasGround(marks, order);
      return white ? { how: 'white' } : null;
    })();
    if (!hidden) return;
    const what = mark.kind as 'text' | 'picture';
    const { how, by = null, onPicture = false } = hidden;
    const key = `${how} ${what} ${by} ${onPicture}`;
    const known = out.get(key);
    if (known) known.count++;
    else out.set(key, { how, what, by, onPicture, count: 1 });
  });
  return [...out.values()];
}

function liesOnPicture(text: Mark, covers: readonly { mark: Mark }[]): boolean {
  return covers.some(({ mark }) => mark.kind === 'picture' && overlap(mark.box, text.core));
}

/** Something that is not white was painted under it before. */
function hasGround(marks: readonly Mark[], order: number): boolean {
  const { core } = marks[order] as Mark;
  for (let i = order - 1; i >= 0 && order - i < 5000; i--) {
    const under = marks[i] as Mark;
    if (under.kind === 'text' || under.white || under.traceless) continue;
    if (overlap(under.box, core)) return true;
  }
  return false;
}
