/** Role keys between devices: who joins reads old cases, who left reads nothing new. */
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { fromBase64 } from '../../src/crypto/index.ts';
import type { DeploymentRecord } from '../../src/desk/device-records.ts';
import { openPackage, readPackage } from '../../src/packages/index.ts';
import { fold, type RoleGroup, type State } from '../../src/workflow/index.ts';
import { Clock, type Device, device, filledDraft, NAMES, pilot } from './device.ts';
import { serve } from './nine-devices.ts';

const PASSWORD = 'correct horse battery';
const REVIEW: RoleGroup = 'review-and-issuing';
const carry = async (from: Device, to: Device) =>
  to.desk.importPackages(await from.desk.exportPackages('all'));

/** The state of a device, by heads alone. */
async function stateOf({ store }: Device): Promise<State> {
  const joined = (await store.record('settings', 'deployment')) as DeploymentRecord;
  const packages = await store.packages();
  const places = packages.flatMap(({ id, place }) =>
    place === null ? [] : [[id, place] as const],
  );
  return fold(
    packages.map(({ bytes }) => bytes),
    { trust: joined.bundle, trustId: joined.package, places: new Map(places) },
  );
}

async function applied(it: Device): Promise<string> {
  await it.as(NAMES.enterprise);
  const draft = await filledDraft(it.desk);
  return it.desk.submitDraft(draft.id, 'plain');
}

const goodsOf = async ({ desk }: Device, caseId: string) => (await desk.application(caseId)).goods;

describe('a reviewer who joins, and one who leaves', () => {
  let it: Device;
  let other: Device;
  let old: string;
  let person: string;

  beforeAll(async () => {
    const clock = new Clock();
    it = await pilot(clock);
    other = await device({ clock });
    await other.desk.join(await it.desk.trustBundle());
    old = await applied(it);
  }, 60_000);

  const here = () => other.desk.sitDown(person, { password: PASSWORD });

  test('the pilot has a key for every group, in the hands of every holder', async () => {
    const { roleKeys } = await it.desk.authority();
    expect(roleKeys.map(({ group }) => group)).toEqual([
      'registration-and-seals',
      REVIEW,
      'inspection',
    ]);
    for (const { key, holders, ended } of roleKeys) {
      expect(key?.id).toMatch(/^[0-9a-f]{64}$/);
      expect(holders.every(({ has }) => has)).toBe(true);
      expect(ended).toEqual([]);
    }
  });

  test('what the authority reads is enveloped to the role key and the party, to no person', async () => {
    const { store } = it;
    const { record } = await readPackage((await store.package(old))?.bytes as Uint8Array);
    const { roleKeys } = await stateOf(it);
    const key = roleKeys.find(({ group }) => group === REVIEW)?.id as string;
    expect(record.to).toContain(key);
    expect(record.to).toHaveLength(2);
  });

  test('until a holder hands the keys on, the newcomer is told who has to come online', async () => {
    await it.as(NAMES.sealReviewer);
    ({ person } = await other.desk.createStaff({ name: '新初', password: PASSWORD }));
    await here();
    const request = { name: '新初', serialNumber: '77', roles: ['first-review' as const] };
    const answer = await it.desk.issueStaff({ file: await other.desk.requestFile(), ...request });
    await other.desk.installCertificates(answer);
    await it.as(NAMES.root);
    const before = await it.desk.exportPackages('all');
    await it.desk.publishTrust({});
    // The bundle alone, before anybody of the group was online.
    const bundle = { name: 'bundle', bytes: await it.desk.trustBundle() };
    await other.desk.importPackages([...before, bundle]);
    await here();
    const { waitsForKeys } = await other.desk.overview();
    expect(waitsForKeys).toMatchObject([{ group: REVIEW, state: 'waiting' }]);
    expect(waitsForKeys[0]?.from).toContain(NAMES.first);
    expect(waitsForKeys[0]?.from).not.toContain('新初');
    const review = (await other.desk.authority()).roleKeys.find(({ group }) => group === REVIEW);
    expect(review?.holders.find(({ name }) => name === '新初')).toEqual({
      name: '新初',
      has: false,
    });
    expect(await goodsOf(other, old)).toBe('');
  }, 30_000);

  test('new reviewer reads old cases', async () => {
    await carry(it, other);
    await here();
    expect((await other.desk.overview()).waitsForKeys).toEqual([]);
    expect(await goodsOf(other, old)).not.toBe('');
    expect((await other.desk.application(old)).pdf).not.toBeNull();
    const { records } = await other.desk.trust();
    expect(records.refused).toEqual([]);
  }, 30_000);

  test('who left reads nothing new, and still what he read', async () => {
    const own = (await other.desk.overview()).people.find(({ id }) => id === person);
    const before = (await stateOf(it)).roleKeys.filter(({ group }) => group === REVIEW);
    await it.as(NAMES.sealReviewer);
    await it.desk.setRoles(own?.certificate ?? '', []);
    await it.as(NAMES.root);
    await it.desk.publishTrust({});
    const review = (await it.desk.authority()).roleKeys.find(({ group }) => group === REVIEW);
    expect(review).toMatchObject({ ended: [], earlier: before.length });
    expect(review?.holders.map(({ name }) => name)).not.toContain('新初');
    const fresh = await applied(it);
    await carry(it, other);
    await here();
    expect(await goodsOf(other, fresh)).toBe('');
    expect(await goodsOf(other, old)).not.toBe('');
    await it.as(NAMES.first);
    expect(await goodsOf(it, fresh)).not.toBe('');
    expect(await goodsOf(it, old)).not.toBe('');
  }, 60_000);
});

