/** What a capture of the screen gets of a seal: real frames of real pages, one at a time. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CDPSession, chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { gaussian } from '../../src/seal/texture/blur.ts';
import {
  channel,
  correlation,
  measureFrame,
  type Picture,
  similarity,
} from '../seal/fixtures/frame-measures.ts';
import { launchOptions } from './chromium.ts';
import { arm, capture, step, stepFrames, traceMask, waiting, writtenOn } from './frame-steps.ts';
import { pilotLicence } from './pilot-licence.ts';
import { alignedSeal } from './seal-in-mean.ts';
import { Device } from './stage.ts';

const PAIRS = 6;
const ENTERPRISE = '示例进出口贸易有限公司';
const AUTHORITY = '示例许可证事务局';
const profile = mkdtempSync(join(tmpdir(), 'cinnabar-profile-'));
let device: Device;
let caseId: string;
let protocol: CDPSession;

/** The same profile on another screen. */
async function onScreen(width: number, ratio: number): Promise<void> {
  await device?.context.close();
  const context = await chromium.launchPersistentContext(profile, {
    ...launchOptions,
    locale: 'zh-CN',
    acceptDownloads: true,
    viewport: { width, height: 900 },
    deviceScaleFactor: ratio,
    hasTouch: width < 600,
  });
  await context.addInitScript(stepFrames);
  await context.addInitScript(() => localStorage.setItem('cinnabar.flicker', '1'));
  device = await Device.in(context, inject('appUrl'));
  protocol = await context.newCDPSession(device.page);
}

beforeAll(async () => {
  await onScreen(1280, 1);
  caseId = await pilotLicence(device);
}, 600_000);
afterAll(() => device.context.close());

const button = () => device.page.locator('main [data-action="hold-to-see"]').first();
const canvas = () => device.page.locator('main canvas[data-frames]').first();
const shown = () => canvas().getAttribute('data-frames');

/**
 * `trace`: least correlation of the mean with what was written in it. The licence's seal is cut from the
 * drawn page: the print between its strokes stays in the mean and takes part of the correlation, which
 * without any trace is about .03.
 */
const SEAL = { path: '/enterprise/seal', name: ENTERPRISE, kind: 'round', trace: 0.5 } as const;
const LICENCE = {
  path: () => `/licences/${caseId}`,
  name: AUTHORITY,
  kind: 'authority',
  trace: 0.07,
} as const;

async function open(at: typeof SEAL | typeof LICENCE): Promise<void> {
  await device.sit(ENTERPRISE);
  await device.go(typeof at.path === 'string' ? at.path : at.path());
  await canvas().waitFor({ state: 'attached', timeout: 60_000 });
}

/** Anew, as after a change of the system's settings. */
async function reopen(at: typeof SEAL | typeof LICENCE): Promise<void> {
  await device.go('/');
  await device.page.reload();
  await open(at);
}

async function middle(): Promise<[number, number]> {
  // Not under the bar at the foot of a phone.
  await button().evaluate((element) => element.scrollIntoView({ block: 'center' }));
  const box = await button().boundingBox();
  if (!box) throw new Error('no button');
  return [box.x + box.width / 2, box.y + box.height / 2];
}

const touch = (type: 'touchStart' | 'touchEnd', points: [number, number][]) =>
  protocol.send('Input.dispatchTouchEvent', {
    type,
    touchPoints: points.map(([x, y]) => ({ x, y })),
  });

type How = 'pointer' | 'touch' | 'Space' | 'Enter';

async function hold(how: How): Promise<void> {
  const { page } = device;
  const [x, y] = await middle();
  await arm(page, true);
  if (how === 'touch') await touch('touchStart', [[x, y]]);
  else if (how === 'pointer') {
    await page.mouse.move(x, y);
    await page.mouse.down();
  } else {
    await button().focus();
    await page.keyboard.down(how);
  }
  await expect.poll(() => waiting(page), { timeout: 15_000 }).toBe(1);
  await expect.poll(shown).toBe('true');
  // The rate of the display is measured before anything is shown.
  for (let i = 0; i < 8; i++) await step(page);
}

async function letGo(how: How): Promise<void> {
  if (how === 'touch') await touch('touchEnd', []);
  else if (how === 'pointer') await device.page.mouse.up();
  else await device.page.keyboard.up(how);
  await arm(device.page, false);
}

const average = (planes: readonly Float32Array[]): Float32Array =>
  (planes[0] as Float32Array).map(
    (_, i) => planes.reduce((s, p) => s + (p[i] as number), 0) / planes.length,
  );

