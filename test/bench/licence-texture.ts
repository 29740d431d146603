/** How well the tint under a licence's seal tells its own licence from others, after printing and scanning. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sha256, utf8 } from '../../src/crypto/index.ts';
import { composeLicence } from '../../src/documents/index.ts';
import {
  LICENCE_PLACES,
  licenceFromApplication,
  QUIET,
  qrCode,
  sampleApplication,
} from '../../src/licence/index.ts';
import { drawSeal, rasterise } from '../../src/seal/index.ts';
import { readPrintedTexture } from '../../src/seal/texture/index.ts';
import { AUTHORITY } from '../licence/authority.ts';
import { jpegLike } from '../seal/fixtures/jpeg-like.ts';
import {
  copied,
  type Page,
  printed,
  rgbaOf,
  type Screen,
  scanned,
} from '../seal/fixtures/print-scan.ts';
import { random } from '../seal/fixtures/random.ts';

const SHEETS = Number(process.env['SHEETS'] ?? 3);
const NAME = '示例许可证事务局';
const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:';
const dir = mkdtempSync(join(tmpdir(), 'texture-'));
const font = (name: string) => new Uint8Array(readFileSync(`public/fonts/${name}`));
const fonts = { sans: font('NotoSansSC-Regular.ttf'), serif: font('NotoSerifSC-Bold.ttf') };
/** The part with code and seal, millimetres. */
const PART = { x: 74, y: 207, width: 120, height: 64 };

/** A licence as it is printed, its seal drawn where it is stamped. */
async function sheetOf(n: number, texture: boolean): Promise<{ page: Page; token: string }> {
  const rnd = random(1000 + n);
  const token = `EL1:${Array.from({ length: 546 }, () => ALPHABET[Math.floor(rnd() * 45)]).join('')}`;
  const licence = licenceFromApplication(sampleApplication(), {
    number: `26-AB-${String(n).padStart(6, '0')}`,
    authority: { ...AUTHORITY, zh: NAME },
    issuedOn: '2026-03-10',
    statusList: { id: '1', index: n },
    pilot: true,
  });
  const { pdf } = await composeLicence(licence, { fonts, token, pilot: true, texture });
  const path = join(dir, `${n}.pdf`);
  writeFileSync(path, pdf);
  const px = (mm: number) => Math.round((mm / 25.4) * 600);
  const [x, y, width, height] = [PART.x, PART.y, PART.width, PART.height].map(px) as [
    number,
    number,
    number,
    number,
  ];
  const area = ['-x', x, '-y', y, '-W', width, '-H', height].map(String);
  execFileSync('pdftoppm', ['-r', '600', ...area, '-singlefile', path, join(dir, 'page')]);
  const ppm = readFileSync(join(dir, 'page.ppm'));
  const body = ppm.subarray(ppm.length - 3 * width * height);
  const planes = [0, 1, 2].map((c) =>
    Float32Array.from({ length: width * height }, (_, i) => body[3 * i + c] as number),
  );
  const page: Page = { width, height, dpi: 600, planes: planes as Page['planes'] };
  await stamp(page);
  return { page, token };
}

const drawing = await drawSeal({ kind: 'authority', name: NAME }, fonts.serif);
const picture = rasterise(drawing, 600);

async function stamp(page: Page): Promise<void> {
  const k = page.dpi / 25.4;
  const { cx, cy, diameter } = LICENCE_PLACES.seal;
  const ink = rasterise(drawing, Math.round(diameter * k));
  const [x0, y0] = [
    Math.round((cx - diameter / 2 - PART.x) * k),
    Math.round((cy - diameter / 2 - PART.y) * k),
  ];
  for (let y = 0; y < ink.height; y++) {
    for (let x = 0; x < ink.width; x++) {
      const alpha = (ink.data[4 * (y * ink.width + x) + 3] as number) / 255;
      const i = (y0 + y) * page.width + x0 + x;
      page.planes.forEach((plane, c) => {
        plane[i] = (plane[i] as number) * (1 - alpha) + ([220, 20, 20][c] as number) * alpha;
      });
    }
  }
}

