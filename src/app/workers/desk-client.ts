/** The desk as the pages call it: every method of `Desk`, answered by the worker. */
import type { Desk } from '../../desk/index.ts';
import { WorkerClient } from './rpc.ts';

let changed: () => void = () => {};

const client = new WorkerClient(
  () => new Worker(new URL('./desk.worker.ts', import.meta.url), { type: 'module', name: 'desk' }),
  () => changed(),
);

export const desk = new Proxy({} as Desk, {
  get:
    (_, method) =>
    (...args: unknown[]) =>
      client.call(String(method), args.map(plain)),
});

/** Reactive proxies cannot be cloned: what goes to the worker is plain. */
function plain(value: unknown): unknown {
  return typeof value === 'object' && value !== null ? copy(value) : value;
}

/** Deep copy of plain data, bytes kept as they are. */
function copy(value: unknown): unknown {
  if (value instanceof Uint8Array || value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map(copy);
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, copy(member)]));
}

export function onDeskChange(listen: () => void): void {
  changed = listen;
}