describe('single frames hold the bounds, pairs show the seal', () => {
  it.each([
    [SEAL, 1280, 1, 'pointer'],
    [SEAL, 390, 2, 'touch'],
    [LICENCE, 1280, 1.5, 'Enter'],
  ] as const)('%o, %i px wide, %d dots to a pixel, by %s', async (at, width, ratio, how) => {
    await onScreen(width, ratio);
    await open(at);
    expect(await shown()).toBe('false');
    const css = await canvas().boundingBox();
    expect(Math.max(css?.width ?? 999, css?.height ?? 999)).toBeLessThanOrEqual(160);
    await hold(how);
    const frames: Picture[] = [];
    for (let i = 0; i < 2 * PAIRS; i++) {
      await step(device.page);
      frames.push(await capture(device.page, canvas()));
    }
    await letGo(how);
    await expect.poll(shown).toBe('false');

    const [{ width: w, height: h }] = frames as [Picture];
    const planes = frames.map((frame) => channel(frame, 0));
    const { ink, characters, fit } = await alignedSeal(at.kind, at.name, average(planes), w, h);
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
        ssim: similarity(mean, target, w),
        corr: correlation(mean, target),
        swing: Math.abs(sum(a) - sum(b)) / ((sum(a) + sum(b)) / 2),
      };
    });
    // The trace, where no ink of the seal is near: around its strokes the low frequencies that were taken
    // off the ink leave a halo, stronger than the trace and wider where a screen has more dots.
    const mask = await traceMask(device.page, w, h);
    const around = gaussian(ink, w, h, 3);
    const free = [...ink.keys()].filter((i) => (around[i] as number) < 1e-4);
    const mean = average(planes);
    const line = {
      size: w,
      fit,
      ssim1: worst('ssim'),
      correlation: worst('correlation'),
      attack: worst('attack'),
      character: worst('character'),
      neighbours: worst('neighbours'),
      pairSsim: Math.min(...pairs.map((p) => p.ssim)),
      pairCorr: Math.min(...pairs.map((p) => p.corr)),
      swing: Math.max(...pairs.map((p) => p.swing)),
      trace: Math.max(
        ...[-1, 0, 1].flatMap((dy) =>
          [-1, 0, 1].map(
            (dx) =>
              -correlation(
                free.map((i) => mean[i] as number),
                free.map((i) => mask[i + dy * w + dx] ?? 0),
              ),
          ),
        ),
      ),
    };
    console.info(
      JSON.stringify(line, (_, v) => (typeof v === 'number' ? Number(v.toFixed(3)) : v)),
    );
    expect(line.ssim1).toBeLessThanOrEqual(0.15);
    expect(line.correlation).toBeLessThanOrEqual(0.15);
    expect(line.attack).toBeLessThanOrEqual(0.3);
    expect(line.neighbours).toBeLessThanOrEqual(0.3);
    expect(line.character).toBeLessThanOrEqual(0.6);
    expect(line.pairSsim).toBeGreaterThanOrEqual(0.98);
    expect(line.pairCorr).toBeGreaterThanOrEqual(0.98);
    expect(line.swing).toBeLessThanOrEqual(0.06);
    expect(fit).toBeGreaterThan(0.5);
    expect(free.length).toBeGreaterThan((w * h) / 5);
    expect(line.trace).toBeGreaterThan(at.trace);
    const said = new Set((await writtenOn(device.page)).map(({ text }) => text));
    expect(said).toContain(ENTERPRISE);
    expect([...said].some((text) => /^\d{4}年\d+月\d+日 \d\d:\d\d$/.test(text))).toBe(true);
  });
});

describe.each([
  ['the seal page', SEAL],
  ['the licence', LICENCE],
] as const)('what else a capture of %s meets', (_, at) => {
  const away = () => device.page.evaluate(() => document.documentElement.hasAttribute('data-away'));
  const blurred = () =>
    device.page.evaluate(() => getComputedStyle(document.querySelector('main') as Element).filter);

  it('blurs the page and ends the frames when the window loses focus', async () => {
    await onScreen(1280, 1);
    await open(at);
    await hold('pointer');
    await device.page.evaluate(() => window.dispatchEvent(new Event('blur')));
    expect(await away()).toBe(true);
    expect(await blurred()).toBe('blur(14px)');
    await expect.poll(shown).toBe('false');
    expect(await canvas().isVisible()).toBe(false);
    await letGo('pointer');
    await device.page.evaluate(() => window.dispatchEvent(new Event('focus')));
    expect(await away()).toBe(false);
    expect(await blurred()).toBe('none');
  });

  it('blurs it on the screen key and on printing', async () => {
    await device.page.keyboard.press('PrintScreen');
    expect(await away()).toBe(true);
    await expect.poll(away, { timeout: 6000 }).toBe(false);
    await device.page.evaluate(() => window.dispatchEvent(new Event('beforeprint')));
    expect(await away()).toBe(true);
    await device.page.evaluate(() => window.dispatchEvent(new Event('afterprint')));
    expect(await away()).toBe(false);
  });

  it('prints fog, and no way to see it clear', async () => {
    await device.page.emulateMedia({ media: 'print' });
    expect(await button().isVisible()).toBe(false);
    expect(await canvas().isVisible()).toBe(false);
    await device.page.emulateMedia({ media: null });
  });

  it('stays fog where motion is reduced, also when that is asked for meanwhile', async () => {
    await reopen(at);
    await hold('Space');
    await device.page.emulateMedia({ reducedMotion: 'reduce' });
    await expect.poll(shown).toBe('false');
    expect(await button().count()).toBe(0);
    await letGo('Space');
    await reopen(at);
    expect(await button().count()).toBe(0);
    expect(await shown()).toBe('false');
    await device.page.emulateMedia({ reducedMotion: null });
  });
});