const { prepareZXingModule, readBarcodes } = await import('zxing-wasm/reader');
const wasm = createRequire(import.meta.url).resolve('zxing-wasm/reader/zxing_reader.wasm');
prepareZXingModule({ overrides: { wasmBinary: readFileSync(wasm).buffer as ArrayBuffer } });

async function read(scan: Page, quality: number, bound: string | null) {
  const data = jpegLike(rgbaOf(scan), scan.width, scan.height, quality) as Uint8ClampedArray;
  const [found] = await readBarcodes({ width: scan.width, height: scan.height, data } as never, {
    formats: ['QRCode'],
    tryHarder: true,
  });
  if (!found?.isValid) return null;
  const { topLeft, topRight, bottomRight, bottomLeft } = found.position;
  const quiet = QUIET / (qrCode(found.text).size + 2 * QUIET);
  return readPrintedTexture(
    { width: scan.width, height: scan.height, data },
    [topLeft, topRight, bottomRight, bottomLeft],
    LICENCE_PLACES,
    quiet,
    picture,
    await sha256(utf8(bound ?? found.text)),
  );
}

export async function run() {
  const scores = new Map<string, number[]>();
  const fits: number[] = [];
  const keep = (
    name: string,
    value: { score: number | null; fit: number | null; verdict: string } | null,
  ) => {
    const list = scores.get(name) ?? [];
    list.push(value?.score ?? Number.NaN);
    if (value?.fit) fits.push(value.fit);
    scores.set(name, list);
  };
  const sheets = [];
  for (let n = 0; n < SHEETS; n++) sheets.push(await sheetOf(n, true));
  const bare = await sheetOf(900, false);
  for (const screen of ['clustered', 'stochastic'] as Screen[]) {
    for (const [n, { page, token }] of [...sheets, bare].entries()) {
      const rnd = random(77 * n + screen.length);
      const paper = printed(page, screen, rnd);
      for (const [dpi, quality] of [
        [300, 90],
        [300, 60],
        [200, 75],
        [150, 60],
      ] as const) {
        const shot = () =>
          scanned(
            paper,
            {
              dpi,
              angle: 3 * (rnd() - 0.5),
              scale: 1 + 0.01 * (rnd() - 0.5),
              shade: 0.05 * rnd(),
              noise: 3,
            },
            rnd,
          );
        const scan = shot();
        if (n === SHEETS) {
          keep(`${screen} ${dpi} q${quality} no texture`, await read(scan, quality, null));
          continue;
        }
        keep(`${screen} ${dpi} q${quality} own`, await read(scan, quality, null));
        const other = sheets[(n + 1) % SHEETS]?.token as string;
        for (const wrong of [other, `${token} `, `W${n}`])
          keep(`${screen} ${dpi} q${quality} other`, await read(scan, quality, wrong));
        if (dpi === 300 && quality === 90) {
          const again = scanned(
            copied(scan, screen, rnd),
            { dpi, angle: 3 * (rnd() - 0.5), scale: 1, shade: 0.03, noise: 3 },
            rnd,
          );
          keep(
            `${screen} ${dpi} q${quality} colour photocopy, own`,
            await read(again, quality, null),
          );
          keep(
            `${screen} ${dpi} q${quality} colour photocopy, other`,
            await read(again, quality, other),
          );
        }
      }
    }
  }
  const figures = [];
  for (const [name, list] of scores) {
    const known = list.filter((v) => !Number.isNaN(v));
    const mean = known.reduce((s, v) => s + v, 0) / known.length;
    console.log(
      `${name.padEnd(46)} n ${list.length} unread ${list.length - known.length} mean ${mean.toFixed(3)} min ${Math.min(...known).toFixed(3)} max ${Math.max(...known).toFixed(3)}`,
    );
    if (name.endsWith('own') && !name.includes('copy'))
      figures.push({
        name: `texture: ${name}, 0.25 over the least score`,
        figure: 0.25 / Math.min(...known),
        limit: 1,
        unit: 'ratio',
      });
    if (name.endsWith('other'))
      figures.push({
        name: `texture: ${name}, largest score over 0.12`,
        figure: Math.max(...known) / 0.12,
        limit: 1,
        unit: 'ratio',
      });
  }
  console.log(`fit of the seal ${Math.min(...fits).toFixed(3)} to ${Math.max(...fits).toFixed(3)}`);
  return figures;
}
