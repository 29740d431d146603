/** A seal by itself: maker, validity and picture. */
import { isShowable, verifySeal } from '../../../seal/index.ts';
import { notPassed } from '../situation.ts';
import type { Check } from '../verify.worker.ts';

export const check: Check = async ({ bytes, trust }) => {
  const report = await verifySeal(bytes, trust ? { trust } : {});
  const { version, name, verdict, subIndication, findings, picture } = report;
  const maker = report.makerCertificate;
  const { algorithmsOf, describeCertificate } = await import('../../../pki/index.ts');
  const described = maker ? await describeCertificate(maker) : null;
  const made = described?.ok ? described : null;
  const certificates = [];
  for (const der of report.holderCertificates) {
    const holder = await describeCertificate(der);
    if (holder.ok) certificates.push(holder);
  }
  const forged = findings.some(({ code }) => /SEAL_(SIG|PARSE)|signature$/i.test(code));
  return {
    kind: 'seal',
    situation:
      version === null
        ? 'unreadable'
        : verdict === 'TOTAL-PASSED'
          ? 'good-seal'
          : verdict === 'TOTAL-FAILED' && forged
            ? 'not-genuine'
            : notPassed(verdict, subIndication, findings),
    integrity: version === null ? 'unreadable' : forged ? 'broken' : 'intact',
    verdict,
    findings: [...findings],
    certificates,
    seal: {
      name,
      version: String(version ?? ''),
      validStart: report.validStart,
      validEnd: report.validEnd,
      picture: picture && isShowable(picture) ? { ...picture } : null,
    },
    signers: made
      ? [
          {
            field: 'maker',
            name: made.name,
            subject: made.subject.text,
            organization: made.organization,
            uscc: made.uscc,
            verdict,
            integrity: forged ? 'broken' : 'intact',
            subIndication: subIndication ?? null,
            time: null,
            timeProven: false,
            sealName: name,
            algorithms: maker ? algorithmsOf(maker) : null,
          },
        ]
      : [],
    params: { who: made?.name || made?.organization || '', seal: name },
  };
};
