/** Revocation lists of the deployment's own CAs, where their keys are on this device. */
import { toBase64 } from '../crypto/index.ts';
import type { DeskContext } from './context.ts';
import type { DeploymentRecord } from './device-records.ts';
import { certifierOf, type Issuer } from './identities.ts';
import { DeskError } from './refusals.ts';

/** One list per CA, base64 of DER. @param number cRLNumber: the number of the trust bundle */
export async function signCrls(
  issuers: readonly Issuer[],
  { number, now, nextUpdate }: { number: number; now: string; nextUpdate: string },
): Promise<string[]> {
  const { createCrl } = await import('../pki/issuing/index.ts');
  const seconds = (time: string) => `${new Date(time).toISOString().slice(0, 19)}Z`;
  return Promise.all(
    issuers.map(async (issuer) =>
      toBase64(
        await createCrl({
          issuer: certifierOf(issuer),
          number,
          revoked: [],
          thisUpdate: seconds(now),
          nextUpdate: seconds(nextUpdate),
        }),
      ),
    ),
  );
}

/** Whether the CAs' keys are on this device, and open. */
export async function authorityKeys(context: DeskContext): Promise<'none' | 'locked' | 'open'> {
  const { cas } = await context.deployment();
  if (!cas) return 'none';
  for (const { identity } of [cas.enterprise, cas.staff]) {
    if (context.vault.session(identity)) continue;
    const { unlocks } = await context.vault.identity(identity);
    if (!unlocks.some(({ kind }) => kind === 'device')) return 'locked';
  }
  return 'open';
}

/** Opens both CAs with their password. @throws {KeyRefused} `wrong-secret` */
export async function openAuthority(context: DeskContext, password: string): Promise<void> {
  const { cas } = await context.deployment();
  if (!cas) throw new DeskError('not-permitted', 'the authority is on another device');
  for (const { identity } of [cas.enterprise, cas.staff]) {
    await context.vault.unlock(identity, { kind: 'password', password });
  }
  context.changed();
}

/**
 * A new password for both CAs in the place of a forgotten one, and opens them.
 * @param codes recovery code of each, in any order
 * @throws {KeyRefused} `wrong-secret`, `mistyped-code`, `weak-password`; nothing is changed then
 */
export async function resetAuthority(
  context: DeskContext,
  codes: readonly string[],
  password: string,
): Promise<void> {
  const { cas } = await context.deployment();
  if (!cas) throw new DeskError('not-permitted', 'the authority is on another device');
  const { vault } = context;
  const opened: { identity: string; code: string }[] = [];
  try {
    for (const { identity } of [cas.enterprise, cas.staff]) {
      opened.push({ identity, code: await codeFor(vault, identity, codes) });
    }
    for (const { identity, code } of opened) {
      await vault.renewSecret(identity, { kind: 'recovery', code }, { kind: 'password', password });
    }
  } catch (error) {
    for (const { identity } of opened) vault.lock(identity);
    throw error;
  }
  context.changed();
}

/** The code that opens an identity. */
async function codeFor(
  vault: DeskContext['vault'],
  identity: string,
  codes: readonly string[],
): Promise<string> {
  let refusal: unknown;
  for (const code of codes) {
    try {
      await vault.unlock(identity, { kind: 'recovery', code });
      return code;
    } catch (error) {
      refusal = error;
    }
  }
  throw refusal;
}

/** Drops the keys of both CAs. */
export function lockAuthority({ vault }: DeskContext, { cas }: DeploymentRecord): void {
  for (const ca of [cas?.enterprise, cas?.staff]) if (ca) vault.lock(ca.identity);
}

/**
 * The CAs of this device, opened; none where they are elsewhere.
 * @throws {DeskError} `authority-locked` where they wait for their password
 */
export async function ownCas(context: DeskContext): Promise<Issuer[]> {
  const { cas } = await context.deployment();
  if (!cas) return [];
  if ((await authorityKeys(context)) === 'locked') {
    throw new DeskError('authority-locked', 'open the keys of the certification authority first');
  }
  return Promise.all(
    [cas.enterprise, cas.staff].map(async ({ identity, certificate, chain }) => {
      const session =
        context.vault.session(identity) ??
        (await context.vault.unlock(identity, { kind: 'device' }));
      return { session, certificate, chain };
    }),
  );
}
