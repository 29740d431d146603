import { beforeAll, expect, it } from 'vitest';
import { isByIssuer, licenceInForce } from '../../src/app/workers/verify/licence-in-force.ts';
import { verifyPdf } from '../../src/pdf/index.ts';
import type { TrustBundle } from '../../src/pki/index.ts';
import { bindSeal, type Device, NAMES, pilot, submitted } from '../desk/device.ts';

let device: Device;
let caseId: string;
let pdf: Uint8Array;
let now: string;

beforeAll(async () => {
  device = await pilot();
  await bindSeal(device);
  caseId = await submitted(device);
  await device.as(NAMES.first);
  await device.desk.review('first', [caseId], 'pass', []);
  await device.as(NAMES.second);
  await device.desk.review('second', [caseId], 'pass', []);
  await device.as(NAMES.issuer);
  pdf = (await device.desk.licence(caseId)).pdf ?? new Uint8Array();
  now = device.clock.now().toISOString();
});

const trust = async (): Promise<TrustBundle> =>
  (await device.desk.verificationTrust()) as TrustBundle;

it('a licence that nobody revoked is in force until its day', async () => {
  const force = await licenceInForce(pdf, await trust(), now);
  expect(force).toMatchObject({ situation: 'licence-good', number: '26-AA-000001' });
  expect(force?.until).toMatch(/^\d{4}-\d\d-\d\d$/);
});

it('its day over, it is expired, whatever its seal says', async () => {
  const late = new Date(Date.parse(now) + 400 * 86_400_000).toISOString();
  expect(await licenceInForce(pdf, await trust(), late)).toMatchObject({
    situation: 'licence-expired',
  });
});

it('without a status list nothing is said of revocation', async () => {
  const bare = { ...(await trust()), statusLists: [] };
  expect(await licenceInForce(pdf, bare, now)).toMatchObject({ situation: 'licence-unchecked' });
});

it('a document that carries no licence is none', async () => {
  await device.as(NAMES.enterprise);
  const form = (await device.desk.application(caseId)).pdf ?? new Uint8Array();
  expect(form.length).toBeGreaterThan(1000);
  expect(await licenceInForce(form, await trust(), now)).toBeNull();
});

it('sealed by anybody but an issuer, what a file carries is no licence in force', async () => {
  const bundle = await trust();
  const report = await verifyPdf(pdf, { trust: bundle, time: now });
  expect(await isByIssuer(report, bundle)).toBe(true);
  const roster = bundle.roster.map((each) => ({ ...each, roles: ['inspector' as const] }));
  expect(await isByIssuer(report, { ...bundle, roster })).toBe(false);
  await device.as(NAMES.enterprise);
  const form = (await device.desk.application(caseId)).pdf ?? new Uint8Array();
  const stamped = await verifyPdf(form, { trust: bundle, time: now });
  expect(stamped.verdict).toBe('TOTAL-PASSED');
  expect(await isByIssuer(stamped, bundle)).toBe(false);
});

it('a revoked licence is revoked, though its seal stays whole', async () => {
  await device.as(NAMES.issuer);
  await device.desk.revokeLicence(caseId, '企业申请撤销');
  expect(await licenceInForce(pdf, await trust(), now)).toMatchObject({
    situation: 'licence-revoked',
  });
});
