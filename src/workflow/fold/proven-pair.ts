/** Whether two certificates lead to an anchor for enterprises and are one holder's. */
import { fromBase64 } from '../../crypto/index.ts';
import { type HolderCode, judgeHolder, normaliseTrust, type TrustBundle } from '../../pki/index.ts';

/** Base64 of DER. */
export interface CertificatePair {
  signing: string;
  encryption: string;
  chain: readonly string[];
}

const judged = new WeakMap<TrustBundle, Map<string, Promise<HolderCode>>>();

/** @param time at which they have to be valid, ISO 8601 */
export function judgePair(
  { signing, encryption, chain }: CertificatePair,
  trust: TrustBundle,
  time: string,
): Promise<HolderCode> {
  const known = judged.get(trust) ?? new Map<string, Promise<HolderCode>>();
  judged.set(trust, known);
  const key = `${time} ${signing} ${encryption}`;
  let answer = known.get(key);
  if (!answer) {
    const der = (text: string) => fromBase64(text) as Uint8Array;
    answer = judgeHolder({
      signing: der(signing),
      encryption: der(encryption),
      pool: chain.map(der),
      time,
      trust: normaliseTrust(trust),
      purpose: 'enterprise',
    });
    known.set(key, answer);
  }
  return answer;
}
