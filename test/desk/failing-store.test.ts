import { describe, expect, test } from 'vitest';
import { type LocalStore, memoryStore, StoreRefusal } from '../../src/sync/index.ts';
import { bindSeal, type Device, device, filledDraft, NAMES, submitted } from './device.ts';

/** A store whose disk is full from some moment on. */
function failing(): { store: LocalStore; fail: (code: 'quota' | 'unavailable' | null) => void } {
  const inner = memoryStore();
  let failure: 'quota' | 'unavailable' | null = null;
  return {
    store: {
      ...inner,
      async commit(change) {
        if (failure) throw new StoreRefusal(failure);
        await inner.commit(change);
      },
      async update(namespace, id, change) {
        if (failure) throw new StoreRefusal(failure);
        await inner.update(namespace, id, change);
      },
    },
    fail: (code) => {
      failure = code;
    },
  };
}

async function broken(): Promise<{ it: Device; fail: ReturnType<typeof failing>['fail'] }> {
  const { store, fail } = failing();
  const it = await device({ store });
  await it.desk.createPilot({ lang: 'zh-CN' });
  return { it, fail };
}

describe('a store that fails', () => {
  test.each(['quota', 'unavailable'] as const)(
    '%s: nothing is lost, and it is said',
    async (code) => {
      const { it, fail } = await broken();
      await bindSeal(it);
      await it.as(NAMES.enterprise);
      const draft = await filledDraft(it.desk);
      const before = await it.store.packages();
      fail(code);
      await expect(it.desk.submitDraft(draft.id, 'seal')).rejects.toMatchObject({
        code: `storage-${code}`,
      });
      await expect(it.desk.saveDraft(draft)).rejects.toMatchObject({ code: `storage-${code}` });
      expect(await it.store.packages()).toHaveLength(before.length);
      expect(await it.desk.drafts()).toHaveLength(1);
      expect(await it.desk.applications()).toEqual([]);
      fail(null);
      await it.desk.submitDraft(draft.id, 'seal');
      expect(await it.desk.drafts()).toEqual([]);
      expect(await it.desk.applications()).toHaveLength(1);
    },
  );

  test('a licence number is burned with its package, or not at all', async () => {
    const { it, fail } = await broken();
    await bindSeal(it);
    const caseId = await submitted(it);
    await it.as(NAMES.root);
    await it.desk.publishTrust({ issuing: 'confirmed' });
    await it.as(NAMES.first);
    await it.desk.review('first', [caseId], 'pass', []);
    await it.as(NAMES.second);
    await it.desk.review('second', [caseId], 'pass', []);
    await it.as(NAMES.issuer);
    expect((await it.desk.issueQueue()).map((each) => each.caseId)).toEqual([caseId]);
    fail('quota');
    const outcome = await it.desk.issue([caseId]);
    expect(outcome.refused[0]?.refusal.code).toBe('storage-quota');
    expect(await it.store.records('numbers')).toEqual([]);
    fail(null);
    expect((await it.desk.issue([caseId])).done).toEqual([caseId]);
    expect((await it.desk.licenceRegister())[0]?.number).toBe('26-AA-000001');
  });

  test('two clicks take two numbers', async () => {
    const { it } = await broken();
    await bindSeal(it);
    const cases = [await submitted(it), await submitted(it)];
    await it.as(NAMES.root);
    await it.desk.publishTrust({ issuing: 'confirmed' });
    await it.as(NAMES.first);
    await it.desk.review('first', cases, 'pass', []);
    await it.as(NAMES.second);
    await it.desk.review('second', cases, 'pass', []);
    await it.as(NAMES.issuer);
    await Promise.all(cases.map((caseId) => it.desk.issue([caseId])));
    const licences = await it.desk.licenceRegister();
    expect(licences.map(({ number }) => number).sort()).toEqual(['26-AA-000001', '26-AA-000002']);
    expect(licences.every(({ state }) => state === 'in-force')).toBe(true);
  });
});
