/** The seal of an enterprise at the desk: one at a time, its holder's copy, its uses, its care. */
import { beforeAll, describe, expect, test } from 'vitest';
import { recipientsOf } from '../../src/cms/index.ts';
import { fromBase64 } from '../../src/crypto/index.ts';
import type { Desk } from '../../src/desk/index.ts';
import { normalisedName, registrationChecks } from '../../src/desk/registration-checks.ts';
import { readPackage } from '../../src/packages/index.ts';
import { readCertificate } from '../../src/pki/index.ts';
import type { EnterpriseCase } from '../../src/workflow/index.ts';
import { basePdf } from '../pdf/fixtures/base.ts';
import {
  bindSeal,
  Clock,
  type Device,
  filledDraft,
  findings,
  NAMES,
  pilot,
  SCAN,
  submitted,
} from './device.ts';

const FORM = { kind: 'round', name: NAMES.enterprise, lower: '', code: '' } as const;
const REASON = '公章遗失，已登报';

const codeOf = (act: Promise<unknown>): Promise<string> =>
  act.then(
    () => 'done',
    (error: { code: string; params?: { detail?: string } }) => error.params?.detail ?? error.code,
  );

async function stamp({ desk, as }: Device): Promise<string> {
  await as(NAMES.enterprise);
  const draft = await filledDraft(desk);
  return codeOf(desk.submitDraft(draft.id, 'seal'));
}

