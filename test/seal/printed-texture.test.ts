/** A sheet with code and seal, found in scans that lie as they like. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { sha256, utf8 } from '../../src/crypto/index.ts';
import { LICENCE_PLACES } from '../../src/licence/index.ts';
import { drawSeal, rasterise } from '../../src/seal/index.ts';
import { readPrintedTexture, texturePaths } from '../../src/seal/texture/index.ts';

const font = new Uint8Array(readFileSync('public/fonts/NotoSerifSC-Bold.ttf'));
const drawing = await drawSeal({ kind: 'authority', name: '示例许可证发证机构' }, font);
const picture = rasterise(drawing, 600);
const QUIET = 4 / 105;
const own = await sha256(utf8('EL1:OWN'));
const { code, seal } = LICENCE_PLACES;

interface Lie {
  dpi: number;
  /** Degrees clockwise. */
  turn: number;
  texture?: boolean;
  stamped?: boolean;
  grey?: boolean;
}

async function scan({ dpi, turn, texture = true, stamped = true, grey = false }: Lie) {
  const k = dpi / 25.4;
  const side = Math.round(330 * k);
  const tint = rasterise(await texturePaths(drawing, own), Math.round(42 * k));
  const ink = rasterise(drawing, Math.round(42 * k));
  const [sin, cos] = [Math.sin((turn * Math.PI) / 180), Math.cos((turn * Math.PI) / 180)];
  const toScan = (x: number, y: number) => {
    const [dx, dy] = [(x - 105) * k, (y - 148.5) * k];
    return { x: side / 2 + dx * cos - dy * sin, y: side / 2 + dx * sin + dy * cos };
  };
  const data = new Uint8ClampedArray(4 * side * side).fill(250);
  const middle = toScan(seal.cx, seal.cy);
  const reach = Math.ceil(30 * k);
  for (let y = Math.floor(middle.y) - reach; y < middle.y + reach; y++) {
    for (let x = Math.floor(middle.x) - reach; x < middle.x + reach; x++) {
      const [dx, dy] = [x + 0.5 - middle.x, y + 0.5 - middle.y];
      const u = Math.floor(dx * cos + dy * sin + ink.width / 2);
      const v = Math.floor(dy * cos - dx * sin + ink.height / 2);
      if (u < 0 || v < 0 || u >= ink.width || v >= ink.height || x < 0 || y < 0) continue;
      const i = 4 * (y * side + x);
      for (const layer of [texture ? tint : null, stamped ? ink : null]) {
        if (!layer) continue;
        const at = 4 * (v * layer.width + u);
        const alpha = (layer.data[at + 3] as number) / 255;
        for (let c = 0; c < 3; c++) {
          data[i + c] =
            (data[i + c] as number) * (1 - alpha) + (layer.data[at + c] as number) * alpha;
        }
      }
      if (grey) data.fill(data[i + 1] as number, i, i + 3);
    }
  }
  const margin = QUIET * code.side;
  const [l, t] = [code.x + margin, code.y + margin];
  const [r, b] = [code.x + code.side - margin, code.y + code.side - margin];
  const corners = [toScan(l, t), toScan(r, t), toScan(r, b), toScan(l, b)];
  return { image: { width: side, height: side, data }, corners };
}

async function read(lie: Lie, binding = own) {
  const { image, corners } = await scan(lie);
  return readPrintedTexture(image, corners, LICENCE_PLACES, QUIET, picture, binding);
}

describe('a scanned sheet', () => {
  it.each([0, 1.3, 90, 181])('is read however it lies: turned by %d°', async (turn) => {
    const { verdict, score, fit, dpi } = await read({ dpi: 200, turn });
    expect(verdict).toBe('matches');
    expect(score).toBeGreaterThan(0.6);
    expect(fit).toBeGreaterThan(0.9);
    expect(dpi).toBeCloseTo(200, 0);
  });

  it('does not match another code, nor where nothing is printed', async () => {
    const other = await sha256(utf8('EL1:OTHER'));
    expect((await read({ dpi: 200, turn: 0.7 }, other)).verdict).toBe('does-not-match');
    const bare = await read({ dpi: 200, turn: 0.7, texture: false });
    expect(bare.verdict).toBe('does-not-match');
  });

  it('is not judged where it is too coarse, grey, or has no seal', async () => {
    expect(await read({ dpi: 100, turn: 0 })).toMatchObject({ verdict: 'too-coarse', score: null });
    expect((await read({ dpi: 200, turn: 0, grey: true })).verdict).toBe('no-seal');
    expect((await read({ dpi: 200, turn: 0, stamped: false })).verdict).toBe('no-seal');
  });
});
