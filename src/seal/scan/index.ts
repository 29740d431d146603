/**
 * scan: reading stamped letters, and textures over seals that cameras and eyes see. Heavy and
 * needed by few pages: load this door by `import()`. Plain typed arrays, no canvas, no clock.
 */
export { analyseLetterScan, type LetterScan } from './analyse.ts';
export type { FoundSeal, ScanOptions, ScanReason, SealMeasures } from './judge.ts';
export type { SealShape } from './shape.ts';
export { type CentredSeal, type SealTurn, turnBetween } from './turn.ts';
