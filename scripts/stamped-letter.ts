/** A scan of the stamped confirmation letter, drawn: a white page, the QR code, the seal. */
import type { ScanFindings } from '../src/desk/index.ts';
import { qrCode, qrRuns } from '../src/licence/index.ts';
import { drawSeal, encodePng, type Raster, rasterise } from '../src/seal/index.ts';
import { analyseLetterScan } from '../src/seal/scan/index.ts';

const DPI = 150;
const px = (mm: number) => Math.round((mm / 25.4) * DPI);
/** Where the letter asks for the seal, and where its QR code stands, in millimetres. */
const SEAL = { x: 63, y: 226, diameter: 40 };
const QR = { x: 158.8, y: 20, size: 32 };

export async function stampedLetter(
  caseId: string,
  name: string,
  font: Uint8Array,
): Promise<{ scan: { bytes: Uint8Array; type: string }; findings: ScanFindings }> {
  const page = blank(px(210), px(297));
  drawQr(page, `CNBR-CASE:${caseId}`);
  const seal = rasterise(await drawSeal({ kind: 'round', name }, font), px(SEAL.diameter));
  place(page, seal, px(SEAL.x - SEAL.diameter / 2), px(SEAL.y - SEAL.diameter / 2));
  const { accept, reasons, seals } = await analyseLetterScan(page, { dpi: DPI });
  const [first] = seals;
  return {
    scan: { bytes: encodePng(page), type: 'image/png' },
    findings: {
      accept,
      reasons,
      seals: seals.map(({ cx, cy, diameter }) => ({ cx, cy, diameter })),
      width: page.width,
      height: page.height,
      letterCase: caseId,
      diameterMm: first ? (first.diameter / DPI) * 25.4 : null,
    },
  };
}

function blank(width: number, height: number): Raster {
  return { width, height, data: new Uint8ClampedArray(4 * width * height).fill(255) };
}

function place(page: Raster, picture: Raster, left: number, top: number): void {
  for (let y = 0; y < picture.height; y++) {
    for (let x = 0; x < picture.width; x++) {
      const from = 4 * (y * picture.width + x);
      const to = 4 * ((top + y) * page.width + left + x);
      const alpha = (picture.data[from + 3] as number) / 255;
      for (let c = 0; c < 3; c++) {
        const [paper, ink] = [page.data[to + c] as number, picture.data[from + c] as number];
        page.data[to + c] = paper + (ink - paper) * alpha;
      }
    }
  }
}

function drawQr(page: Raster, text: string): void {
  const code = qrCode(text);
  const scale = Math.floor(px(QR.size) / code.size);
  for (const { x, y, width } of qrRuns(code)) {
    for (let row = 0; row < scale; row++) {
      const start = (px(QR.y) + y * scale + row) * page.width + px(QR.x) + x * scale;
      for (let i = 0; i < width * scale; i++) page.data.set([20, 20, 20], 4 * (start + i));
    }
  }
}
