/** What a role should be able to do next, it can do: asked of the desk of whoever has the role. */

import type { Device } from './device.ts';
import { AUTHORITY_PASSWORD, FIRMS } from './people.ts';

/** @param forged cases that one of them opens: what is in those is the forger's affair */
export async function stillWorks(
  devices: readonly Device[],
  forged: ReadonlySet<string>,
): Promise<string[]> {
  const faults: string[] = [];
  const named = (name: string) => devices.find((each) => each.name === name) as Device;
  const reviewer = await named('first').as();
  for (const { caseId } of await reviewer.reviewQueue('first')) {
    if (forged.has(caseId)) continue;
    const { report, pdf } = await reviewer.application(caseId);
    if (!pdf || report?.verdict !== 'TOTAL-PASSED') {
      faults.push(`first review of ${caseId} has ${pdf ? report?.verdict : 'no document'}`);
    }
  }
  const second = await named('second').as();
  for (const { caseId } of await second.reviewQueue('second')) {
    if (forged.has(caseId)) continue;
    const { report, pdf, blocked } = await second.application(caseId);
    if (!pdf || blocked || report?.verdict !== 'TOTAL-PASSED') {
      faults.push(`second review of ${caseId} has ${pdf ? report?.verdict : 'no document'}`);
    }
  }
  const issuer = await named('issuer-a').as();
  for (const { caseId, flow } of await issuer.issueQueue()) {
    const { pdf, blocked } = await issuer.application(caseId);
    if (!pdf || blocked) faults.push(`the issuer cannot read the ${flow} case ${caseId}`);
  }
  const inspector = await named('inspector-a').as();
  for (const { caseId, number } of await inspector.licenceRegister()) {
    const { token, pdf } = await inspector.licence(caseId);
    if (!token || !pdf) faults.push(`the inspector cannot open ${number}`);
  }
  for (const firm of FIRMS) {
    const desk = await named(firm.device).as();
    const binding = await desk.binding();
    if (binding.state === 'bound' && !binding.seal && !binding.rebind) {
      faults.push(`${firm.device} cannot open its seal`);
    }
    for (const { caseId, state } of await desk.applications()) {
      if (forged.has(caseId)) continue;
      const view = await desk.application(caseId);
      if (!view.pdf) faults.push(`${firm.device} cannot open its application ${caseId}`);
      if (state === 'returned' && view.reasons.length === 0) {
        faults.push(`${firm.device} is not told why ${caseId} was returned`);
      }
    }
  }
  const registrar = await named('office').as(1);
  await registrar.openAuthority(AUTHORITY_PASSWORD).catch((error: Error) => {
    faults.push(`the registrar cannot open the authority: ${error.message}`);
  });
  return faults;
}
