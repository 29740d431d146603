/** A licence token as text, as `licence.txt` holds it: answered as the scan page answers. */
import { latin1 } from '../../../crypto/index.ts';
import { readLicenceToken, type TokenVerdict } from '../../../licence/index.ts';
import type { Situation } from '../checked-file.ts';
import type { Check } from '../verify.worker.ts';

const SITUATION: Record<TokenVerdict, Situation> = {
  valid: 'licence-good',
  invalid: 'not-genuine',
  expired: 'licence-expired',
  revoked: 'licence-revoked',
  suspended: 'licence-suspended',
  used: 'licence-used',
  'unknown-issuer': 'unknown-issuer',
  stale: 'licence-unchecked',
  'not-a-licence': 'unknown-kind',
  'no-code': 'unknown-kind',
};

/** What the signature says of the text: `stale` and the like do not break it. */
const BROKEN: ReadonlySet<TokenVerdict> = new Set(['invalid', 'not-a-licence', 'no-code']);

export const check: Check = async ({ bytes, trust }) => {
  const text = latin1(bytes).trim();
  const { verdict, licence, issuer, findings } = await readLicenceToken(
    text,
    trust ? { trust } : {},
  );
  const broken = BROKEN.has(verdict);
  const params: Record<string, string> = {};
  if (licence) Object.assign(params, { number: licence.number, until: licence.validUntil });
  if (issuer) params['who'] = issuer.name || issuer.organization || '';
  return {
    situation: SITUATION[verdict],
    integrity: broken ? 'broken' : 'intact',
    verdict: broken ? 'TOTAL-FAILED' : verdict === 'valid' ? 'TOTAL-PASSED' : 'INDETERMINATE',
    params,
    findings,
    token: text,
  };
};
