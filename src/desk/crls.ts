/** Revocation lists of the deployment's own CAs, where their keys are on this device. */
import { toBase64 } from '../crypto/index.ts';
import type { DeskContext } from './context.ts';
import { certifierOf, type Issuer } from './identities.ts';

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

/** The CAs of this device, opened; none where they are elsewhere. */
export async function ownCas(context: DeskContext): Promise<Issuer[]> {
  const { cas } = await context.deployment();
  if (!cas) return [];
  return Promise.all(
    [cas.enterprise, cas.staff].map(async ({ identity, certificate, chain }) => {
      const session =
        context.vault.session(identity) ??
        (await context.vault.unlock(identity, { kind: 'device' }));
      return { session, certificate, chain };
    }),
  );
}
