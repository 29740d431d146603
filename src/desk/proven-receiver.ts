/** Whether an enterprise's encryption certificate is its own, before anything is enveloped to it. */
import { fromBase64 } from '../crypto/index.ts';
import { judgeHolder, normaliseTrust, type TrustBundle } from '../pki/index.ts';
import type { State } from '../workflow/index.ts';

type Enterprise = State['enterprises'] extends ReadonlyMap<string, infer E> ? E : never;

const proven = new WeakMap<TrustBundle, Map<string, Promise<boolean>>>();

/**
 * A registrar binds keys, and certifies none: what he bound counts where both certificates led to an
 * anchor for enterprises when he did, and are one holder's.
 * @returns the encryption certificate, DER; null where there is none, or it is not the enterprise's
 */
export async function provenReceiver(
  { certificates, since }: Pick<Enterprise, 'certificates' | 'since'>,
  bundle: TrustBundle,
): Promise<Uint8Array | null> {
  if (!certificates) return null;
  const [signing, encryption, ...pool] = [
    certificates.signing,
    certificates.encryption,
    ...certificates.chain,
  ].map((text) => fromBase64(text) as Uint8Array) as [Uint8Array, Uint8Array, ...Uint8Array[]];
  const known = proven.get(bundle) ?? new Map<string, Promise<boolean>>();
  proven.set(bundle, known);
  const key = `${since} ${certificates.signing} ${certificates.encryption}`;
  let answer = known.get(key);
  if (!answer) {
    const trust = normaliseTrust(bundle);
    const asked = { signing, encryption, pool, time: since, trust, purpose: 'enterprise' as const };
    answer = judgeHolder(asked).then((code) => code === 'ok');
    known.set(key, answer);
  }
  return (await answer) ? encryption : null;
}
