/** The desk of a page, as a test calls it: the very worker that the page's own clicks go to. */
import type { Page } from 'playwright-core';
import type { Desk } from '../../src/desk/index.ts';

interface Answer {
  call: number;
  value?: unknown;
  refusal?: { code: string; message: string };
  progress?: unknown;
}

/** Before the page's own scripts: keeps the desk's worker where a test finds it, and starts it at once. */
export function keepDesk(): void {
  const Real = window.Worker;
  const kept = window as unknown as { desk?: Worker };
  window.Worker = class extends Real {
    constructor(url: string | URL, options?: WorkerOptions) {
      super(url, options);
      if (options?.name === 'desk') kept.desk = this;
    }
  };
  localStorage.setItem('cinnabar.joined', '1');
}

/** In the page: calls a method, bytes as `{ bytes: base64 }` both ways. */
async function call([method, args]: [string, unknown[]]): Promise<unknown> {
  const kept = window as unknown as { desk?: Worker; asked?: number };
  while (!kept.desk) await new Promise((go) => setTimeout(go, 50));
  const worker = kept.desk;
  const text = (bytes: Uint8Array) =>
    btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
  const walk = (value: unknown, leaf: (value: object) => unknown): unknown => {
    if (typeof value !== 'object' || value === null) return value;
    const known = leaf(value);
    if (known !== undefined) return known;
    if (Array.isArray(value)) return value.map((each) => walk(each, leaf));
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, walk(each, leaf)]));
  };
  const given = walk(args, (value) => {
    const { bytes } = value as { bytes?: unknown };
    const only = Object.keys(value).length === 1 && typeof bytes === 'string';
    return only ? Uint8Array.from(atob(bytes), (sign) => sign.charCodeAt(0)) : undefined;
  });
  kept.asked = (kept.asked ?? 1_000_000) + 1;
  const asked = kept.asked;
  const answer = await new Promise<Answer>((resolve) => {
    const listen = ({ data }: MessageEvent<Answer>) => {
      if (data.call !== asked || 'progress' in data) return;
      worker.removeEventListener('message', listen);
      resolve(data);
    };
    worker.addEventListener('message', listen);
    worker.postMessage({ call: asked, method, args: given });
  });
  if (answer.refusal) throw new Error(`${method}: ${JSON.stringify(answer.refusal)}`);
  return walk(answer.value, (value) =>
    value instanceof Uint8Array ? { bytes: text(value) } : undefined,
  );
}

function encoded(value: unknown): unknown {
  if (value instanceof Uint8Array) return { bytes: Buffer.from(value).toString('base64') };
  if (Array.isArray(value)) return value.map(encoded);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, encoded(each)]));
}

function decoded(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(decoded);
  if (typeof value !== 'object' || value === null) return value;
  const { bytes } = value as { bytes?: unknown };
  if (typeof bytes === 'string' && Object.keys(value).length === 1) {
    return Uint8Array.from(Buffer.from(bytes, 'base64'));
  }
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, decoded(each)]));
}

export const deskOf = (page: Page): Desk =>
  new Proxy({} as Desk, {
    get: (_, method) =>
      // What an asynchronous function returns is asked whether it is a promise.
      method === 'then'
        ? undefined
        : async (...args: unknown[]) =>
            decoded(
              await page.evaluate(call, [String(method), encoded(args) as unknown[]] as [
                string,
                unknown[],
              ]),
            ),
  });
