/** What a capture of the screen gets of a seal: real frames of a real seal, one at a time. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { layoutSeal, rasterise, readSeal, readSealSvg } from '../../src/seal/index.ts';
import {
  type Box,
  channel,
  correlation,
  measureFrame,
  type Picture,
  similarity,
} from '../seal/fixtures/frame-measures.ts';
import { launchOptions } from './chromium.ts';
import { sampleCase } from './sample-case.ts';

const PAIRS = 6;
let browser: Browser;
let folder: string;
let context: BrowserContext;
let page: Page;

/** Frames come when they are asked for: two captures in a row are two frames in a row. */
function stepFrames(): void {
  const real = window.requestAnimationFrame.bind(window);
  const waiting = new Map<number, FrameRequestCallback>();
  let [next, now, armed] = [1_000_000, 0, false];
  window.requestAnimationFrame = (callback) => {
    if (!armed) return real(callback);
    waiting.set(++next, callback);
    return next;
  };
  const cancel = window.cancelAnimationFrame.bind(window);
  window.cancelAnimationFrame = (handle) => {
    if (!waiting.delete(handle)) cancel(handle);
  };
  Object.assign(window, {
    arm(on: boolean) {
      armed = on;
      now = performance.now();
      waiting.clear();
    },
    waiting: () => waiting.size,
    step() {
      const due = [...waiting.values()];
      waiting.clear();
      now += 1000 / 60;
      for (const callback of due) callback(now);
    },
  });
}

const call = (name: string, ...args: unknown[]): Promise<unknown> =>
  page.evaluate(
    ([f, a]) =>
      (window as never as Record<string, (...a: unknown[]) => unknown>)[f as string]?.(
        ...(a as unknown[]),
      ),
    [name, args] as const,
  );

async function joined(options: { reducedMotion?: 'reduce' } = {}): Promise<void> {
  await context?.close();
  context = await browser.newContext({
    locale: 'zh-CN',
    viewport: { width: 1280, height: 900 },
    ...options,
  });
  await context.addInitScript(stepFrames);
  await context.addInitScript(() => localStorage.setItem('cinnabar.flicker', '1'));
  page = await context.newPage();
  page.setDefaultTimeout(30_000);
  await page.goto(`${inject('appUrl')}#/join`);
  await page.locator('main input[type=file]').setInputFiles(join(folder, 'trust.asice'));
  await page.getByRole('checkbox').check();
  await page.locator('main button.primary').click();
  await page.waitForFunction(() => localStorage.getItem('cinnabar.joined') === '1');
  await page.goto(`${inject('appUrl')}#/verify`);
  await page.reload();
  await page.locator('main input[type=file]').setInputFiles(join(folder, 'seal.der'));
  await canvas().waitFor({ state: 'attached' });
}

const button = () => page.locator('[data-action="hold-to-see"]').first();
const canvas = () => page.locator('canvas[data-frames]').first();
const shown = () => canvas().getAttribute('data-frames');

/** What a screen key would save, cut to the canvas. */
async function capture(): Promise<Picture> {
  const png = await canvas().screenshot({ animations: 'allow', caret: 'initial' });
  const found = await page.evaluate(async (base64) => {
    const octets = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
    const bitmap = await createImageBitmap(new Blob([octets], { type: 'image/png' }));
    const sheet = new OffscreenCanvas(bitmap.width, bitmap.height);
    const drawing = sheet.getContext('2d') as OffscreenCanvasRenderingContext2D;
    drawing.drawImage(bitmap, 0, 0);
    const { data, width, height } = drawing.getImageData(0, 0, bitmap.width, bitmap.height);
    let text = '';
    for (const octet of data) text += String.fromCharCode(octet);
    return { width, height, text: btoa(text) };
  }, png.toString('base64'));
  return {
    width: found.width,
    height: found.height,
    data: Uint8Array.from(Buffer.from(found.text, 'base64')),
  };
}

async function hold(how: 'pointer' | 'Space'): Promise<void> {
  await button().scrollIntoViewIfNeeded();
  await call('arm', true);
  if (how === 'Space') {
    await button().focus();
    await page.keyboard.down('Space');
  } else {
    const box = await button().boundingBox();
    if (!box) throw new Error('no button');
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    await page.mouse.down();
  }
  await expect.poll(() => call('waiting'), { timeout: 15_000 }).toBe(1);
}

async function letGo(how: 'pointer' | 'Space'): Promise<void> {
  if (how === 'Space') await page.keyboard.up('Space');
  else await page.mouse.up();
  await call('arm', false);
}

beforeAll(async () => {
  folder = sampleCase();
  browser = await chromium.launch(launchOptions);
  await joined();
}, 180_000);
afterAll(() => browser.close());

const light = (frame: Picture) => channel(frame, 0);
const average = (planes: readonly Float32Array[]): Float32Array =>
  (planes[0] as Float32Array).map(
    (_, i) => planes.reduce((s, p) => s + (p[i] as number), 0) / planes.length,
  );

