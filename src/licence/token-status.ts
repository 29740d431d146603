/** What dates and status lists say of a licence whose signature holds. */
import type { DeploymentPolicy, StatusSaid, Trust } from '../pki/index.ts';
import type { TokenLicence } from './token-layout.ts';
import { isExpired } from './validity.ts';

export type TokenVerdict =
  | 'valid'
  | 'invalid'
  | 'expired'
  | 'revoked'
  | 'suspended'
  | 'used'
  | 'unknown-issuer'
  | 'stale'
  | 'not-a-licence'
  | 'no-code';

/** Status and dates: what is final first, what is unknown last. */
export function statusVerdict(
  licence: TokenLicence,
  { time, trust, said }: { time: string; trust: Trust; said: StatusSaid },
): [verdict: TokenVerdict, code?: string, message?: string] {
  const { bundle } = trust;
  const { status } = said;
  if (status === 'revoked') return ['revoked', 'status-revoked', 'The licence is revoked.'];
  if (isExpired(licence.validUntil, time)) {
    return ['expired', 'token-expired', `The licence was valid until ${licence.validUntil}.`];
  }
  if (status === 'used') return ['used', 'status-used', 'The licence is used up.'];
  if (status === 'suspended') {
    return ['suspended', 'status-suspended', 'The licence is suspended.'];
  }
  if (status === 'stale' || (bundle && Date.parse(time) > Date.parse(bundle.nextUpdate))) {
    return ['stale', 'trust-stale', 'Trust data are out of date.'];
  }
  if (status === 'unknown' && bundle && bundle.statusLists.length > 0) {
    return ['stale', 'status-missing', 'No usable status list covers this licence.'];
  }
  if (bundle && isOverdue(licence, said, bundle.policy)) {
    return ['stale', 'not-in-list', 'A list made later does not count this licence.'];
  }
  return status === 'unknown'
    ? ['valid', 'status-unchecked', 'No status list is at hand: revocation was not checked.']
    : ['valid'];
}

const DAY = 86_400_000;
const LISTED_WITHIN_DAYS = 7;

/** Whether a list that should know the licence by then does not count it (design, section 5). */
function isOverdue(
  { issuedOn }: TokenLicence,
  { listed, of }: StatusSaid,
  { listedWithinDays = LISTED_WITHIN_DAYS }: DeploymentPolicy,
): boolean {
  if (listed || of === null) return false;
  return Date.parse(of) - Date.parse(`${issuedOn}T15:59:59Z`) > listedWithinDays * DAY;
}
