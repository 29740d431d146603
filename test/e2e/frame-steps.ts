/** Frames of the page one at a time, and captures of them, cut to one element. */
import type { Locator, Page } from 'playwright-core';
import type { Picture } from '../seal/fixtures/frame-measures.ts';

/** What was written on a canvas, and where: to find the trace again. */
export interface Written {
  text: string;
  font: string;
  at: [number, number];
  matrix: [number, number, number, number, number, number];
  canvas: [number, number];
}

interface Steps {
  arm(on: boolean): void;
  waiting(): number;
  step(): void;
  written: Written[];
}

/** Before the page's own scripts: frames come when asked for, two captures in a row are two frames. */
export function stepFrames(): void {
  const real = window.requestAnimationFrame.bind(window);
  const waiting = new Map<number, FrameRequestCallback>();
  const written: unknown[] = [];
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
  for (const kind of [CanvasRenderingContext2D, OffscreenCanvasRenderingContext2D]) {
    const write = kind.prototype.fillText;
    kind.prototype.fillText = function (text: string, x: number, y: number) {
      const { a, b, c, d, e, f } = this.getTransform();
      written.push({
        text,
        font: this.font,
        at: [x, y],
        matrix: [a, b, c, d, e, f],
        canvas: [this.canvas.width, this.canvas.height],
      });
      write.call(this, text, x, y);
    };
  }
  const steps = {
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
    written,
  };
  Object.assign(window, { steps });
}

const of = (): Steps => (window as unknown as { steps: Steps }).steps;

export const arm = (page: Page, on: boolean) =>
  page.evaluate(`(${of.toString()})().arm(${on})`) as Promise<void>;
export const step = (page: Page) => page.evaluate(`(${of.toString()})().step()`) as Promise<void>;
export const waiting = (page: Page) =>
  page.evaluate(`(${of.toString()})().waiting()`) as Promise<number>;
export const writtenOn = (page: Page) =>
  page.evaluate(`(${of.toString()})().written`) as Promise<Written[]>;

/** What a screen key would save, cut to a canvas, in the dots of the screen. */
export async function capture(page: Page, element: Locator): Promise<Picture> {
  const clip = await element.evaluate((canvas: HTMLCanvasElement) => {
    const { x, y } = canvas.getBoundingClientRect();
    // Where the compositor puts it: on whole dots.
    const dots = devicePixelRatio;
    const [left, top] = [Math.round(x * dots) / dots, Math.round(y * dots) / dots];
    return { x: left, y: top, width: canvas.width / dots, height: canvas.height / dots };
  });
  const png = await page.screenshot({
    clip,
    scale: 'device',
    animations: 'allow',
    caret: 'initial',
  });
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
  const { width, height } = found;
  return { width, height, data: Uint8Array.from(Buffer.from(found.text, 'base64')) };
}

/** Draws again what was written on a canvas of that size. @returns coverage, 0 … 1 */
export async function traceMask(page: Page, width: number, height: number): Promise<Float32Array> {
  const text = await page.evaluate(
    ([w, h]) => {
      const { written } = (window as unknown as { steps: { written: Written[] } }).steps;
      const context = new OffscreenCanvas(w, h).getContext('2d');
      if (!context) return '';
      for (const { text, font, at, matrix, canvas } of [...written]) {
        if (canvas[0] !== w || canvas[1] !== h) continue;
        context.setTransform(...matrix);
        context.font = font;
        context.fillText(text, ...at);
      }
      const { data } = context.getImageData(0, 0, w, h);
      let out = '';
      for (let i = 3; i < data.length; i += 4) out += String.fromCharCode(data[i] as number);
      return btoa(out);
    },
    [width, height] as const,
  );
  return Float32Array.from(Buffer.from(text, 'base64'), (octet) => octet / 255);
}
