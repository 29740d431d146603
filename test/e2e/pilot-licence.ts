import type { Device } from './stage.ts';

/** A pilot on one device, from its first click to a licence in force. @returns the case */
export async function pilotLicence(device: Device): Promise<string> {
  await device.tryPilot();
  const enterprise = '示例进出口贸易有限公司';
  await device.applyForSeal();
  await device.sit('林清');
  await device.decide('/seal-review', 'approve');
  await device.sit('周砚');
  await device.decide('/seal-review', 'produce');
  await device.sit(enterprise);
  const caseId = await device.submitSample();
  await device.sit('沈初');
  await device.decide('/first-review', 'pass');
  await device.sit('何复');
  await device.go('/second-review');
  await device.click('select-all');
  await device.click('pass');
  await device.page.locator('dialog[open] [data-action="confirm"]').click();
  await device.noDialog();
  await device.sit('许证');
  await device.sit(enterprise);
  await device.go(`/licences/${caseId}`);
  await device.page.locator('[data-state="in-force"]').waitFor({ timeout: 60_000 });
  return caseId;
}
