/** Certificates in PEM, DER or PKCS #7, for looking at: each with its path and every check. */
import { certificatesIn } from '../../../pki/index.ts';
import type { CertificateChain, CheckedFile, Situation } from '../checked-file.ts';
import type { Check } from '../verify.worker.ts';
import { chainsOf } from './certificate-chains.ts';

export const check: Check = async ({ bytes, trust }) => {
  return reportOf(await chainsOf(certificatesIn(bytes), trust));
};

/** What a collection of certificates comes to: the first chain speaks for it. */
export function reportOf(
  found: Pick<CheckedFile, 'certificates' | 'chains'>,
): Partial<CheckedFile> {
  const [chain] = found.chains;
  if (!chain) return { situation: 'unreadable' };
  const { name, issuer } = chain.target;
  const passed = chain.anchored && chain.code === 'ok';
  return {
    ...found,
    situation: situationOf(chain),
    integrity: 'unsigned',
    verdict: passed ? 'TOTAL-PASSED' : 'INDETERMINATE',
    params: { who: name, issuer: issuer.text },
  };
}

function situationOf({ target, anchored, code }: CertificateChain): Situation {
  if (code === 'expired' || Date.parse(target.notAfter) < Date.now()) return 'certificate-expired';
  if (code === 'ok') return anchored ? 'certificate-good' : 'certificate-unknown';
  return code === 'no-path' ? 'certificate-unknown' : 'certificate-refused';
}
