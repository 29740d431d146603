/** The built server over a store that was hurt: killed, shared, with flipped bits. */
import { cp, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Desk } from '../../src/desk/index.ts';
import { Clock, type Device, device } from '../desk/device.ts';
import { healthOf, type RealServer, realServer } from './real-server.ts';

interface Found {
  at: number;
  end: number;
  log: boolean;
  id: string | null;
  type: string | null;
}

/** Where the records of a segment lie. */
function recordsOf(segment: Buffer): Found[] {
  const found: Found[] = [];
  for (let at = 0; at < segment.length; ) {
    const end = at + 40 + segment.readUInt32BE(at + 4);
    const head = segment.toString('utf8', at + 45, at + 45 + segment.readUInt32BE(at + 41));
    const { id = null, type = null } = JSON.parse(head) as { id?: string; type?: string };
    found.push({ at, end, log: segment[at + 40] === 2, id, type });
    at = end;
  }
  return found;
}

/** The server lives in real time, and judges certificates by it. */
class WallClock extends Clock {
  override now = (): Date => new Date();
}

let whole: string;
let it: Device;
let health: Record<string, unknown>;
const running: RealServer[] = [];

async function start(directory?: string): Promise<RealServer> {
  const server = await realServer(directory);
  if (server.running()) running.push(server);
  return server;
}

const syncedWith = async (desk: Desk, server: RealServer) => {
  await desk.setEndpoint(server.url);
  return desk.syncNow();
};

const code = async (url: string, init?: RequestInit) => {
  const answer = await fetch(url, init);
  const body = (await answer.json().catch(() => ({}))) as { code?: string };
  return `${answer.status} ${body.code ?? ''}`.trim();
};

/** A copy of the store, changed. */
async function hurt(change: (segment: Buffer, records: Found[]) => void): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'hurt-'));
  await cp(whole, directory, { recursive: true, filter: (path) => !path.includes('lock') });
  const path = join(directory, 'segments', '000000.seg');
  const segment = await readFile(path);
  change(segment, recordsOf(segment));
  await writeFile(path, segment);
  return directory;
}

const flip = (segment: Buffer, at: number) => {
  segment[at] = (segment[at] as number) ^ 4;
};

beforeAll(async () => {
  const server = await start();
  whole = server.directory;
  it = await device({ clock: new WallClock(), fetch });
  await it.desk.createPilot({ lang: 'zh-CN' });
  expect(await syncedWith(it.desk, server)).toMatchObject({ problem: null, waiting: 0 });
  health = await healthOf(server);
  await server.stop('SIGKILL');
}, 120_000);
const endAll = () => Promise.all(running.splice(0).map((server) => server.stop()));
afterEach(endAll);
afterAll(endAll);

describe('kill -9', () => {
  test('loses nothing that was acknowledged, and holds nobody off', async () => {
    const server = await start(whole);
    expect(await healthOf(server)).toEqual({ ...health, damage: [] });
    expect(server.stderr()).toBe('');
  });
});

describe('a second process on one data directory', () => {
  test.each(['', 'in/a/folder/with/a/path/that/no/socket/address/holds/'.repeat(3)])(
    'is refused with a clear message while the first lives: %s',
    async (below) => {
      const directory = join(await mkdtemp(join(tmpdir(), 'two-')), below);
      const first = await start(directory);
      const second = await start(directory);
      expect(second.code()).toBe(1);
      expect(second.stderr()).toContain('Another process uses the data directory');
      expect(second.stderr().trim().split('\n')).toHaveLength(1);
      expect(await healthOf(first)).toMatchObject({ ok: true });
      await first.stop('SIGKILL');
      const third = await start(directory);
      expect(await healthOf(third)).toMatchObject({ ok: true });
      await third.stop();
      expect((await healthOf(await start(directory)))['ok']).toBe(true);
    },
  );

  test('of several at once, after a crash too, one gets it', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'many-'));
    await (await start(directory)).stop('SIGKILL');
    const all = await Promise.all(Array.from({ length: 4 }, () => start(directory)));
    expect(all.filter((server) => server.running())).toHaveLength(1);
    expect(all.map((server) => server.code()).sort()).toEqual([1, 1, 1, null]);
  });
});

