import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Desk } from '../../src/desk/index.ts';
import { Clock, device } from './device.ts';
import { byEndpoint, byFiles, Deployment, FIRMS, serve, shuffled } from './nine-devices.ts';

const clock = new Clock();
const server = await serve(await mkdtemp(join(tmpdir(), 'nine-')), clock);
afterAll(() => server.close());

/** The same numbers each time. */
function sequence(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

describe.each([
  ['through the endpoint', byEndpoint(server)],
  ['by files in any order', byFiles(sequence(7))],
])('nine people on nine devices, %s', (_, carrier) => {
  const it = new Deployment(carrier, () => device({ clock, fetch }));
  const cases = { licence: '', corrected: '', refused: '', paper: '' };

  beforeAll(async () => {
    await it.found();
    await it.enrol(['one', 'two']);
    await it.at('sealMaker').produceAuthoritySeals();
    await it.exchange();
  }, 120_000);

  test('both enterprises have their seals', async () => {
    expect((await it.at('one').binding()).state).toBe('bound');
    expect((await it.at('two').binding()).state).toBe('bound');
  });

  test('four applications come to the first reviewer, and each enterprise learns its answer', async () => {
    cases.licence = await it.apply('one');
    cases.corrected = await it.apply('two');
    cases.refused = await it.apply('one');
    cases.paper = await it.apply('two', 'paper');
    await it.exchange();
    const queue = (await it.at('first').reviewQueue('first')).map(({ caseId }) => caseId);
    expect(queue).toEqual(Object.values(cases));
    const pass = await it.at('first').review('first', [cases.licence, cases.paper], 'pass', []);
    expect(pass.refused).toEqual([]);
    await it.at('first').review('first', [cases.corrected], 'return', ['合同号与附件不符']);
    await it.at('first').review('first', [cases.refused], 'refuse', ['不在许可范围']);
    await it.exchange();
    expect(await it.at('two').application(cases.corrected)).toMatchObject({
      state: 'returned',
      reasons: ['合同号与附件不符'],
    });
    expect(await it.at('one').application(cases.refused)).toMatchObject({
      state: 'refused',
      reasons: ['不在许可范围'],
    });
  });

  test('who is certified and on no roster yet is told so; then everything from before arrives', async () => {
    const file = await it.hire('late', '辛初审');
    const office = await it.office('registrar');
    const answer = await office.issueStaff({
      file,
      name: '辛初审',
      serialNumber: '',
      roles: ['first-review'],
    });
    await it.at('late').installCertificates(answer);
    await it.exchange();
    const before = await it.at('late').overview();
    expect(before.people[0]?.standing).toBe('not-on-roster');
    expect(await it.at('late').reviewQueue('first')).toEqual([]);
    await it.office('root');
    await office.publishTrust({});
    await it.exchange();
    const after = await it.at('late').overview();
    expect(after.people[0]?.standing).toBe('known');
    expect(after.sync.complete).toBe(true);
    // The keys of the group come from the device of a colleague, and with them what was submitted before.
    await it.exchange();
    expect((await it.at('late').overview()).sync.missing).toBe(0);
    expect(await it.at('late').application(cases.corrected)).toMatchObject({
      state: 'returned',
      unread: false,
    });
  });

  test('a reviewer who joins in the middle goes on with what was submitted before', async () => {
    const draft = await it.at('two').correct(cases.corrected);
    await it.at('two').submitDraft(draft.id, 'seal');
    await it.exchange();
    const pass = await it.at('late').review('first', [cases.corrected], 'pass', []);
    expect(pass).toMatchObject({ done: [cases.corrected], refused: [] });
    await it.exchange();
  });

  test('the licences are issued by themselves, the paper one is printed and collected', async () => {
    const all = [cases.licence, cases.paper, cases.corrected];
    expect(await it.at('second').review('second', all, 'pass', [])).toMatchObject({ refused: [] });
    await it.exchange();
    await it.at('issuer').issuePaper(cases.paper, 'P-000123');
    await it.at('issuer').collect(cases.paper, { name: '吴示例', document: '3101**********0011' });
    await it.exchange();
    expect((await it.at('one').licences()).map(({ state }) => state)).toEqual(['in-force']);
    expect(
      (await it.at('two').licences()).map(({ state, flow }) => `${state} ${flow}`).sort(),
    ).toEqual(['in-force electronic', 'in-force paper']);
  });

  test('a use that was recorded without a network is known to everybody later', async () => {
    const [licence] = await it.at('one').licences();
    const { number, ports, issuedOn } = licence as NonNullable<typeof licence>;
    const use = {
      declaration: '220120261000000012',
      customs: ports[0]?.code ?? '',
      date: issuedOn,
      quantity: '1000',
    };
    await it.at('inspector').recordUse(number, use);
    await it.exchange();
    expect((await it.at('one').licences())[0]).toMatchObject({ state: 'partially-used', uses: 1 });
  });

  /** What a device knows of the four cases, by their heads alone. */
  async function shown(desk: Desk): Promise<string[]> {
    const licences = await desk.licenceRegister();
    return Promise.all(
      Object.values(cases).map(async (caseId) => {
        const { state, uscc, licenceNumber } = await desk.application(caseId);
        const licence = licences.find(({ number }) => number === licenceNumber);
        const { used = '', uses = 0, quantity = '' } = licence ?? {};
        return [state, uscc, licenceNumber, licence?.state, used, uses, quantity].join(' ');
      }),
    );
  }

  test('all devices show the same state, and nothing is refused', async () => {
    const expected = await shown(it.at('issuer'));
    expect(expected.map((line) => line.split(' ')[0])).toEqual([
      'issued',
      'issued',
      'refused',
      'collected',
    ]);
    for (const [seat, { desk }] of it.seats) {
      const { records } = await desk.trust();
      expect([seat, records.refused]).toEqual([seat, []]);
      if (!(seat in FIRMS)) expect([seat, ...(await shown(desk))]).toEqual([seat, ...expected]);
    }
  });

  test('an invite of the first day leads to the trust data of today', async () => {
    const { desk } = await device({ clock, fetch });
    await desk.join(it.invite);
    const { sync, deployment } = await desk.overview();
    if (!carrier.endpoint) {
      expect([sync.endpoint, deployment?.seq]).toEqual([null, 1]);
      return;
    }
    expect(sync).toMatchObject({ endpoint: carrier.endpoint.url, state: 'idle', problem: null });
    expect(deployment?.seq).toBe((await it.at('root').trust()).seq);
  });

  test('a device that gets everything as files, in any order, shows the same', async () => {
    const files = new Map<string, Uint8Array>();
    for (const { desk } of it.seats.values()) {
      for (const { name, bytes } of await desk.exportPackages('all')) {
        const known = files.get(name);
        if (!known || known.length < bytes.length) files.set(name, bytes);
      }
    }
    const { desk } = await device({ clock });
    await desk.join(it.invite);
    const order = shuffled([...files], sequence(11));
    await desk.importPackages(order.map(([name, bytes]) => ({ name, bytes })));
    expect(await shown(desk)).toEqual(await shown(it.at('issuer')));
  });
});
