import { beforeAll, describe, expect, test } from 'vitest';
import { readLicenceToken } from '../../src/licence/index.ts';
import { extractAttachment, verifyPdf } from '../../src/pdf/index.ts';
import { bindSeal, type Device, device, filledDraft, NAMES, pilot, submitted } from './device.ts';

describe.each(['P-256', 'SM2'] as const)('a whole case on one device, suite %s', (suite) => {
  let it: Device;
  let caseId: string;

  beforeAll(async () => {
    it = await pilot(undefined, suite);
  }, 60_000);

  test('the pilot has its people, and nobody sits at the desk', async () => {
    const overview = await it.desk.overview();
    expect(overview.deployment?.pilot).toBe(true);
    expect(overview.current).toBeNull();
    const roles = new Set(overview.people.flatMap((person) => person.roles));
    expect([...roles].sort()).toEqual(
      [
        'enterprise',
        'first-review',
        'inspector',
        'issuer',
        'registrar',
        'root',
        'seal-maker',
        'seal-reviewer',
        'second-review',
      ].sort(),
    );
    expect(overview.people.every((person) => person.certificate !== null)).toBe(true);
    await it.as(NAMES.enterprise);
    const { records } = await it.desk.trust();
    expect(records.refused).toEqual([]);
  });

  test('the enterprise is registered, and told that no seal is bound', async () => {
    await it.as(NAMES.enterprise);
    const binding = await it.desk.binding();
    expect(binding).toMatchObject({ registration: 'approved', state: 'none', compulsory: false });
  });

  test('a stamped application needs a bound seal', async () => {
    await it.as(NAMES.enterprise);
    const draft = await filledDraft(it.desk);
    await expect(it.desk.submitDraft(draft.id, 'seal')).rejects.toMatchObject({
      code: 'seal-not-bound',
    });
    expect(await it.desk.drafts()).toHaveLength(1);
    await it.desk.deleteDraft(draft.id);
  });

  test('the seal is applied for, reviewed, produced and bound', async () => {
    await bindSeal(it);
    await it.as(NAMES.enterprise);
    const binding = await it.desk.binding();
    expect(binding.state).toBe('bound');
    expect(binding.seal?.name).toBe(NAMES.enterprise);
    expect(binding.history.map((step) => step.type)).toEqual([
      'seal/apply',
      'seal/letter',
      'seal/approve',
      'seal/produce',
    ]);
  });

  test('an application is returned, corrected and passed', async () => {
    caseId = await submitted(it);
    expect(await it.desk.drafts()).toEqual([]);
    await it.as(NAMES.first);
    expect((await it.desk.reviewQueue('first')).map((each) => each.caseId)).toEqual([caseId]);
    const view = await it.desk.application(caseId);
    expect(view.report?.checks.filter((check) => check.severity === 'bad')).toEqual([]);
    expect(view.report?.verdict).toBe('TOTAL-PASSED');
    await it.desk.review('first', [caseId], 'return', ['合同号不清']);
    await it.as(NAMES.enterprise);
    expect((await it.desk.applications())[0]).toMatchObject({
      state: 'returned',
      reasons: ['合同号不清'],
    });
    const draft = await it.desk.correct(caseId);
    await it.desk.saveDraft({ ...draft, data: { ...draft.data, remarks: '合同号已更正' } });
    expect(await it.desk.submitDraft(draft.id, 'seal')).toBe(caseId);
    await it.as(NAMES.first);
    const outcome = await it.desk.review('first', [caseId], 'pass', []);
    expect(outcome).toEqual({ done: [caseId], refused: [] });
  });

  test('the second review, in a batch, issues the licence by itself', async () => {
    const other = await submitted(it);
    await it.as(NAMES.first);
    await it.desk.review('first', [other], 'pass', []);
    await it.as(NAMES.second);
    const outcome = await it.desk.review('second', [caseId, other], 'pass', []);
    expect(outcome.refused).toEqual([]);
    await it.as(NAMES.issuer);
    const numbers = (await it.desk.licenceRegister()).map((licence) => licence.number);
    expect(numbers.sort()).toEqual(['26-AA-000001', '26-AA-000002']);
  });

  test('the enterprise finds the sealed licence; PDF and token verify', async () => {
    await it.as(NAMES.enterprise);
    const licence = await it.desk.licence(caseId);
    expect(licence.state).toBe('in-force');
    const trust = await it.desk.verificationTrust();
    if (!trust || !licence.pdf || !licence.token) throw new Error('incomplete');
    const time = it.clock.now().toISOString();
    const report = await verifyPdf(licence.pdf, { trust, time });
    expect(report.signatures[0]).toMatchObject({ kind: 'certification', changes: 'none' });
    expect(report.signatures[0]?.seal).toMatchObject({ pictureMatches: true });
    expect(report.verdict).toBe('TOTAL-PASSED');
    const token = await readLicenceToken(licence.token, { trust, time });
    expect(token.verdict).toBe('valid');

    // One issuer: on paper, on its seal, by its certificate, in the code.
    const { authority } = trust;
    const face = await extractAttachment(licence.pdf, 'licence.json');
    const printed = JSON.parse(new TextDecoder().decode(face ?? undefined)) as {
      authority: unknown;
    };
    expect(printed.authority).toEqual(authority);
    expect(token.licence?.authority).toEqual(authority);
    expect(report.signatures[0]?.seal?.name).toBe(authority.zh);
    expect(report.signatures[0]?.signer?.organization).toBe(authority.zh);
  });

  test('prints are counted: two originals are the sealed file, copies show fog and no signature', async () => {
    await it.as(NAMES.enterprise);
    const sealed = (await it.desk.licence(caseId)).pdf;
    for (const left of [2, 1]) {
      expect((await it.desk.licence(caseId)).prints.left).toBe(left);
      const { pdf } = await it.desk.printLicence(caseId, 'original');
      expect(pdf).toEqual(sealed);
    }
    await expect(it.desk.printLicence(caseId, 'original')).rejects.toMatchObject({
      code: 'record-refused',
      params: { detail: 'prints-spent' },
    });
    const one = await it.desk.printLicence(caseId, 'copy');
    const two = await it.desk.printLicence(caseId, 'copy');
    expect((await verifyPdf(one.pdf, {})).integrity).toBe('unsigned');
    expect(two.pdf).not.toEqual(one.pdf);
    const { prints, history } = await it.desk.licence(caseId);
    expect(prints).toEqual({ originals: 2, copies: 2, left: 0 });
    expect(history.filter(({ type }) => type === 'licence/print')).toHaveLength(4);
  }, 30_000);

  test('an inspector records a use, and a second one of the same declaration is refused', async () => {
    await it.as(NAMES.inspector);
    const [licence] = (await it.desk.licenceRegister()).filter((each) => each.caseId === caseId);
    const number = licence?.number ?? '';
    const use = { declaration: '420020261000000001', customs: '4200', date: '2026-03-02' };
    for (const [change, detail] of [
      [{ declaration: 'abc' }, 'declaration-form'],
      [{ customs: '5300' }, 'port-not-named'],
      [{ date: '2026-03-01' }, 'use-before-issue'],
      [{ date: '2026-03-03' }, 'use-in-future'],
      [{ quantity: '0' }, 'quantity-form'],
      [{ quantity: '1,5' }, 'quantity-form'],
      [{ quantity: '0999999' }, 'quantity-exceeded'],
    ] as const) {
      await expect(
        it.desk.recordUse(number, { ...use, quantity: '1', ...change }),
      ).rejects.toMatchObject({ code: 'record-refused', params: { detail } });
    }
    await it.desk.recordUse(number, { ...use, quantity: ' 0１00 ' });
    await expect(it.desk.recordUse(number, { ...use, quantity: '100' })).rejects.toMatchObject({
      code: 'record-refused',
      params: { detail: 'declaration-twice' },
    });
    expect((await it.desk.licenceRegister()).find((each) => each.number === number)).toMatchObject({
      state: 'partially-used',
      used: '100',
    });
  });

  test('a revoked licence is revoked in the token too', async () => {
    await it.as(NAMES.issuer);
    const { token } = await it.desk.licence(caseId);
    await it.desk.revokeLicence(caseId, '企业申请撤销');
    expect((await it.desk.licence(caseId)).state).toBe('revoked');
    const trust = await it.desk.verificationTrust();
    if (!trust || !token) throw new Error('incomplete');
    const time = it.clock.now().toISOString();
    expect((await readLicenceToken(token, { trust, time })).verdict).toBe('revoked');
  });

  test('nothing was refused on the way but what had to be', async () => {
    const { records } = await it.desk.trust();
    expect(records.refused).toEqual([]);
  });
});

describe('a fresh device', () => {
  test('refuses what needs a deployment, in its own words', async () => {
    const { desk } = await device();
    expect((await desk.overview()).deployment).toBeNull();
    await expect(desk.binding()).rejects.toMatchObject({ code: 'nobody-here' });
    await expect(desk.trust()).rejects.toMatchObject({ code: 'no-deployment' });
    await expect(desk.join(new Uint8Array([1, 2, 3]))).rejects.toMatchObject({
      code: 'bundle-unreadable',
    });
  });
});