describe('one flipped bit', () => {
  test('in a package: it is named, the rest is served, and a device that has it restores it', async () => {
    let bundle = {} as Found;
    const directory = await hurt((segment, records) => {
      bundle = records.find(({ type }) => type === 'trust/bundle') as Found;
      flip(segment, bundle.end - 300);
    });
    const server = await start(directory);
    const { id, at, end } = bundle;
    const address = `${server.url}/v1/h/${id}`;
    expect(server.stderr()).toContain(`Damage in 000000.seg at octet ${at}`);
    expect(server.stderr()).toContain(id);
    const told = { segment: '000000.seg', offset: at, length: end - at, what: 'object', id };
    expect(await healthOf(server)).toMatchObject({
      ...{ ok: true, size: health['size'], damage: [{ ...told, restored: false }] },
    });
    expect(await code(address)).toBe('500 damaged');
    const reader = await device({ clock: it.clock, fetch });
    await reader.desk.join(await it.desk.trustBundle());
    expect((await syncedWith(it.desk, server)).problem).toBeNull();
    expect(await code(address)).toBe('200');
    expect((await syncedWith(reader.desk, server)).problem).toBeNull();
    await server.stop('SIGKILL');
    const again = await start(directory);
    expect(await code(`${again.url}/v1/h/${id}`)).toBe('200');
    expect(again.stderr()).toContain('its content is whole');
  });

  test('in an entry of the log: worked out again, and the log is the same', async () => {
    const directory = await hurt((segment, records) => {
      for (const { at, end } of records.filter(({ log }) => log)) flip(segment, (at + end) >> 1);
    });
    const server = await start(directory);
    const { damage, ...rest } = await healthOf(server);
    expect(rest).toEqual({
      ok: health['ok'],
      size: health['size'],
      key: health['key'],
      keys: health['keys'],
      timeStamps: false,
    });
    expect(damage).toHaveLength(health['size'] as number);
    expect((await syncedWith(it.desk, server)).problem).toBeNull();
  });

  test('under a running process: the object is not given as if it were whole', async () => {
    let found = {} as Found;
    const directory = await hurt(() => {});
    const server = await start(directory);
    const path = join(directory, 'segments', '000000.seg');
    const segment = await readFile(path);
    found = recordsOf(segment).find(({ type }) => type === 'trust/bundle') as Found;
    flip(segment, found.end - 300);
    await writeFile(path, segment);
    expect(await code(`${server.url}/v1/h/${found.id}`)).toBe('500 damaged');
    expect(server.stderr()).toContain(found.id);
    expect(await healthOf(server)).toMatchObject({ damage: [{ id: found.id }] });
  });
});

describe('an entry of the log that is gone', () => {
  test.each([
    ['overwritten', (segment: Buffer, { at, end }: Found) => segment.fill(0xaa, at, end)],
    [
      'of which nothing but the frame is left',
      (segment: Buffer, { at, end }: Found) => segment.fill(0xaa, at + 40, end),
    ],
  ])('%s: nothing is logged over it, no checkpoint signed, objects are given', async (_, act) => {
    let bundle = {} as Found;
    const directory = await hurt((segment, records) => {
      bundle = records.find(({ type }) => type === 'trust/bundle') as Found;
      const entries = records.filter(({ log }) => log);
      act(segment, entries[entries.length >> 1] as Found);
    });
    const server = await start(directory);
    expect(server.stderr()).toContain('Entries of the log are lost');
    expect(await code(`${server.url}/v1/healthz`)).toBe('503');
    expect(await code(`${server.url}/v1/checkpoint`)).toBe('503 log-damaged');
    expect(await code(`${server.url}/v1/tile/entries/000.p/1`)).toBe('503 log-damaged');
    expect(await code(`${server.url}/v1/heads`, { method: 'POST', body: '[]' })).toBe(
      '503 log-damaged',
    );
    const put = { method: 'PUT', body: 'x' };
    expect(await code(`${server.url}/v1/h/${'0'.repeat(64)}`, put)).toBe('503 log-damaged');
    expect(await code(`${server.url}/v1/h/${bundle.id}`)).toBe('200');
  });
});
