/** QR codes in pixels, read with zxing: own copy of the wasm, no other origin. For workers. */
import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader';
import wasmUrl from 'zxing-wasm/reader/zxing_reader.wasm?url';

prepareZXingModule({ overrides: { locateFile: () => wasmUrl }, fireImmediately: true });

export interface FoundCode {
  text: string;
  corners: { x: number; y: number }[];
}

/** @returns the first code found, or null. */
export async function readCodeIn(image: ImageData, hard: boolean): Promise<FoundCode | null> {
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
