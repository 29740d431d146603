/**
 * Where the code and the seal stand on the first sheet of a licence, in millimetres from its top
 * left corner: for whoever draws it, and for whoever finds one from the other in a scan.
 */
export const LICENCE_PLACES = {
  /** The box of the code with its quiet zone. */
  code: { x: 81, y: 216, side: 42 },
  /** Middle of the authority's seal. */
  seal: { cx: 159.29, cy: 243.25, diameter: 42 },
} as const;
