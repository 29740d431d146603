/// <reference lib="webworker" />
/** Looks at a scanned letter on this device, before anything is sent. */
import { analyseLetterScan, type SealShape, turnBetween } from '../../seal/scan/index.ts';
import { serve } from './serve.ts';

serve({
  analyse: (
    width: number,
    height: number,
    data: Uint8ClampedArray,
    dpi: number | null,
    expected: SealShape,
  ) =>
    analyseLetterScan(
      { width, height, data: data as never },
      { expected, ...(dpi === null ? {} : { dpi }) },
    ),
  turn: turnBetween,
} as never);
