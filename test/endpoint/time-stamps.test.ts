/** RFC 3161 through the endpoint: openssl's authority, a real endpoint, and a desk that seals. */
import { mkdtemp } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTimeStampRequest } from '../../src/cms/index.ts';
import type { Desk, StampLevel } from '../../src/desk/index.ts';
import { openEndpoint } from '../../src/endpoint/index.ts';
import { isAuthority } from '../../src/endpoint/time-stamp-relay.ts';
import { verifyPdf } from '../../src/pdf/index.ts';
import { signRequest } from '../../src/sync/index.ts';
import { identity } from '../cms/peers.ts';
import { bindSeal, Clock, type Device, device, NAMES, submitted } from '../desk/device.ts';
import { basePdf } from '../pdf/fixtures/base.ts';
import { type OpensslTsa, opensslTsa } from '../pdf/fixtures/openssl-tsa.ts';

const root = identity('relay-root', 'P-256');
const usage = 'keyUsage=critical,digitalSignature\nextendedKeyUsage=critical,timeStamping';
const tsa = identity('relay-tsa', 'P-256', root, usage);
const stranger = identity('relay-stranger', 'P-256');

async function listen(handle: Parameters<typeof createServer>[1]) {
  const server = createServer(handle as never);
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const { port } = server.address() as { port: number };
  const close = async () => {
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
  };
  return { url: `http://127.0.0.1:${port}`, close };
}

/** The authority stamps in real time, so the desk lives in it; its deployment is an hour older. */
class WallClock extends Clock {
  ahead = -3_600_000;
  override now = (): Date => new Date(Date.now() + this.ahead);
}

/** What the authority does; openssl answers by default. */
let mood: 'honest' | 'silent' | 'html' | 'flood' | 'elsewhere' = 'honest';
let authority: OpensslTsa;
let moody: Awaited<ReturnType<typeof listen>>;
let endpoint: Awaited<ReturnType<typeof openEndpoint>>;
let server: Awaited<ReturnType<typeof listen>>;
let it: Device;
let clock: WallClock;
let pdf: Uint8Array;

beforeAll(async () => {
  authority = await opensslTsa(tsa, root);
  moody = await listen(async (request, response) => {
    const body: Buffer[] = [];
    for await (const chunk of request) body.push(chunk as Buffer);
    if (mood === 'silent') return void request.socket.destroy();
    if (mood === 'html') return void response.end('<html>');
    if (mood === 'elsewhere') return void response.writeHead(307, { Location: server.url }).end();
    const type = { 'Content-Type': 'application/timestamp-reply' };
    if (mood === 'flood') {
      response.writeHead(200, type);
      for (let i = 0; i < 80; i++) response.write(Buffer.alloc(4096));
      return void response.end();
    }
    const headers = { 'Content-Type': request.headers['content-type'] ?? '' };
    const answer = await fetch(authority.address, {
      method: 'POST',
      headers,
      body: Buffer.concat(body),
    });
    response.writeHead(200, type).end(Buffer.from(await answer.arrayBuffer()));
  });
  clock = new WallClock();
  const directory = await mkdtemp(join(tmpdir(), 'relay-'));
  endpoint = await openEndpoint({ directory, now: clock.now, timeStamps: moody.url });
  server = await listen((request, response) => void endpoint.handle(request, response));
  it = await device({ clock, fetch });
  await it.desk.createPilot({ lang: 'zh-CN' });
  await bindSeal(it);
  await it.desk.setEndpoint(server.url);
  expect(await it.desk.syncNow()).toMatchObject({ state: 'idle', problem: null });
  clock.ahead = 0;
  pdf = await basePdf({});
}, 90_000);
afterAll(async () => {
  await server.close();
  await endpoint.close();
  await moody.close();
  await authority.close();
});

const publish = async (timeStamp: 'none' | 'wanted' | 'required', file?: Uint8Array) => {
  await it.as(NAMES.root);
  await it.desk.publishTrust({ timeStamp }, undefined, file);
};
const check = async (bytes: Uint8Array) => {
  const trust = await it.desk.verificationTrust();
  if (!trust) throw new Error('no trust');
  return verifyPdf(bytes, { trust, time: clock.now().toISOString() });
};
const stamp = async (level: StampLevel, desk: Desk = it.desk) => {
  await it.as(NAMES.enterprise);
  const placement = { kind: 'point', page: 0, x: 300, y: 400 } as const;
  const outcome = await desk.stampFiles([{ name: 'a.pdf', bytes: pdf, placement }], '盖章', {
    level,
  });
  return outcome.done[0] ?? outcome.refused[0]?.refusal.code;
};
const sealed = async (level: StampLevel) => {
  const done = await stamp(level);
  if (typeof done !== 'object') throw new Error(`refused: ${done}`);
  return done;
};