describe('one seal', () => {
  let it: Device;
  let caseId: string;
  beforeAll(async () => {
    it = await pilot();
    caseId = await bindSeal(it);
  }, 60_000);

  test('a second one is not applied for while there is one', async () => {
    await it.as(NAMES.enterprise);
    expect(await codeOf(it.desk.applyForSeal(FORM))).toBe('seal-exists');
    const stored = (await it.store.packages()).length;
    expect(await codeOf(it.desk.applyForSeal(FORM))).toBe('seal-exists');
    expect((await it.store.packages()).length).toBe(stored);
  });

  test("only its holder opens the holder's copy, only those who make seals the other", async () => {
    await it.as(NAMES.enterprise);
    const made = (
      await Promise.all((await it.store.packages()).map(({ bytes }) => readPackage(bytes)))
    ).find(({ record }) => record.type === 'seal/produce');
    const names = [...(made?.files.keys() ?? [])];
    expect(names.sort()).toEqual(['holder-copy.cms', 'seal.der.p7m']);
    const serials = (name: string): string[] =>
      recipientsOf(made?.files.get(name) as Uint8Array).map((each) =>
        'serial' in each ? each.serial.toString() : 'role key',
      );
    const bundle = await it.desk.verificationTrust();
    const staff = (bundle?.roster ?? []).flatMap(({ encryption }) =>
      encryption ? [readCertificate(fromBase64(encryption) as Uint8Array).serial.toString()] : [],
    );
    expect(serials('holder-copy.cms')).toHaveLength(1);
    expect(staff).not.toContain(serials('holder-copy.cms')[0]);
    expect(serials('seal.der.p7m')).toEqual(['role key']);
    expect((await it.desk.binding()).seal?.name).toBe(NAMES.enterprise);
    await it.as(NAMES.first);
    expect(await it.desk.stampSeal()).toBeNull();
  });

  test('what it stamped is in its log, on the side of the authority too', async () => {
    const application = await submitted(it);
    const placement = { kind: 'point', page: 0, x: 300, y: 400 } as const;
    const file = { name: '合同.pdf', bytes: await basePdf({}), placement };
    const { done } = await it.desk.stampFiles([file], '盖章');
    expect(done).toHaveLength(1);
    const [document, form, ...more] = await it.desk.sealUses(caseId);
    expect(more).toEqual([]);
    expect(document).toMatchObject({ kind: 'document', name: '合同.pdf', caseId: null });
    expect(form).toMatchObject({ kind: 'application', caseId: application });
    expect(form?.digest).toMatch(/^[0-9a-f]{64}$/);
    expect(form?.name).toMatch(/^\d{8}-[0-9A-F]{8} /);
    expect(form).toMatchObject({ by: NAMES.enterprise, verdict: 'TOTAL-PASSED' });
    await it.as(NAMES.sealReviewer);
    const seen = await it.desk.sealUses(caseId);
    expect(seen.map(({ kind }) => kind)).toContain('application');
    // Who reviews seals reads no applications: time, seal and digest are known, the content is not.
    expect(seen.find(({ kind }) => kind === 'application')).toMatchObject({
      name: '',
      digest: form?.digest,
      verdict: null,
    });
    const row = (await it.desk.sealRegister()).find((each) => each.caseId === caseId);
    expect(row).toMatchObject({ shape: 'round', made: { esId: form?.esId } });
  });

  test('suspended it stamps nothing, resumed it does; each step has its reason in the history', async () => {
    await it.as(NAMES.enterprise);
    expect(await codeOf(it.desk.sealAct('suspend', '  '))).toBe('reasons-needed');
    await it.desk.sealAct('suspend', '公章外借');
    expect((await it.desk.binding()).state).toBe('suspended');
    expect(await stamp(it)).toBe('seal-not-bound');
    expect(await codeOf(it.desk.sealAct('suspend', REASON))).toBe('wrong-state');
    await it.desk.sealAct('resume', '已收回');
    const { state, history } = await it.desk.binding();
    expect(state).toBe('bound');
    expect(history.slice(-2).map(({ type, reasons }) => [type, ...reasons])).toEqual([
      ['seal/suspend', '公章外借'],
      ['seal/resume', '已收回'],
    ]);
    expect(await stamp(it)).toBe('done');
  });

  test('renewed before its end it goes on stamping, and the log keeps both', async () => {
    await it.as(NAMES.enterprise);
    const before = (await it.desk.binding()).seal?.esId;
    await it.desk.sealAct('renew', '即将到期');
    expect(await stamp(it)).toBe('done');
    await it.as(NAMES.sealMaker);
    await it.desk.produceSeal(caseId);
    await it.as(NAMES.enterprise);
    const after = (await it.desk.binding()).seal?.esId;
    expect(after).not.toBe(before);
    expect(await stamp(it)).toBe('done');
    const used = new Set((await it.desk.sealUses(caseId)).map(({ esId }) => esId));
    expect(used).toEqual(new Set([before, after]));
  });

  test('lost it is over: nothing stamped, not resumed, and another may be applied for', async () => {
    await it.as(NAMES.enterprise);
    await it.desk.sealAct('lost', REASON);
    expect(await codeOf(it.desk.sealAct('resume', REASON))).toBe('seal-not-bound');
    expect(await stamp(it)).toBe('seal-not-bound');
    expect((await it.desk.binding()).reasons).toEqual([REASON]);
    // What it stamped before stays valid.
    const filed = (await it.desk.sealUses(caseId)).filter(({ kind }) => kind === 'application');
    expect(filed.length).toBeGreaterThan(3);
    expect(new Set(filed.map(({ verdict }) => verdict))).toEqual(new Set(['TOTAL-PASSED']));
    await it.as(NAMES.enterprise);
    const next = await it.desk.applyForSeal(FORM);
    const scans = [
      { ...SCAN, name: 'IMG_1.png' },
      { ...SCAN, name: 'IMG_2.png' },
    ];
    await it.desk.keepScans(next, scans);
    expect(await it.desk.keptScans(next)).toEqual(scans);
    await it.as(NAMES.sealReviewer);
    expect(await it.desk.keptScans(next)).toEqual([]);
    await it.as(NAMES.enterprise);
    const many = Array.from({ length: 9 }, () => scans[0] as (typeof scans)[number]);
    expect(await codeOf(it.desk.keepScans(next, many))).toBe('scans-too-many');
    await it.desk.withdrawSeal(next, ' ');
    expect(await it.desk.keptScans(next)).toEqual([]);
    expect((await it.desk.binding()).state).toBe('withdrawn');
    const third = await it.desk.applyForSeal(FORM);
    await it.desk.keepScans(third, scans);
    await it.desk.sendLetter(third, SCAN, findings(third));
    expect(await it.desk.keptScans(third)).toEqual([]);
    await it.as(NAMES.sealReviewer);
    expect((await it.desk.sealQueue()).map((each) => each.caseId)).toEqual([third]);
    expect(await codeOf(it.desk.decideSeal(third, false, []))).toBe('reasons-needed');
    await it.desk.decideSeal(third, false, ['扫描件不清晰。']);
    await it.as(NAMES.enterprise);
    expect((await it.desk.binding()).state).toBe('rejected');
  });
});

test('revoked by the authority, with a reason that the enterprise reads', async () => {
  const it = await pilot();
  const caseId = await bindSeal(it);
  await it.as(NAMES.enterprise);
  expect(await codeOf(it.desk.revokeSeal(caseId, REASON))).toBe('not-permitted');
  await it.as(NAMES.sealReviewer);
  expect(await codeOf(it.desk.revokeSeal(caseId, ' '))).toBe('reasons-needed');
  await it.desk.revokeSeal(caseId, '印章制作有误。');
  await it.as(NAMES.enterprise);
  const { state, reasons } = await it.desk.binding();
  expect([state, ...reasons]).toEqual(['revoked', '印章制作有误。']);
  expect(await stamp(it)).toBe('seal-not-bound');
}, 60_000);

