/** An OFD document: every seal signature in it. */
import { verifyOfd } from '../../../ofd/index.ts';
import { describeCertificate } from '../../../pki/index.ts';
import type { CheckedFile } from '../checked-file.ts';
import { notPassed } from '../situation.ts';
import type { Check } from '../verify.worker.ts';

const CHANGED = /DIGEST|HASH|REFERENCE|CHANGED|DATA/;
const FORGED = /SIG$|SIGNATURE|PARSE/;

export const check: Check = async ({ bytes, trust }) => {
  const report = await verifyOfd(bytes, trust ? { trust } : {});
  const findings = [...report.findings, ...report.signatures.flatMap((each) => each.findings)];
  const errors = findings.filter(({ severity }) => severity === 'error');
  const changed = errors.some(({ code }) => CHANGED.test(code));
  const forged = errors.some(({ code }) => FORGED.test(code));
  const unsigned = report.verdict === 'NO-SIGNATURE';
  const unreadable = report.findings.some(({ code }) => code === 'OFD_PARSE');
  const signers: CheckedFile['signers'] = [];
  for (const { path, signer, verdict, time, seal } of report.signatures) {
    const described = signer ? await describeCertificate(signer) : null;
    const known = described?.ok ? described : null;
    signers.push({
      field: path,
      subject: known?.subject.text ?? '',
      organization: known?.organization ?? null,
      uscc: known?.uscc ?? null,
      verdict,
      integrity: verdict === 'TOTAL-FAILED' ? 'broken' : 'intact',
      subIndication: null,
      time,
      timeProven: false,
      sealName: seal?.name ?? null,
    });
  }
  const last = signers.at(-1);
  const integrity = unreadable
    ? 'unreadable'
    : unsigned
      ? 'unsigned'
      : changed
        ? 'modified'
        : forged
          ? 'broken'
          : 'intact';
  return {
    situation: unreadable
      ? 'unreadable'
      : unsigned
        ? 'no-signature'
        : changed
          ? 'changed'
          : forged
            ? 'not-genuine'
            : report.verdict === 'TOTAL-PASSED'
              ? 'good'
              : notPassed(report.verdict, undefined, findings),
    integrity,
    verdict: report.verdict,
    findings,
    signers,
    params: { who: last?.organization ?? last?.subject ?? '' },
  };
};
