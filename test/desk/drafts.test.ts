import { beforeAll, expect, test } from 'vitest';
import { type Device, filledDraft, NAMES, pilot } from './device.ts';

let it: Device;
beforeAll(async () => {
  it = await pilot();
  await it.as(NAMES.enterprise);
}, 60_000);

test('a save that comes after submitting does not bring the draft back', async () => {
  const draft = await filledDraft(it.desk);
  const submitting = it.desk.submitDraft(draft.id, 'plain');
  const late = it.desk.saveDraft(draft);
  await submitting;
  await expect(late).rejects.toMatchObject({ code: 'unknown-draft' });
  expect(await it.desk.drafts()).toEqual([]);
  await expect(it.desk.submitDraft(draft.id, 'plain')).rejects.toMatchObject({
    code: 'unknown-draft',
  });
  expect(await it.desk.applications()).toHaveLength(1);
});

test('a deleted draft comes back by undoing alone', async () => {
  const draft = await filledDraft(it.desk);
  await it.desk.deleteDraft(draft.id);
  await expect(it.desk.saveDraft(draft)).rejects.toMatchObject({ code: 'unknown-draft' });
  await it.desk.restoreDraft(draft);
  expect((await it.desk.drafts()).map(({ id }) => id)).toEqual([draft.id]);
});

test('a damaged attachment stops submitting, at its place, by its name', async () => {
  const [draft] = await it.desk.drafts();
  const [contract, ...rest] = draft!.attachments;
  const damaged = { ...contract!, name: '合同.pdf', bytes: new Uint8Array([1, 2, 0]), size: 3 };
  await it.desk.saveDraft({ ...draft!, attachments: [damaged, ...rest] });
  expect(await it.desk.checkDraft(draft!.id)).toEqual([
    {
      field: 'attachments.contract',
      code: 'attachment-damaged',
      severity: 'block',
      params: { name: '合同.pdf' },
    },
  ]);
  await expect(it.desk.submitDraft(draft!.id, 'plain')).rejects.toMatchObject({
    code: 'draft-incomplete',
  });
});
