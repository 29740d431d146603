/** Which piece of evidence answers for a certificate, and how old it is: for showing, not judging. */
import { equal } from '../crypto/index.ts';
import { readCertificate } from './certificate.ts';
import { checkCrl, checkOcsp } from './check-crl.ts';
import { crlOf } from './crl.ts';
import { readOcspResponse } from './ocsp.ts';

export interface RevocationEvidence {
  readonly status: 'good' | 'revoked';
  readonly kind: 'crl' | 'ocsp';
  /** ISO 8601; `nextUpdate` null where the evidence names none. */
  readonly thisUpdate: string;
  readonly nextUpdate: string | null;
}

const ISO = (ms: number): string => new Date(ms).toISOString();

/**
 * @param until of `performance.now()`: what is not looked at by then does not count
 * @param time moment at which the certificate is judged, ISO 8601; evidence from later counts, too
 * @returns the first that answers, OCSP before CRLs, a revocation before all; null where none does
 */
export async function revocationEvidence({
  ocsps,
  crls,
  until,
  ...asked
}: {
  /** DER each. */
  issuer: Uint8Array;
  target: Uint8Array;
  time: string;
  ocsps: readonly Uint8Array[];
  crls: readonly Uint8Array[];
  until: number;
}): Promise<RevocationEvidence | null> {
  const question = { ...asked, laterEvidence: true };
  let found: RevocationEvidence | null = null;
  const take = (next: RevocationEvidence): void => {
    if (found?.status !== 'revoked' && (!found || next.status === 'revoked')) found = next;
  };
  for (const response of ocsps) {
    if (performance.now() > until) break;
    const { status } = await checkOcsp({ ...question, response });
    if (status === 'UNKNOWN') continue;
    const { serial } = readCertificate(asked.target);
    const single = readOcspResponse(response).responses.find((one) => equal(one.serial, serial));
    if (single)
      take({ status: status === 'GOOD' ? 'good' : 'revoked', kind: 'ocsp', ...dates(single) });
  }
  for (const crl of crls) {
    if (performance.now() > until) break;
    const { status } = await checkCrl({ ...question, crl });
    if (status === 'UNKNOWN') continue;
    take({ status: status === 'GOOD' ? 'good' : 'revoked', kind: 'crl', ...dates(crlOf(crl)) });
  }
  return found;
}

const dates = (each: { thisUpdate: number; nextUpdate: number | null }) => ({
  thisUpdate: ISO(each.thisUpdate),
  nextUpdate: each.nextUpdate === null ? null : ISO(each.nextUpdate),
});
