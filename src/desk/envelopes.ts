/** What others encrypted to the person at the desk, as PDF software does it. */
import { openEnveloped } from '../cms/index.ts';
import { type Decrypter, Malformed } from '../crypto/index.ts';
import type { DeskContext } from './context.ts';

const isCertified = (decrypter: object): decrypter is Decrypter => 'certificate' in decrypter;

export function openEnvelopes(
  context: DeskContext,
  envelopes: readonly Uint8Array[],
): Promise<Uint8Array | null> {
  return context.opened(async (decrypter) => {
    // Other people's software names certificates, never a role key.
    if (!isCertified(decrypter)) throw new Malformed('cms-not-recipient', 'a role key');
    for (const envelope of envelopes) {
      try {
        return await openEnveloped(envelope, decrypter);
      } catch (error) {
        // To somebody else, or in a way that this key does not do.
        if (!(error instanceof Malformed)) throw error;
      }
    }
    throw new Malformed('cms-not-recipient', 'none of the envelopes opens');
  });
}
