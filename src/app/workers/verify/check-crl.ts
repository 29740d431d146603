/** A certificate revocation list, for looking at: whose it is, whether it is current, whom it names. */
import { describeCrl, normaliseTrust, readPem } from '../../../pki/index.ts';
import type { Situation } from '../checked-file.ts';
import type { Check } from '../verify.worker.ts';
import { check as checkCertificates } from './check-certificates.ts';

export const check: Check = async (job) => {
  const [first] = readPem(job.bytes);
  const { anchors, intermediates } = normaliseTrust(job.trust ?? undefined);
  const issuers = [...anchors.map(({ certificate }) => certificate), ...intermediates];
  const crl = first ? await describeCrl(first.der, issuers) : { ok: false as const };
  if (!crl.ok) return checkCertificates(job);
  const old = crl.nextUpdate !== null && Date.parse(crl.nextUpdate) < Date.now();
  const situation: Situation = old ? 'list-old' : crl.signedBy ? 'list-good' : 'list';
  return {
    crl,
    situation,
    integrity: 'unsigned',
    verdict: situation === 'list-good' ? 'TOTAL-PASSED' : 'INDETERMINATE',
    params: { issuer: crl.issuer.text, count: String(crl.size) },
  };
};
