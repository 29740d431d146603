import { PDFDocument } from 'pdf-lib';
import { beforeAll, describe, expect, test } from 'vitest';
import { verifyPdf } from '../../src/pdf/index.ts';
import { basePdf } from '../pdf/fixtures/base.ts';
import { type Device, device, findings, NAMES, SCAN, submitted } from './device.ts';

describe('stamping files from elsewhere', () => {
  let it: Device;
  let pdf: Uint8Array;

  beforeAll(async () => {
    it = await device();
    await it.desk.createPilot({ lang: 'zh-CN' });
    await it.as(NAMES.enterprise);
    const form = { kind: 'round', name: NAMES.enterprise, lower: '', code: '' } as const;
    const caseId = await it.desk.applyForSeal(form);
    await it.desk.sendLetter(caseId, SCAN, findings(caseId));
    await it.as(NAMES.sealReviewer);
    await it.desk.decideSeal(caseId, true, []);
    await it.as('周砚');
    await it.desk.produceSeal(caseId);
    await it.as(NAMES.enterprise);
    pdf = await basePdf({});
  }, 60_000);

  const check = async (bytes: Uint8Array) => {
    const trust = await it.desk.verificationTrust();
    if (!trust) throw new Error('no trust');
    return verifyPdf(bytes, { trust, time: it.clock.now().toISOString() });
  };

  test('a point: the seal stands there in its true size, and the file verifies', async () => {
    const placement = { kind: 'point', page: 0, x: 300, y: 400 } as const;
    const { done, refused } = await it.desk.stampFiles(
      [{ name: 'a.pdf', bytes: pdf, placement }],
      '盖章',
    );
    expect(refused).toEqual([]);
    expect(done[0]?.name).toBe('a-sealed.pdf');
    const report = await check(done[0]?.bytes as Uint8Array);
    expect(report).toMatchObject({ integrity: 'intact', verdict: 'TOTAL-PASSED' });
    expect(report.signatures[0]?.seal).toMatchObject({
      name: NAMES.enterprise,
      pictureMatches: true,
    });
    const [left = 0, , right = 0] = report.signatures[0]?.rect ?? [];
    expect((left + right) / 2).toBeCloseTo(300, 0);
    const seal = await it.desk.stampSeal();
    expect(right - left).toBeCloseTo(((seal?.widthMm ?? 0) * 72) / 25.4, 0);
  });

  test('of a batch, one broken file and one short of pages hold up none of the others', async () => {
    const point = { kind: 'point', page: 0, x: 200, y: 200 } as const;
    const { done, refused } = await it.desk.stampFiles(
      [
        { name: 'broken.pdf', bytes: pdf.subarray(0, 300), placement: point },
        { name: 'good.pdf', bytes: pdf, placement: point },
        { name: 'far.pdf', bytes: pdf, placement: { ...point, page: 99 } },
        { name: 'field.pdf', bytes: new Uint8Array([1, 2, 3]), placement: { kind: 'seam' } },
      ],
      '盖章',
    );
    expect(done.map(({ name }) => name)).toEqual(['good-sealed.pdf']);
    expect(refused.map(({ index, refusal }) => [index, refusal.code])).toEqual([
      [0, 'pdf-unreadable'],
      [2, 'pdf-page'],
      [3, 'pdf-unreadable'],
    ]);
  });

  test('an encrypted file is sealed with its password, and not without', async () => {
    const plain = await PDFDocument.load(pdf);
    const permissions = { modifying: true, annotating: true, fillingForms: true };
    plain.encrypt({ userPassword: 'open sesame', ownerPassword: 'owner', permissions });
    const bytes = await plain.save();
    const placement = { kind: 'point', page: 0, x: 300, y: 400 } as const;
    const { done, refused } = await it.desk.stampFiles(
      [
        { name: 'shut.pdf', bytes, placement },
        { name: 'open.pdf', bytes, placement, password: 'open sesame' },
      ],
      '盖章',
    );
    expect(refused.map(({ refusal }) => refusal.code)).toEqual(['pdf-encrypted']);
    const sealed = done[0]?.bytes as Uint8Array;
    expect((await verifyPdf(sealed)).findings[0]?.code).toBe('password-needed');
    const trust = (await it.desk.verificationTrust()) ?? undefined;
    const time = it.clock.now().toISOString();
    const report = await verifyPdf(sealed, {
      ...(trust ? { trust } : {}),
      time,
      password: 'open sesame',
    });
    expect(report).toMatchObject({ integrity: 'intact', verdict: 'TOTAL-PASSED' });
    expect(report.signatures[0]?.seal?.pictureMatches).toBe(true);
  });

  test('whoever has no seal stamps nothing', async () => {
    await it.as(NAMES.first);
    expect(await it.desk.stampSeal()).toBeNull();
    await expect(it.desk.stampFiles([], '盖章')).rejects.toMatchObject({ code: 'seal-not-bound' });
    await it.as('许证');
    expect(await it.desk.stampSeal()).not.toBeNull();
  });

  test('issued by itself without the stamp that is wanted: noted until an issuer has seen it', async () => {
    await it.as(NAMES.root);
    await it.desk.publishTrust({ timeStamp: 'wanted' });
    const caseId = await submitted(it);
    await it.as(NAMES.first);
    await it.desk.review('first', [caseId], 'pass', []);
    await it.as(NAMES.second);
    await it.desk.review('second', [caseId], 'pass', []);
    const noted = await it.desk.unstampedLicences();
    expect(noted).toMatchObject([{ caseId, reason: { code: 'tsp-none' } }]);
    await expect(it.desk.unstampedSeen([caseId])).rejects.toMatchObject({ code: 'not-permitted' });
    await it.as('许证');
    expect(noted[0]?.number).toBe((await it.desk.licence(caseId)).number);
    await it.desk.unstampedSeen([caseId]);
    expect(await it.desk.unstampedLicences()).toEqual([]);
  }, 30_000);
});
