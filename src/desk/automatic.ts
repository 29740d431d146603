/**
 * What is done by itself, after every act that may have brought news: certificates adopted,
 * role keys made and handed on, licences issued where the policy says so, status lists kept up to date, numbers granted.
 */
import { toBase64 } from '../crypto/index.ts';
import { chinaDate } from '../licence/index.ts';
import type { Role } from '../pki/index.ts';
import { ROLE_GROUPS } from '../workflow/index.ts';
import { adoptCertificates } from './adopting.ts';
import type { BatchOutcome } from './api/index.ts';
import type { DeskContext } from './context.ts';
import { noteHeld } from './held-back.ts';
import { issueByItself, waitingIssues } from './issuing.ts';
import { handContentsOn } from './parties/granting.ts';
import { DeskError } from './refusals.ts';
import { revokedSince } from './revoked.ts';
import { dueRoleKeys, keepRoleKeys } from './role-keys/index.ts';
import { issuesByItself, noteIssued } from './station.ts';
import { refreshStatusLists } from './status-lists.ts';

export async function settle(context: DeskContext): Promise<void> {
  if (!(await context.hasDeployment())) return;
  await adoptCertificates(context);
  if (settled.get(context) === (await situation(context))) return;
  let unstamped = false;
  const refused: BatchOutcome['refused'] = [];
  const { open, locked } = await seats(context, await actors(context));
  for (const { seat, roles } of open) {
    await keepRoleKeys(seat, roles);
    if (roles.includes('issuer')) {
      const outcome = (await issuesByItself(context)) ? await issueByItself(seat) : null;
      if (outcome) await noteIssued(seat, outcome);
      refused.push(...(outcome?.refused ?? []));
      unstamped ||= outcome?.refused.some(waitsForStamp) ?? false;
      await refreshStatusLists(seat);
    }
    if (roles.includes('root')) await grantNumbers(seat);
  }
  await handContentsOn(context);
  if (locked && !open.some(({ roles }) => roles.includes('issuer'))) {
    const refusal = { code: 'locked', message: 'the key of the issuer is locked' };
    refused.push(...(await waitingIssues(context)).map((caseId) => ({ caseId, refusal })));
  }
  noteHeld(context, refused);
  context.changed();
  // What waits for a time stamp is tried again; all else only when something is new.
  if (!unstamped) settled.set(context, await situation(context));
}

/**
 * Every status list anew, with the next number: by the issuers whose keys are open here.
 * @throws {DeskError} `not-permitted` where there is none
 */
export async function publishStatusLists(context: DeskContext): Promise<number> {
  const { open: issuers } = await seats(context, ['issuer']);
  if (issuers.length === 0) {
    throw new DeskError('not-permitted', 'needs the key of an issuer', { role: 'issuer' });
  }
  let published = 0;
  for (const { seat } of issuers) published += await refreshStatusLists(seat, true);
  context.changed();
  return published;
}

const waitsForStamp = ({ refusal }: BatchOutcome['refused'][number]) =>
  refusal.code === 'time-stamp-required';

/** In which situation there was last nothing more to do. */
const settled = new WeakMap<DeskContext, string>();

async function situation(context: DeskContext): Promise<string> {
  const { accepted } = await context.state();
  const { deployment } = await context.bundle();
  const issues = await issuesByItself(context);
  return `${deployment} ${accepted} ${context.current} ${chinaDate(context.now())} ${issues}`;
}

/** The roles that have something to do by themselves: whoever is unlocked for nothing costs time. */
async function actors(context: DeskContext): Promise<Role[]> {
  const due = await dueRoleKeys(context);
  return ['issuer', 'root', ...due.flatMap((group) => ROLE_GROUPS[group])];
}

/**
 * Whoever can act at this device without being asked: the person at the desk; in a pilot everybody,
 * because their keys open with the device. `locked`: an issuer of this device is not among them.
 */
async function seats(context: DeskContext, actors: readonly Role[]) {
  const bundle = await context.bundle();
  const open = [];
  let locked = false;
  for (const { id, certificates, unlocks } of await context.vault.list()) {
    if (!certificates.signing) continue;
    const roles = await context.rolesOf(certificates.signing);
    if (!roles.some((role) => actors.includes(role))) continue;
    // Still on the roster, and nothing that the key signs counts.
    if (await revokedSince(bundle, certificates.signing)) continue;
    const byDevice = bundle.pilot && unlocks.some(({ kind }) => kind === 'device');
    const session = context.vault.session(id);
    if (!byDevice && !(session && id === context.current)) {
      locked ||= roles.includes('issuer');
      continue;
    }
    if (!session) await context.vault.unlock(id, { kind: 'device' });
    open.push({ seat: id === context.current ? context : context.beside(id), roles });
  }
  return { open, locked };
}

/** Numbers of one block, and of one year's status list. */
const BLOCK = 100_000;

/** The root grants every issuer numbers for the running year. */
async function grantNumbers(root: DeskContext): Promise<void> {
  const { roster, policy } = await root.bundle();
  const year = Number(chinaDate(root.now()).slice(0, 4));
  const { issuer } = policy.numbering;
  const signer = root.signer();
  if (toBase64(signer.certificate) !== (await root.bundle()).root) return;
  for (const { id, roles } of roster) {
    if (!roles.includes('issuer')) continue;
    // With those that were granted a moment ago.
    const { blocks } = await root.state();
    if (blocks.some((block) => block.to === id && block.year === year)) continue;
    const ends = blocks
      .filter((block) => block.year === year && block.issuer === issuer)
      .map((block) => block.from + block.count);
    await root.write({
      type: 'licence/number-block',
      prev: [],
      fields: {
        grantee: id,
        issuer,
        year,
        from: Math.max(1, ...ends),
        count: BLOCK,
        statusList: statusListId(year, id),
      },
      signer,
    });
  }
}

/** One shard for each issuer and year. @param issuer SHA-256 hex of the certificate */
const statusListId = (year: number, issuer: string): string => `${year}-${issuer.slice(0, 8)}`;
