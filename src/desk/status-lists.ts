/** Status lists as issuers keep them together: what is revoked or used up says so to every verifier. */
import {
  createStatusList,
  emptyStatuses,
  type LicenceStatus,
  readStatusList,
  type StatusList,
  statusAt,
  withStatus,
} from '../pki/index.ts';
import { type LicenceCaseState, STATUS_FILE } from '../workflow/index.ts';
import type { DeskContext } from './context.ts';
import { statusListBytes } from './trust.ts';
import { licenceState } from './views.ts';

const DAY = 86_400_000;
/** Validity of a list, and how long before its end the next one comes. */
const TERM = 90 * DAY;
const AHEAD = 30 * DAY;

/** Licences that no list counts yet are counted at the latest after half the days that policy gives. */
const LISTED_WITHIN_DAYS = 7;

/**
 * Publishes each list that no longer says what is the case, that leaves out licences for too long, or
 * that ends soon, whoever issued them; with `anew` every one. An issuer who lacks heads on which a
 * licence depends publishes nothing: what he cannot see would be told as in order. @returns how many
 */
export async function refreshStatusLists(issuer: DeskContext, anew = false): Promise<number> {
  const { applications, blocks, licences, missing } = await issuer.state();
  const numbers = new Set([...licences.values()].map(({ number }) => number));
  if (missing.some((head) => numbers.has(head.case) || applications.has(head.case))) return 0;
  const bundle = await issuer.bundle();
  const here = new Set(bundle.roster.map(({ id }) => id));
  const days = bundle.policy.listedWithinDays ?? LISTED_WITHIN_DAYS;
  const now = Date.parse(issuer.now());
  let published = 0;
  for (const list of new Set(blocks.map(({ statusList }) => statusList))) {
    const bytes = await statusListBytes(issuer, list);
    const current = bytes && (await readStatusList(bytes));
    const of = [...licences.values()].filter(({ status }) => status.list === list);
    const bits = statuses(current?.bits ?? emptyStatuses(), of, issuer.now());
    const changed = bits !== current?.bits;
    const upTo = of.reduce((most, { status }) => Math.max(most, status.index + 1), 0);
    const uncounted = of.filter(({ status }) => status.index >= (current?.upTo ?? 0));
    // Of somebody who left, a licence that no list counts is no good to whoever scans it.
    const overdue = uncounted.some(
      (each) => !here.has(each.issuer) || now - Date.parse(each.issuedAt) > (days / 2) * DAY,
    );
    const ending = current && Date.parse(current.nextUpdate) - now < AHEAD;
    if (!anew && !changed && !overdue && !ending) continue;
    await publish(issuer, list, current, { bits, upTo: Math.max(upTo, current?.upTo ?? 0) });
    published++;
  }
  return published;
}

/** @returns the very array given where nothing changes */
function statuses(
  bits: Uint8Array,
  licences: readonly LicenceCaseState[],
  now: string,
): Uint8Array {
  let next: Uint8Array = bits;
  for (const licence of licences) {
    const { index } = licence.status;
    const wanted = statusOfLicence(licence, now);
    // Revoked is final, also where this device does not know why.
    if (statusAt(next, index) === 'revoked') continue;
    if (statusAt(next, index) !== wanted) next = withStatus(next, index, wanted);
  }
  return next;
}

function statusOfLicence(licence: LicenceCaseState, now: string): LicenceStatus {
  switch (licenceState(licence, now)) {
    case 'revoked':
    case 'replaced':
      return 'revoked';
    case 'conflict':
    case 'suspended':
      return 'suspended';
    case 'exhausted':
      return 'used';
    default:
      return 'valid';
  }
}

async function publish(
  issuer: DeskContext,
  list: string,
  current: StatusList | null,
  said: { bits: Uint8Array; upTo: number },
): Promise<void> {
  const now = issuer.now();
  const bytes = await createStatusList({
    signer: issuer.signer(),
    list,
    seq: (current?.seq ?? 0) + 1,
    ...(current ? { previous: current.id } : {}),
    thisUpdate: now,
    nextUpdate: new Date(Date.parse(now) + TERM).toISOString(),
    ...said,
  });
  await issuer.write({
    type: 'licence/status-list',
    prev: [],
    fields: { list },
    files: [{ name: STATUS_FILE, bytes, confidential: false, type: 'application/json' }],
  });
}
