/** The ways into a person's electronic key: listed, added, renewed, taken away. */
import type { Secret } from '../keys/index.ts';
import type { KeyWay, PasskeyMade, Unlocking } from './api/index.ts';
import type { DeskContext } from './context.ts';
import type { PersonRecord } from './device-records.ts';

/** What a person gave to be let in; nothing is the device itself, which only a pilot lets in. */
export function secretOf({ password, recovery, prf }: Unlocking): Secret {
  if (password !== undefined) return { kind: 'password', password };
  if (recovery !== undefined) return { kind: 'recovery', code: recovery };
  if (prf !== undefined) return { kind: 'passkey', prf };
  return { kind: 'device' };
}

export async function keyWays(context: DeskContext, person: string): Promise<KeyWay[]> {
  const record = (await context.store.record('people', person)) as PersonRecord | undefined;
  if (record?.ukey) return [{ id: 'ukey', kind: 'ukey', passkey: null }];
  const { unlocks } = await context.vault.identity(person);
  return unlocks.map(({ id, kind, passkey }) => ({ id, kind, passkey: passkey ?? null }));
}

export async function addPasskey(
  context: DeskContext,
  opening: Unlocking,
  { credential, salt, prf }: PasskeyMade,
): Promise<void> {
  const { id } = await context.person();
  const made = { kind: 'passkey', credential, salt, prf } as const;
  await context.vault.addSecret(id, secretOf(opening), made);
  prf.fill(0);
  context.options.onChange?.();
}

/** A password where there was none yet, as for a person of a pilot. */
export async function addPassword(
  context: DeskContext,
  opening: Unlocking,
  password: string,
): Promise<void> {
  const { id } = await context.person();
  await context.vault.addSecret(id, secretOf(opening), await chosen(context, id, password));
  context.options.onChange?.();
}

/** A new password in the place of the one that `opening` gives, or that was forgotten. */
export async function renewPassword(
  context: DeskContext,
  person: string,
  opening: Unlocking,
  password: string,
): Promise<void> {
  const next = await chosen(context, person, password);
  await context.vault.renewSecret(person, secretOf(opening), next);
  context.options.onChange?.();
}

/** What everybody knows of a person is no password of his. */
async function chosen({ store }: DeskContext, person: string, password: string) {
  const record = (await store.record('people', person)) as PersonRecord | undefined;
  const known = [record?.organization, record?.uscc].flatMap((text) => text ?? []);
  return { kind: 'password' as const, password, known };
}

/** A new recovery code; the ones before it open nothing any more. */
export async function newRecoveryCode(context: DeskContext, opening: Unlocking): Promise<string> {
  const { id } = await context.person();
  const code = await context.vault.renewSecret(id, secretOf(opening), { kind: 'recovery' });
  context.options.onChange?.();
  return code ?? '';
}

/** Takes a way in away; one that is no recovery code always stays. */
export async function removeWay(
  context: DeskContext,
  opening: Unlocking,
  way: string,
): Promise<void> {
  const { id } = await context.person();
  await context.vault.removeSecret(id, secretOf(opening), way);
  context.options.onChange?.();
}
