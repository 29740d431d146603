/** An OFD document: every signature in it, and whether they protect all that it shows. */
import { type OfdReport, verifyOfd } from '../../../ofd/index.ts';
import { algorithmsOf } from '../../../pki/index.ts';
import { isShowable } from '../../../seal/index.ts';
import type { CheckedFile, Situation } from '../checked-file.ts';
import { notPassed } from '../situation.ts';
import type { Check } from '../verify.worker.ts';

export const check: Check = async ({ bytes, trust }) => {
  const report = await verifyOfd(bytes, trust ? { trust } : {});
  const signers: CheckedFile['signers'] = report.signatures.map((signature) => ({
    field: signature.field,
    name: signature.signer?.name ?? '',
    subject: signature.signer?.subject ?? '',
    organization: signature.signer?.organization ?? null,
    uscc: signature.signer?.uscc ?? null,
    verdict: signature.verdict,
    integrity: signature.integrity,
    subIndication: signature.subIndication ?? null,
    time: signature.time ?? null,
    timeProven: signature.timeProven,
    sealName: signature.seal?.name ?? null,
    algorithms: signature.certificate ? algorithmsOf(signature.certificate) : null,
    scope: { coverage: signature.coverage, changes: signature.changes, files: signature.files },
  }));
  const last = signers.at(-1);
  const shown = report.signatures.findLast(({ seal }) => seal)?.seal;
  return {
    situation: situationOfOfd(report),
    integrity: report.integrity,
    verdict: report.verdict,
    findings: report.findings,
    signers,
    // A picture beside a bad verdict would say more than the words.
    seal:
      shown && report.integrity === 'intact'
        ? {
            name: shown.name,
            version: String(shown.version ?? ''),
            validStart: shown.validStart,
            validEnd: shown.validEnd,
            picture: shown.picture && isShowable(shown.picture) ? { ...shown.picture } : null,
          }
        : null,
    params: {
      who: last?.name || last?.organization || '',
      list: report.unprotected.slice(0, 3).join('、'),
    },
  };
};

export function situationOfOfd(report: OfdReport): Situation {
  const said = (code: string) => report.findings.some((finding) => finding.code === code);
  switch (report.integrity) {
    case 'unreadable':
      return said('OFD_ENCRYPTED') ? 'encrypted' : 'unreadable';
    case 'unsigned':
      return said('OFD_ENCRYPTED') ? 'encrypted' : 'no-signature';
    case 'broken':
      return 'not-genuine';
    case 'modified':
      return 'changed';
    case 'unchecked':
      if (said('OFD_ENCRYPTED')) return 'encrypted';
      return report.signatures.some(({ findings }) => findings.some(isUncomputed))
        ? 'not-computed'
        : 'not-covered';
  }
  if (report.verdict === 'TOTAL-PASSED') return 'good';
  const worst =
    report.signatures.find(({ verdict }) => verdict === 'TOTAL-FAILED') ??
    report.signatures.find(({ verdict }) => verdict === 'INDETERMINATE');
  return notPassed(report.verdict, worst?.subIndication, report.findings);
}

const isUncomputed = ({ code }: { code: string }): boolean =>
  /^(OFD_(DIGEST_UNKNOWN|ALGORITHM_UNKNOWN|NO_CERTIFICATE)|SEAL_ALG)$/.test(code);
