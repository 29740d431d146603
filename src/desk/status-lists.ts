/** Status lists as the issuer keeps them: what is revoked or used up says so to every verifier. */
import {
  certificateId,
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

/**
 * Publishes each list of the issuer at this seat that no longer says what is the case, or that ends
 * soon; with `anew` every one. @returns how many
 */
export async function refreshStatusLists(issuer: DeskContext, anew = false): Promise<number> {
  const own = await certificateId(issuer.signer().certificate);
  const { blocks, licences } = await issuer.state();
  let published = 0;
  const issued = [...licences.values()].filter((licence) => licence.issuer === own);
  for (const { to, statusList } of blocks) {
    if (to !== own) continue;
    const bytes = await statusListBytes(issuer, statusList);
    const current = bytes && (await readStatusList(bytes));
    const of = issued.filter(({ status }) => status.list === statusList);
    const bits = statuses(current?.bits ?? emptyStatuses(), of, issuer.now());
    const changed = bits !== current?.bits;
    const ending = current && Date.parse(current.nextUpdate) - Date.parse(issuer.now()) < AHEAD;
    if (!anew && !changed && !ending) continue;
    await publish(issuer, statusList, current, bits);
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
  bits: Uint8Array,
): Promise<void> {
  const now = issuer.now();
  const bytes = await createStatusList({
    signer: issuer.signer(),
    list,
    seq: (current?.seq ?? 0) + 1,
    ...(current ? { previous: current.id } : {}),
    thisUpdate: now,
    nextUpdate: new Date(Date.parse(now) + TERM).toISOString(),
    bits,
  });
  await issuer.write({
    type: 'licence/status-list',
    prev: [],
    fields: { list },
    files: [{ name: STATUS_FILE, bytes, confidential: false, type: 'application/json' }],
  });
}