describe('the recovery key', () => {
  test('opens every role key of the deployment, those made before it too, and hands them on', async () => {
    const it = await pilot();
    const caseId = await applied(it);
    await it.as(NAMES.root);
    const { file, id } = await it.desk.makeRecoveryKey();
    await it.as(NAMES.first);
    const recovery = await recoveryKeyOf(file);
    const { roleKeys } = await stateOf(it);
    for (const { readers } of roleKeys) expect(readers).toContain(id);
    // With nothing else in hand: the role keys, then the case.
    const packages = await Promise.all(
      (await it.store.packages()).map(({ bytes }) => readPackage(bytes)),
    );
    const review = roleKeys.find(({ group }) => group === REVIEW);
    const grant = packages.find(
      (each) => review?.packages.includes(each.id) && each.record.type === 'trust/grant',
    );
    const opened = await openPackage(grant as never, recovery);
    const { pkcs8 } = (opened.body as { keys: { pkcs8: string }[] }).keys[0] as { pkcs8: string };
    const key = await decrypterOf(fromBase64(pkcs8) as Uint8Array);
    const head = packages.find((each) => each.id === caseId);
    expect((await openPackage(head as never, key)).body).not.toBeNull();
    await it.as(NAMES.root);
    expect(await it.desk.recoverRoleKeys(file)).toBe(3);
    const broken = it.desk.recoverRoleKeys(new Uint8Array([1, 2, 3]));
    await expect(broken).rejects.toMatchObject({ code: 'recovery-unusable' });
  }, 60_000);
});

async function decrypterOf(pkcs8: Uint8Array) {
  const { importKey, liveKey } = await import('../../src/keys/index.ts');
  const key = await liveKey(await importKey(pkcs8));
  return { spki: key.spki, agree: (point: Uint8Array) => key.agree(point) };
}

async function recoveryKeyOf(file: Uint8Array) {
  const { readPem } = await import('../../src/pki/index.ts');
  return decrypterOf(readPem(file)[0]?.der as Uint8Array);
}

describe('role-key-ended', () => {
  test('what waited for too long is enveloped and signed again, with what was built on it', async () => {
    const clock = new Clock();
    const it = await device({ clock, fetch });
    await it.desk.createPilot({ lang: 'zh-CN' });
    const directory = await mkdtemp(join(tmpdir(), 'role-key-ended-'));
    const endpoint = await serve(directory, clock);
    const other = await device({ clock, fetch });
    try {
      await other.desk.join(await it.desk.trustBundle());
      const firm = await it.as(NAMES.enterprise);
      const pfx = await it.desk.exportPerson(firm.id, PASSWORD, {});
      await carry(it, other);
      const { person } = await other.desk.importKey({
        files: [pfx],
        password: PASSWORD,
        newPassword: PASSWORD,
      });
      await other.desk.sitDown(person, { password: PASSWORD });
      for (const { desk } of [it, other]) await desk.setEndpoint(endpoint.url);
      await it.desk.syncNow();
      await other.desk.syncNow();
      const drafts = [await filledDraft(other.desk), await filledDraft(other.desk)] as const;
      const stays = await other.desk.submitDraft(drafts[0].id, 'plain');
      const taken = await other.desk.submitDraft(drafts[1].id, 'plain');
      await other.desk.withdraw(taken, '数量有误');

      const { people } = await it.desk.overview();
      const leaves = people.find(({ name }) => name === NAMES.first)?.certificate ?? '';
      await it.as(NAMES.sealReviewer);
      await it.desk.setRoles(leaves, []);
      await it.as(NAMES.root);
      await it.desk.publishTrust({});
      await it.desk.syncNow();
      await it.desk.syncNow();
      clock.pass(8);
      const { problem, waiting } = await other.desk.syncNow();
      expect({ problem, waiting }).toEqual({ problem: null, waiting: 0 });
      await it.as(NAMES.second);
      await it.desk.syncNow();
      const all = [...(await stateOf(it)).applications.values()];
      expect(all.map(({ state }) => state).sort()).toEqual(['submitted', 'withdrawn']);
      expect(all.map((each) => each.case)).not.toContain(stays);
      const [current] = all.filter(({ state }) => state === 'submitted');
      expect(await goodsOf(it, current?.case ?? '')).not.toBe('');
      const ids = (await stateOf(it)).roleKeys.filter(({ group }) => group === REVIEW);
      const stored = await it.store.package(current?.submission ?? '');
      const { record } = await readPackage(stored?.bytes as Uint8Array);
      expect(record.to).toContain(ids.at(-1)?.id);
      expect(record.to).not.toContain(ids.at(0)?.id);
    } finally {
      await endpoint.close();
    }
  }, 60_000);
});
