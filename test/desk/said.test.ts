/** What does not work is told where it concerns somebody: by the outbox, at the case, on the licence. */
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { utf8 } from '../../src/crypto/index.ts';
import { differing } from '../../src/desk/contents-differ.ts';
import { DeskContext } from '../../src/desk/context.ts';
import type { Licence } from '../../src/licence/index.ts';
import type { TrustBundle } from '../../src/pki/index.ts';
import type { LicenceCaseState } from '../../src/workflow/index.ts';
import { bindSeal, Clock, type Device, device, FONTS, NAMES, pilot, submitted } from './device.ts';
import { serve } from './nine-devices.ts';

async function passed(it: Device): Promise<string> {
  const caseId = await submitted(it);
  await it.as(NAMES.first);
  await it.desk.review('first', [caseId], 'pass', []);
  await it.as(NAMES.second);
  await it.desk.review('second', [caseId], 'pass', []);
  return caseId;
}

describe('contents of an issue that are not what its head says (contents-differ)', () => {
  let it: Device;
  let found: LicenceCaseState;
  let pdf: Uint8Array;
  let trust: TrustBundle;

  beforeAll(async () => {
    it = await pilot();
    await bindSeal(it);
    const caseId = await passed(it);
    const { id } = await it.as(NAMES.enterprise);
    const context = new DeskContext({
      store: it.store,
      now: it.clock.now,
      loadFont: async (name) => FONTS[name],
    });
    await context.vault.unlock(id, { kind: 'device' });
    context.seat(id);
    found = [...(await context.state()).licences.values()][0] as LicenceCaseState;
    trust = await context.bundle();
    const view = await it.desk.licence(caseId);
    expect(view.differs).toEqual([]);
    pdf = view.pdf as Uint8Array;
  });

  test('what was issued as it was reviewed is no finding', async () => {
    expect(found.licence).not.toBeNull();
    expect(await differing(found, pdf, trust)).toEqual([]);
  });

  test('gold instead of ore is one, in licence, token and PDF alike', async () => {
    const { licence } = found as { licence: Licence };
    const gold = { ...licence, goods: { ...licence.goods, name: '黄金' } };
    expect(await differing({ ...found, licence: gold }, pdf, trust)).toEqual([
      'licence',
      'token',
      'pdf',
    ]);
  });

  test.each([
    ['another number', { number: '26-X-1' }],
    ['a later end', { validUntil: '2099-01-01' }],
    ['more uses', { maxUses: 99 }],
  ])('%s than the head says is one', async (_, change) => {
    const licence = { ...(found.licence as Licence), ...change };
    expect(await differing({ ...found, licence }, pdf, trust)).toContain('licence');
  });

  test('another token, or a PDF with one octet changed, is one by itself', async () => {
    const token = `${found.token?.slice(0, -1)}${found.token?.endsWith('A') ? 'B' : 'A'}`;
    expect(await differing({ ...found, token }, pdf, trust)).toEqual(['token']);
    const changed = pdf.slice();
    changed[changed.length - 8] = (changed[changed.length - 8] as number) ^ 1;
    expect(await differing(found, changed, trust)).toEqual(['pdf']);
    expect(await differing(found, utf8('no PDF'), trust)).toEqual(['pdf']);
  });
});

describe('a licence that is not issued by itself says why', () => {
  test('on the issue page and at the case, until it is issued', async () => {
    const it = await pilot();
    await bindSeal(it);
    await it.as(NAMES.root);
    await it.desk.publishTrust({ timeStamp: 'required' });
    const caseId = await passed(it);
    await it.as(NAMES.issuer);
    expect((await it.desk.issueQueue())[0]?.held?.code).toBe('time-stamp-required');
    await it.as(NAMES.enterprise);
    expect((await it.desk.application(caseId)).held?.code).toBe('time-stamp-required');
    await it.as(NAMES.root);
    await it.desk.publishTrust({ timeStamp: 'none' });
    await it.as(NAMES.enterprise);
    expect(await it.desk.application(caseId)).toMatchObject({ state: 'issued', held: null });
  });
});

describe('an outbox that an endpoint does not take', () => {
  const clock = new Clock();
  let server: Awaited<ReturnType<typeof serve>>;
  afterAll(() => server.close());

  test('is listed with its reasons, holds up nothing, and is dropped by hand', async () => {
    server = await serve(await mkdtemp(join(tmpdir(), 'refused-')), clock);
    const owner = await device({ clock, fetch });
    await owner.desk.createPilot({ lang: 'zh-CN' });
    await owner.desk.setEndpoint(server.url);
    await owner.as(NAMES.root);
    expect((await owner.desk.syncNow()).refused).toEqual([]);
    // Somebody hands over a package of another deployment.
    const stranger = await pilot(clock);
    await bindSeal(stranger);
    const caseId = await submitted(stranger);
    await owner.desk.importPackages(await stranger.desk.exportPackages([caseId]));
    await owner.desk.publishTrust({});
    const { waiting, refused, problem } = await owner.desk.syncNow();
    expect([waiting, problem?.code]).toEqual([1, 'endpoint-refused']);
    expect(refused).toMatchObject([
      { type: 'application/submit', refusal: { params: { detail: 'deployment' } } },
    ]);
    const again = await device({ clock, store: owner.store });
    expect((await again.desk.overview()).sync.refused).toHaveLength(1);
    await owner.desk.dropWaiting(refused[0]?.id ?? '');
    expect(await owner.desk.syncNow()).toMatchObject({ waiting: 0, refused: [], problem: null });
    expect((await owner.desk.trust()).records.refused).toEqual([]);
    await expect(owner.desk.dropWaiting(refused[0]?.id ?? '')).rejects.toMatchObject({
      code: 'unknown-case',
    });
  });
});

describe('heads that are missing', () => {
  test('are counted at the case that needs them, and are no more once they come', async () => {
    const it = await pilot();
    await bindSeal(it);
    const caseId = await submitted(it);
    await it.as(NAMES.first);
    await it.desk.review('first', [caseId], 'pass', []);
    const other = await device({ clock: it.clock });
    const files = await it.desk.exportPackages('all');
    await other.desk.join(await it.desk.trustBundle());
    const opening = `${caseId}.asice`;
    await other.desk.importPackages(files.filter(({ name }) => name !== opening));
    expect(await other.desk.gaps()).toEqual([{ caseId, heads: 1, contents: 0, damaged: 0 }]);
    expect((await other.desk.overview()).sync.missing).toBe(1);
    await other.desk.importPackages(files.filter(({ name }) => name === opening));
    expect(await other.desk.gaps()).toEqual([]);
  });
});
