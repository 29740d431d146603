import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { qrCode } from '../../src/licence/index.ts';

const [WIDTH, HEIGHT] = [1920, 1080];
const [TABLE, PAPER, INK] = [180, 225, 30];

/**
 * One frame of Y4M with a code in its middle, which Chromium shows as its camera for ever.
 * @param text of the code; null for an empty table
 * @param angle degrees by which it is turned
 */
export function cameraShowing(text: string | null, pixelsPerModule = 7, angle = 0): string {
  const luma = new Uint8Array(WIDTH * HEIGHT).fill(TABLE);
  if (text !== null) paint(luma, text, pixelsPerModule, angle);
  const header = new TextEncoder().encode(
    `YUV4MPEG2 W${WIDTH} H${HEIGHT} F30:1 Ip A1:1 C420jpeg\nFRAME\n`,
  );
  const chroma = new Uint8Array((WIDTH * HEIGHT) / 2).fill(128);
  const file = join(mkdtempSync(join(tmpdir(), 'cinnabar-camera-')), 'camera.y4m');
  writeFileSync(file, Buffer.concat([header, luma, chroma]));
  return file;
}

function paint(luma: Uint8Array, text: string, pixels: number, angle: number): void {
  const { size, modules } = qrCode(text);
  const half = ((size + 8) * pixels) / 2;
  const [sin, cos] = [Math.sin((angle * Math.PI) / 180), Math.cos((angle * Math.PI) / 180)];
  for (let y = 0; y < HEIGHT; y++) {
    for (let x = 0; x < WIDTH; x++) {
      const [dx, dy] = [x - WIDTH / 2, y - HEIGHT / 2];
      const u = dx * cos + dy * sin + half;
      const v = dy * cos - dx * sin + half;
      if (u < 0 || v < 0 || u >= 2 * half || v >= 2 * half) continue;
      const dark = modules[Math.floor(v / pixels) - 4]?.[Math.floor(u / pixels) - 4];
      luma[y * WIDTH + x] = dark ? INK : PAPER;
    }
  }
}