describe('while it is held', () => {
  it.each(['pointer', 'Space'] as const)('shows frames by %s and ends with it', async (how) => {
    expect(await shown()).toBe('false');
    await hold(how);
    await expect.poll(shown).toBe('true');
    const frames: Picture[] = [];
    for (let i = 0; i < 8; i++) await call('step');
    for (let i = 0; i < 2 * PAIRS; i++) {
      await call('step');
      frames.push(await capture());
    }
    await letGo(how);
    await expect.poll(shown).toBe('false');

    // The clear seal, laid where the mean of everything shows it.
    const size = frames[0]?.width as number;
    expect(size).toBeLessThanOrEqual(160);
    const planes = frames.map(light);
    const whole = average(planes);
    const { picture, name } = sealOf();
    const { ink, characters, fit } = aligned(
      picture,
      name,
      whole,
      size,
      frames[0]?.height as number,
    );
    const figures = frames.map((frame, i) => {
      // The frame's own noise is no part of what the eye is to see.
      const others = average(planes.filter((_, k) => k >> 1 !== i >> 1));
      return measureFrame(frame, ink, others, characters);
    });
    const worst = (key: keyof (typeof figures)[0]) => Math.max(...figures.map((f) => f[key]));
    const pairs = Array.from({ length: PAIRS }, (_, k) => {
      const [a, b] = [planes[2 * k], planes[2 * k + 1]] as [Float32Array, Float32Array];
      const mean = average([a, b]);
      const target = average(planes.filter((_, i) => i >> 1 !== k));
      const sum = (p: Float32Array) => p.reduce((s, v) => s + v, 0);
      return {
        ssim: similarity(mean, target, size),
        corr: correlation(mean, target),
        swing: Math.abs(sum(a) - sum(b)) / ((sum(a) + sum(b)) / 2),
      };
    });
    const line = {
      how,
      size,
      frames: frames.length,
      fit,
      ssim1: worst('ssim'),
      correlation: worst('correlation'),
      attack: worst('attack'),
      character: worst('character'),
      neighbours: worst('neighbours'),
      pairSsim: Math.min(...pairs.map((p) => p.ssim)),
      pairCorr: Math.min(...pairs.map((p) => p.corr)),
      swing: Math.max(...pairs.map((p) => p.swing)),
    };
    console.info(
      JSON.stringify(line, (_, v) => (typeof v === 'number' ? Number(v.toFixed(3)) : v)),
    );
    expect(fit).toBeGreaterThan(0.5);
    expect(line.ssim1).toBeLessThanOrEqual(0.15);
    expect(line.correlation).toBeLessThanOrEqual(0.15);
    expect(line.attack).toBeLessThanOrEqual(0.3);
    expect(line.character).toBeLessThanOrEqual(0.6);
    expect(line.pairSsim).toBeGreaterThanOrEqual(0.98);
    expect(line.pairCorr).toBeGreaterThanOrEqual(0.98);
    expect(line.swing).toBeLessThanOrEqual(0.06);
  });
});

describe('what else a capture meets', () => {
  it('covers the page while its window has no focus, and after a screen key', async () => {
    const away = () => page.evaluate(() => document.documentElement.hasAttribute('data-away'));
    expect(await away()).toBe(false);
    await page.evaluate(() => window.dispatchEvent(new Event('blur')));
    expect(await away()).toBe(true);
    await page.evaluate(() => window.dispatchEvent(new Event('focus')));
    expect(await away()).toBe(false);
    await page.evaluate(() => {
      Object.defineProperty(document, 'visibilityState', { value: 'hidden', configurable: true });
      document.dispatchEvent(new Event('visibilitychange'));
    });
    expect(await away()).toBe(true);
    await page.evaluate(() => {
      Reflect.deleteProperty(document, 'visibilityState');
      document.dispatchEvent(new Event('visibilitychange'));
    });
    expect(await away()).toBe(false);
  });

  it('prints no way to see it clear', async () => {
    await page.emulateMedia({ media: 'print' });
    expect(await button().isVisible()).toBe(false);
    expect(await canvas().isVisible()).toBe(false);
    await page.emulateMedia({ media: null });
  });

  it('stays fog where motion is reduced', async () => {
    await joined({ reducedMotion: 'reduce' });
    expect(await button().count()).toBe(0);
    expect(await shown()).toBe('false');
  });
});

function sealOf() {
  const { info } = readSeal(new Uint8Array(readFileSync(join(folder, 'seal.der'))));
  return { picture: readSealSvg(info.picture.data), name: info.name };
}

/** Finds the seal in the mean: the app cuts it from a page, a little more or less around it. */
function aligned(
  picture: ReturnType<typeof readSealSvg>,
  name: string,
  mean: Float32Array,
  width: number,
  height: number,
) {
  let best = { ink: new Float32Array(0), characters: [] as Box[], fit: -1 };
  for (let px = width - 8; px <= width + 4; px++) {
    const seal = rasterise(picture, px);
    for (let dy = -3; dy <= 9; dy++) {
      for (let dx = -3; dx <= 9; dx++) {
        const ink = new Float32Array(width * height);
        for (let y = 0; y < height; y++) {
          for (let x = 0; x < width; x++) {
            const [u, v] = [x - dx, y - dy];
            if (u < 0 || v < 0 || u >= seal.width || v >= seal.height) continue;
            ink[y * width + x] = (seal.data[4 * (v * seal.width + u) + 3] as number) / 255;
          }
        }
        const fit = -correlation(mean, ink);
        if (fit > best.fit)
          best = { ink, characters: boxes(name, px, dx, dy, width, height, picture.widthMm), fit };
      }
    }
  }
  return best;
}

function boxes(
  name: string,
  px: number,
  dx: number,
  dy: number,
  width: number,
  height: number,
  mm: number,
): Box[] {
  return layoutSeal({ kind: 'round', name }).glyphs.map(({ x, y, height: h }) => {
    const k = px / mm;
    const side = Math.round(h * k);
    return {
      x: Math.max(0, Math.min(width - side, Math.round((x - h / 2) * k + dx))),
      y: Math.max(0, Math.min(height - side, Math.round((y - h / 2) * k + dy))),
      width: side,
      height: side,
    };
  });
}
