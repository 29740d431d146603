/** What a page paints, one mark after the other, as far as hiding and covering are concerned. */
import type { Box } from './geometry.ts';

export interface Mark {
  readonly kind: 'text' | 'picture' | 'fill';
  /** All of it, clipped. */
  readonly box: Box;
  /** Of text the part that must be seen to read it; else the box. */
  readonly core: Box;
  /** Nothing under it can be seen, all over its box. */
  readonly opaque: boolean;
  /** Painted in white. */
  readonly white: boolean;
  /** Painted so that it leaves no trace: rendering mode 3 or 7, or wholly transparent. */
  readonly traceless: boolean;
  /** On a layer that may be switched off. */
  readonly layered: boolean;
  /** Object number of the annotation that it belongs to; null for the page's own content. */
  readonly annotation: number | null;
}
