/** A package: integrity, signer, and the public part of its record. */
import { verifyPackage } from '../../../packages/index.ts';
import { notPassed } from '../situation.ts';
import type { Check } from '../verify.worker.ts';

export const check: Check = async ({ bytes, trust }) => {
  const report = await verifyPackage(bytes, { trust: trust ?? undefined });
  const intact = report.record !== null;
  const passed = report.verdict === 'TOTAL-PASSED';
  const signer = report.signer;
  return {
    situation: !intact
      ? 'not-genuine'
      : passed
        ? 'good-package'
        : notPassed(report.verdict, report.subIndication, report.findings),
    integrity: intact ? 'intact' : 'broken',
    verdict: report.verdict,
    findings: [...report.findings],
    record: report.record,
    signers: signer
      ? [
          {
            field: 'META-INF/signature001.p7s',
            name: signer.name,
            subject: signer.subject,
            organization: signer.organization,
            uscc: signer.uscc,
            verdict: report.verdict,
            integrity: 'intact',
            subIndication: report.subIndication ?? null,
            time: report.record?.at ?? null,
            timeProven: false,
            sealName: null,
            algorithms: report.algorithms ?? null,
          },
        ]
      : [],
    params: { who: signer?.name ?? signer?.organization ?? '' },
  };
};