test('suspended by the authority: the enterprise reads why, and cannot lift it itself', async () => {
  const it = await pilot();
  const caseId = await bindSeal(it);
  await it.as(NAMES.enterprise);
  expect(await codeOf(it.desk.superviseSeal(caseId, 'suspend', REASON))).toBe('not-permitted');
  await it.as(NAMES.sealReviewer);
  expect(await codeOf(it.desk.superviseSeal(caseId, 'suspend', ' '))).toBe('reasons-needed');
  expect((await it.desk.producedSeal(caseId))?.name).toBe(NAMES.enterprise);
  await it.desk.superviseSeal(caseId, 'suspend', '印章使用情况需要核实。');
  await it.as(NAMES.enterprise);
  const { state, suspendedByAuthority, reasons } = await it.desk.binding();
  expect([state, suspendedByAuthority, ...reasons]).toEqual([
    'suspended',
    true,
    '印章使用情况需要核实。',
  ]);
  expect(await stamp(it)).toBe('seal-not-bound');
  expect(await codeOf(it.desk.sealAct('resume', REASON))).toBe('suspended-by-authority');
  await it.as(NAMES.sealReviewer);
  await it.desk.superviseSeal(caseId, 'resume', '已核实，无异常。');
  await it.as(NAMES.enterprise);
  expect(await it.desk.binding()).toMatchObject({ state: 'bound', suspendedByAuthority: false });
  expect(await stamp(it)).toBe('done');
}, 60_000);

test('past its end a seal stamps nothing, and the entry says so', async () => {
  const clock = new Clock();
  const it = await pilot(clock);
  await bindSeal(it);
  await it.as(NAMES.enterprise);
  clock.pass(365 * 3 + 30);
  expect((await it.desk.binding()).state).toBe('expired');
  expect(await stamp(it)).not.toBe('done');
}, 60_000);

describe('names at registration', () => {
  const firm = (uscc: string, name: string, nameEn = '', state = 'approved') =>
    ({
      case: uscc,
      uscc,
      name,
      state,
      change: null,
      form: { nameEn },
    }) as unknown as EnterpriseCase;
  const own = firm('91110000MA000TE137', '上海甲(进出口)有限公司', 'Jia Trading Co., Ltd.');
  const warned = (...others: EnterpriseCase[]) =>
    registrationChecks(own, [own, ...others])
      .filter(({ severity }) => severity !== 'ok')
      .map(({ code }) => code);

  test.each([
    ['甲（中国）有限公司', '甲(中国)有限公司'],
    ['ＡＢＣ 有限公司', 'abc有限公司'],
    ['Jia Trading Co., Ltd.', 'JIA TRADING CO LTD'],
  ])('%s is written %s too', (a, b) => {
    expect(normalisedName(a)).toBe(normalisedName(b));
  });

  test('equal, close and foreign names are told apart', () => {
    const other = '91310000MA1FL0T285';
    expect(warned()).toEqual([]);
    expect(warned(firm(other, '上海甲（进出口） 有限公司'))).toEqual(['name-taken']);
    expect(warned(firm(other, '上海甲进出口股份有限公司'))).toEqual(['name-near']);
    expect(warned(firm(other, '乙公司', 'JIA TRADING LIMITED'))).toEqual(['name-en-taken']);
    expect(warned(firm(other, '上海乙进出口有限公司', 'Yi Trading Ltd'))).toEqual([]);
    expect(warned(firm(other, own.name, '', 'rejected'))).toEqual([]);
    expect(warned({ ...own, case: 'again' })).toEqual(['registered-before']);
  });

  test('the registrar is told of them, and of a code that is there already', async () => {
    const it = await pilot();
    const { desk } = it;
    const register = async (name: string, uscc: string): Promise<void> => {
      const { person } = await desk.createEnterprise({ name, uscc, password: 'correct horse 1' });
      await desk.sitDown(person, { password: 'correct horse 1' });
      const form = { name, nameEn: '', uscc, address: '', contact: '', phone: '', email: '' };
      await desk.register(form);
    };
    await register(
      ` ${NAMES.enterprise.replace('有限公司', '（有限）公司')}`,
      '91310000MA1FL0T285',
    );
    await it.as(NAMES.sealReviewer);
    expect(await checksOf(desk)).toMatchObject({ 'name-taken': 'bad', 'registered-before': 'ok' });
  }, 60_000);
});

async function checksOf(desk: Desk): Promise<Record<string, string>> {
  const [first] = await desk.sealQueue();
  const { checks } = await desk.sealCase(first?.caseId ?? '');
  return Object.fromEntries(checks.map(({ code, severity }) => [code, severity]));
}
