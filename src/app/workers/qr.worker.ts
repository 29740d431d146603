/// <reference lib="webworker" />
/** Reads QR codes with zxing: own module worker, own copy of the wasm, no other origin. */
import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader';
import wasmUrl from 'zxing-wasm/reader/zxing_reader.wasm?url';
import { serve } from './serve.ts';

prepareZXingModule({ overrides: { locateFile: () => wasmUrl }, fireImmediately: true });

export interface FoundCode {
  text: string;
  corners: { x: number; y: number }[];
}

/** @returns the first code found, or null. */
async function read(image: ImageData, hard: boolean): Promise<FoundCode | null> {
  const [found] = await readBarcodes(image, {
    formats: ['QRCode'],
    maxNumberOfSymbols: 1,
    tryHarder: hard,
    tryDownscale: true,
  });
  if (!found?.isValid) return null;
  const { topLeft, topRight, bottomRight, bottomLeft } = found.position;
  return { text: found.text, corners: [topLeft, topRight, bottomRight, bottomLeft] };
}

serve({ read } as never);
