import { createHash } from 'node:crypto';
import { mkdtemp, readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Desk, openDesk } from '../../src/desk/index.ts';
import { openEndpoint } from '../../src/endpoint/index.ts';
import { memoryStore } from '../../src/sync/index.ts';
import { findings, SCAN } from '../desk/device.ts';

const loadFont = (name: 'sans' | 'serif') =>
  readFile(`public/fonts/${name === 'sans' ? 'NotoSansSC-Regular' : 'NotoSerifSC-Bold'}.ttf`);

/** Serves an endpoint over a directory; `close` ends it as SIGTERM would. */
async function serve(directory: string) {
  const endpoint = await openEndpoint({ directory });
  const server: Server = createServer((request, response) => {
    void endpoint.handle(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  return {
    url: `http://127.0.0.1:${port}`,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await endpoint.close();
    },
  };
}

const deskOf = (): Promise<Desk> =>
  openDesk({ store: memoryStore(), now: () => new Date(), loadFont, fetch });

const seated = async (desk: Desk, name: string) => {
  const { people } = await desk.overview();
  await desk.sitDown(people.find((person) => person.name === name)?.id ?? '');
};

describe('the endpoint between two devices', () => {
  let directory: string;
  let server: Awaited<ReturnType<typeof serve>>;
  let authority: Desk;
  let bundle: Uint8Array;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'endpoint-'));
    server = await serve(directory);
    authority = await deskOf();
    await authority.createPilot({ lang: 'zh-CN' });
    bundle = await authority.trustBundle();
    await authority.setEndpoint(server.url);
    await seated(authority, '林清');
  });
  afterAll(() => server.close());

  it('takes what is signed by its deployment, logs it, and gives places', async () => {
    const before = (await authority.overview()).sync.waiting;
    expect(before).toBeGreaterThan(3);
    const state = await authority.syncNow();
    expect(state).toMatchObject({ state: 'idle', waiting: 0, problem: null, logSize: before });
    expect((await authority.trust()).records.refused).toEqual([]);
  });

  it('carries a registration and its answer, and gives restricted packages to recipients only', async () => {
    const enterprise = await deskOf();
    await enterprise.join(bundle);
    await enterprise.setEndpoint(server.url);
    const made = await enterprise.createEnterprise({
      name: '示例机械有限公司',
      uscc: '91310000MA1FL0T285',
      password: 'correct horse',
    });
    expect(made.recoveryCode).toMatch(/./);
    await enterprise.sitDown(made.person, { password: 'correct horse' });
    await enterprise.register({
      name: '示例机械有限公司',
      nameEn: 'Sample Machinery Co., Ltd.',
      uscc: '91310000MA1FL0T285',
      address: '上海市示例路 2 号',
      contact: '陈示例',
      phone: '021-00000000',
      email: 'a@example.com',
    });
    expect(await enterprise.syncNow()).toMatchObject({ state: 'idle', waiting: 0 });

    await authority.syncNow();
    const [registration] = await authority.sealQueue();
    expect(registration).toMatchObject({ kind: 'registration', uscc: '91310000MA1FL0T285' });
    const view = await authority.sealCase(registration?.caseId ?? '');
    expect(view.registration?.contact).toBe('陈示例');
    await authority.decideRegistration(view.caseId, true, []);
    await authority.syncNow();

    await enterprise.syncNow();
    expect(await enterprise.binding()).toMatchObject({ registration: 'approved', state: 'none' });

    // The seal is enveloped to staff, the holder's copy to its holder: both may fetch the package.
    const name = '示例机械有限公司';
    const caseId = await enterprise.applyForSeal({ kind: 'round', name, lower: '', code: '' });
    await enterprise.sendLetter(caseId, SCAN, findings(caseId));
    await enterprise.syncNow();
    await authority.syncNow();
    await authority.decideSeal(caseId, true, []);
    await seated(authority, '周砚');
    await authority.produceSeal(caseId);
    await authority.syncNow();
    await enterprise.syncNow();
    expect(await enterprise.binding()).toMatchObject({ state: 'bound', seal: { name } });

    // A stranger learns that packages exist, and gets none that is enveloped.
    const stranger = await deskOf();
    await stranger.join(bundle);
    await stranger.setEndpoint(server.url);
    const state = await stranger.syncNow();
    expect(state.problem).toBeNull();
    const all = await authority.exportPackages('all');
    const seen = await stranger.exportPackages('all');
    expect(seen.length).toBeLessThan(all.length);
  });

  it('refuses what is not a package, has another hash, or is not logged as it is', async () => {
    const junk = Buffer.from('junk');
    const hash = createHash('sha256').update(junk).digest('hex');
    const put = (id: string, body: BodyInit, kind = 'h') =>
      fetch(`${server.url}/v1/${kind}/${id}`, { method: 'PUT', body });
    expect((await put(hash, junk)).status).toBe(422);
    expect((await put('0'.repeat(64), junk)).status).toBe(422);
    // A content that no head names is nobody's.
    expect((await put(hash, junk, 'c')).status).toBe(409);
    expect((await fetch(`${server.url}/v1/h/${hash}`)).status).toBe(404);
    expect((await fetch(`${server.url}/v1/c/${hash}`)).status).toBe(404);
    expect((await fetch(`${server.url}/v1/nothing`)).status).toBe(404);
    const big = await fetch(`${server.url}/v1/c/${hash}`, {
      method: 'PUT',
      body: new Uint8Array(33 * 1024 * 1024),
    }).then(
      (response) => response.status,
      () => 409,
    );
    // Not even read: no head names it.
    expect(big).toBe(409);
  });

  it('refuses packages of another deployment', async () => {
    const other = await deskOf();
    await other.createPilot({ lang: 'en' });
    await other.setEndpoint(server.url);
    expect((await other.syncNow()).problem?.code).toBe('endpoint-refused');
  });

  it('keeps everything over a restart, and a device notices a rewound log', async () => {
    const { logSize } = await authority.syncNow();
    await server.close();
    server = await serve(directory);
    await authority.setEndpoint(server.url);
    const fresh = await authority.syncNow();
    expect(fresh).toMatchObject({ problem: null, logSize });

    const empty = await serve(await mkdtemp(join(tmpdir(), 'endpoint-')));
    const address = server.url;
    await server.close();
    const rewound = createServer((request, response) => {
      void fetch(`${empty.url}${request.url}`).then(async (answer) => {
        response.writeHead(answer.status).end(Buffer.from(await answer.arrayBuffer()));
      });
    });
    await new Promise<void>((resolve) =>
      rewound.listen(Number(new URL(address).port), '127.0.0.1', resolve),
    );
    const state = await authority.syncNow();
    expect(['endpoint-wrong-key', 'endpoint-rollback']).toContain(state.problem?.code);
    rewound.closeAllConnections();
    await new Promise((resolve) => rewound.close(resolve));
    await empty.close();
    server = await serve(directory);
  });

  it('says so when nobody answers, and keeps what waits', async () => {
    await authority.setEndpoint('http://127.0.0.1:9');
    const state = await authority.syncNow();
    expect(state.state).toBe('offline');
    expect(state.problem?.code).toBe('endpoint-offline');
  });
});
