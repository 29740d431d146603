/** Passkeys from the page: WebAuthn does not reach into workers. The secret goes on to the desk. */
import type { KeyWay, PasskeyMade } from '../../desk/index.ts';

const WORDS: Record<string, string> = {
  cancelled: 'cancelled',
  'not-supported': 'passkey-unsupported',
  'unknown-wrapper': 'passkey-unknown',
};

/** What went wrong, under a code that the dictionaries have words for. */
async function inWords<T>(ask: Promise<T>): Promise<T> {
  try {
    return await ask;
  } catch (error) {
    const { code, message } = error as { code?: string; message?: string };
    throw Object.assign(new Error(message), { code: WORDS[code ?? ''] ?? 'passkey-unsupported' });
  }
}

export const passkeysPossible = (): boolean => 'PublicKeyCredential' in globalThis;

export async function makePasskey(name: string): Promise<PasskeyMade> {
  const { createPasskey } = await import('../../keys/passkey.ts');
  const user = { id: crypto.getRandomValues(new Uint8Array(16)), name };
  return inWords(createPasskey(navigator.credentials, { rpName: 'Cinnabar 朱砂', user }));
}

/** Asks the authenticator for the secret of one of these ways in. */
export async function passkeySecret(ways: readonly KeyWay[]): Promise<Uint8Array> {
  const { askPasskey } = await import('../../keys/passkey.ts');
  const known = ways.flatMap(({ passkey }) => (passkey ? [passkey] : []));
  return (await inWords(askPasskey(navigator.credentials, known))).prf;
}