describe('sealing with time stamps through the endpoint', () => {
  test('an authority that the bundle does not name: the stamp is there, and proves nothing', async () => {
    await publish('wanted');
    const done = await sealed('T');
    expect(done).toMatchObject({ level: 'T', shortfall: null });
    const [signature] = (await check(done.bytes)).signatures;
    expect(signature).toMatchObject({ timeProven: false });
  });

  test.each(['B', 'T', 'LT', 'LTA'] as const)(
    '%s is reached, and proven to whoever trusts it',
    async (level) => {
      if (level === 'B') await publish('wanted', root.certificate);
      const done = await sealed(level);
      expect(done).toMatchObject({ level, shortfall: null });
      const report = await check(done.bytes);
      expect(report).toMatchObject({ integrity: 'intact', verdict: 'TOTAL-PASSED' });
      const [signature] = report.signatures;
      expect(signature).toMatchObject({ level: `B-${level}`, timeProven: level !== 'B' });
    },
  );

  test('a licence is issued with stamp and evidence inside what the seal covers', async () => {
    const caseId = await submitted(it);
    for (const [name, stage] of [
      [NAMES.first, 'first'],
      [NAMES.second, 'second'],
    ] as const) {
      await it.as(name);
      const { refused } = await it.desk.review(stage, [caseId], 'pass', []);
      expect(refused).toEqual([]);
    }
    await it.as(NAMES.issuer);
    const { pdf: licence } = await it.desk.licence(caseId);
    const report = await check(licence as Uint8Array);
    expect(report.verdict).toBe('TOTAL-PASSED');
    expect(report.signatures).toHaveLength(1);
    expect(report.signatures[0]).toMatchObject({
      level: 'B-LT',
      timeProven: true,
      coverage: 'file',
    });
    await it.as(NAMES.first);
    const view = await it.desk.application(caseId);
    const form = await check(view.pdf as Uint8Array);
    expect(form.signatures[0]).toMatchObject({ level: 'B-T', timeProven: true });
  });

  test.each([
    ['silent', 'tsp-unreachable'],
    ['html', 'tsp-answer'],
    ['flood', 'tsp-answer'],
    ['elsewhere', 'tsp-unreachable'],
  ] as const)(
    '%s: sealed at level B with a reason where a stamp is only wanted',
    async (now, code) => {
      mood = now;
      const done = await sealed('LT');
      expect(done).toMatchObject({ level: 'B', shortfall: { code } });
      expect((await check(done.bytes)).verdict).toBe('TOTAL-PASSED');
      mood = 'honest';
      clock.ahead += 61_000;
    },
  );

  test('required: a file is refused, a licence waits and is issued when the authority answers', async () => {
    await publish('required');
    mood = 'html';
    expect(await stamp('B')).toBe('time-stamp-required');
    const caseId = await submitted(it);
    for (const [name, stage] of [
      [NAMES.first, 'first'],
      [NAMES.second, 'second'],
    ] as const) {
      await it.as(name);
      await it.desk.review(stage, [caseId], 'pass', []);
    }
    await it.as(NAMES.issuer);
    expect((await it.desk.issueQueue()).map((each) => each.caseId)).toContain(caseId);
    const { refused } = await it.desk.issue([caseId]);
    expect(refused[0]?.refusal).toMatchObject({ code: 'time-stamp-required' });
    mood = 'honest';
    await it.desk.syncNow();
    expect((await it.desk.issueQueue()).map((each) => each.caseId)).not.toContain(caseId);
    const { pdf: licence } = await it.desk.licence(caseId);
    expect((await check(licence as Uint8Array)).signatures[0]?.level).toBe('B-LT');
    expect(await sealed('B')).toMatchObject({ level: 'T' });
  });

  test('offline: level B at once, and one silence is enough for a whole batch', async () => {
    await publish('wanted');
    await it.desk.setEndpoint('http://127.0.0.1:9');
    const placement = { kind: 'point', page: 0, x: 300, y: 400 } as const;
    await it.as(NAMES.enterprise);
    const files = [1, 2, 3].map((n) => ({ name: `${n}.pdf`, bytes: pdf, placement }));
    const { done } = await it.desk.stampFiles(files, '盖章', { level: 'LTA' });
    expect(done.map(({ level, shortfall }) => [level, shortfall?.code])).toEqual(
      Array(3).fill(['B', 'tsp-unreachable']),
    );
    await it.desk.setEndpoint(null);
    expect(await sealed('T')).toMatchObject({ level: 'B', shortfall: { code: 'tsp-none' } });
    await it.desk.setEndpoint(server.url);
  });
});

describe('POST /v1/tsp is no open relay', () => {
  const query = createTimeStampRequest({ hash: 'SHA-256', value: new Uint8Array(32) }, 7n);
  const address = () => `${server.url}/v1/tsp`;
  const headersOf = async (body: Uint8Array, over: { uri?: string; now?: Date } = {}) =>
    signRequest({
      method: 'POST',
      uri: address(),
      signer: stranger.signer,
      encryptionCertificate: null,
      body,
      now: clock.now(),
      ...over,
    });
  const post = (body: Uint8Array, headers: Record<string, string>) =>
    fetch(address(), {
      method: 'POST',
      body: new Uint8Array(body),
      headers: { 'Content-Type': 'application/timestamp-query', ...headers },
    }).then(({ status }) => status);

  test('nobody who is not certified is relayed, nor a body that was not signed', async () => {
    const asked = authority.asked;
    expect(await post(query, {})).toBe(401);
    expect(await post(query, await headersOf(query))).toBe(403);
    expect(await post(query, await headersOf(new Uint8Array([1])))).toBe(401);
    expect(await post(query, await headersOf(query, { uri: `${server.url}/v1/heads` }))).toBe(401);
    expect(await post(query, await headersOf(query, { now: new Date(0) }))).toBe(401);
    expect(await post(new Uint8Array(2000), {})).toBe(413);
    expect(await fetch(address()).then(({ status }) => status)).toBe(405);
    expect(authority.asked).toBe(asked);
  });

  test('an endpoint without an authority says so', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'relay-none-'));
    const bare = await openEndpoint({ directory });
    const place = await listen((request, response) => void bare.handle(request, response));
    const answer = await fetch(`${place.url}/v1/tsp`, { method: 'POST', body: 'x' });
    expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([
      404,
      'tsp-none',
    ]);
    await place.close();
    await bare.close();
  });

  test('TSA_URL is an http or https address without credentials', () => {
    expect(['http://tsa.example/tsr', 'https://a/'].every(isAuthority)).toBe(true);
    expect(['', 'tsa', 'ftp://a/', 'file:///etc', 'http://u:p@a/'].some(isAuthority)).toBe(false);
  });
});
