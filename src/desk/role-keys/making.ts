/**
 * Making role keys and handing them on: the first of a group, the next one when a reader has left,
 * and all of them to holders who lack some. Done by the device of any holder, without being asked.
 */
import {
  type EnvelopeRecipient,
  fromBase64,
  type Json,
  type Signer,
  toBase64,
} from '../../crypto/index.ts';
import { generateKey, type RawKey } from '../../keys/index.ts';
import { certificateId, type Role } from '../../pki/index.ts';
import type { RoleGroup } from '../../workflow/index.ts';
import type { DeskContext } from '../context.ts';
import { type GroupStanding, standings } from './standing.ts';

/** Recipients of one record: a content is enveloped to 64 at most. */
const AT_ONCE = 60;

/** Groups for which somebody has something to do, by whoever holds one of these roles. */
export async function dueRoleKeys(context: DeskContext): Promise<RoleGroup[]> {
  const all = await standings(await context.state());
  return all.filter(isDue).map(({ group }) => group);
}

const isDue = (of: GroupStanding): boolean => wantsNext(of) || wantsHandingOn(of);

const wantsNext = ({ current, holders, ended }: GroupStanding): boolean =>
  holders.length > 0 && (current === null || ended.length > 0);

const wantsHandingOn = ({ lacking, recovery, keys }: GroupStanding): boolean =>
  keys.length > 0 && (lacking.length > 0 || recovery !== null);

/**
 * What the person at the seat can do for the groups of his roles; the root makes a group's first key
 * alone.
 */
export async function keepRoleKeys(seat: DeskContext, roles: readonly Role[]): Promise<void> {
  const id = await certificateId(seat.signer().certificate);
  const root = roles.includes('root');
  // Whose certificate was revoked stands on the roster still, and publishes nothing.
  const isHolder = ({ holders }: GroupStanding) => holders.some(({ entry }) => entry.id === id);
  for (const of of await standings(await seat.state())) {
    const member = isHolder(of);
    const unfit = member && of.current !== null && seat.roleKeys.unfit.has(of.current.id);
    const first = root && of.current === null && of.holders.length > 0;
    if (first || (member && (unfit || wantsNext(of)))) await makeRoleKey(seat, of.group);
  }
  for (const of of await standings(await seat.state())) {
    if (isHolder(of) && wantsHandingOn(of)) await handOn(seat, of);
  }
}

/** Publishes a new key of the group, enveloped to every holder and to the recovery key. */
export async function makeRoleKey(
  context: DeskContext,
  group: RoleGroup,
  signer: Signer = context.signer(),
): Promise<void> {
  const { policy, recoveryKey } = await context.bundle();
  const standing = (await standings(await context.state())).find((each) => each.group === group);
  if (!standing || standing.holders.length === 0) return;
  const raw = await generateKey(policy.suite);
  const pkcs8 = await privateKeyInfo(raw);
  const recovery = recoveryKey === undefined ? null : fromBase64(recoveryKey);
  const recipients: EnvelopeRecipient[] = standing.holders
    .slice(0, AT_ONCE)
    .map(({ encryption }) => encryption);
  if (recovery) recipients.push({ spki: recovery });
  await context.write({
    type: 'trust/role-key',
    prev: [],
    fields: { group, key: toBase64(raw.spki) },
    body: { pkcs8: toBase64(pkcs8) },
    recipients,
    signer,
  });
  pkcs8.fill(0);
}

/** Hands every key of the group that this person opens to those who lack some. */
async function handOn(
  seat: DeskContext,
  { group, keys, lacking, recovery }: GroupStanding,
): Promise<void> {
  const bodies: { id: string; pkcs8: string }[] = [];
  for (const key of keys) {
    const pkcs8 = await seat.roleKeyOctets(key);
    if (pkcs8) bodies.push({ id: key.id, pkcs8: toBase64(pkcs8) });
    pkcs8?.fill(0);
  }
  await grantKeys(seat, group, bodies, [
    ...lacking.map(({ encryption }) => encryption),
    ...(recovery ? [{ spki: recovery }] : []),
  ]);
}

/** @param keys private halves, PrivateKeyInfo in base64, by id */
export async function grantKeys(
  seat: DeskContext,
  group: RoleGroup,
  keys: readonly { id: string; pkcs8: string }[],
  recipients: readonly EnvelopeRecipient[],
): Promise<void> {
  if (keys.length === 0) return;
  for (let at = 0; at < recipients.length; at += AT_ONCE) {
    await seat.write({
      type: 'trust/grant',
      prev: [],
      fields: { group, keys: keys.map(({ id }) => id) },
      body: { keys: keys as unknown as Json },
      recipients: recipients.slice(at, at + AT_ONCE),
    });
  }
}

/** PrivateKeyInfo, DER. */
export async function privateKeyInfo(raw: RawKey): Promise<Uint8Array> {
  if (raw.suite === 'SM2') return raw.pkcs8;
  return new Uint8Array(await crypto.subtle.exportKey('pkcs8', raw.key));
}
