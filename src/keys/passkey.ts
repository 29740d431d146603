/**
 * Passkeys with the PRF extension (WebAuthn level 3), the page's half: WebAuthn does not reach into
 * workers, so the page asks, and passes the 32 secret octets on to the worker that holds the vault.
 */
import { type Bytes, owned, toBase64Url } from '../crypto/index.ts';
import { KeyRefused } from './refused.ts';

/** `navigator.credentials`, or what stands in for it. */
export interface Credentials {
  create(options: CredentialCreationOptions): Promise<Credential | null>;
  get(options: CredentialRequestOptions): Promise<Credential | null>;
}

/** What the vault needs to make a wrapper of a passkey. */
export interface PasskeySecret {
  credential: Uint8Array;
  salt: Uint8Array;
  prf: Uint8Array;
}

const TIMEOUT_MS = 120_000;
const random = (length: number): Bytes => crypto.getRandomValues(new Uint8Array(length));

/** Octets of a PRF result, which is a buffer or a view by turns. */
function octets(source: BufferSource): Uint8Array {
  return source instanceof ArrayBuffer
    ? new Uint8Array(source)
    : new Uint8Array(source.buffer, source.byteOffset, source.byteLength).slice();
}

async function asked(ask: Promise<Credential | null>): Promise<PublicKeyCredential> {
  try {
    const credential = await ask;
    if (!credential) throw new KeyRefused('cancelled');
    return credential as PublicKeyCredential;
  } catch (error) {
    if (error instanceof KeyRefused) throw error;
    const name = (error as { name?: string } | null)?.name;
    const dismissed = name === 'NotAllowedError' || name === 'AbortError';
    throw new KeyRefused(dismissed ? 'cancelled' : 'not-supported', undefined, { cause: error });
  }
}

/**
 * Makes a passkey for an identity.
 * @param user.id random octets that name the identity to the authenticator, nothing personal
 * @throws {KeyRefused} `cancelled`; `not-supported` where the authenticator has no PRF
 */
export async function createPasskey(
  credentials: Credentials,
  options: { rpName: string; user: { id: Uint8Array; name: string } },
): Promise<PasskeySecret> {
  const salt = random(32);
  const made = await asked(
    credentials.create({
      publicKey: {
        challenge: random(32),
        rp: { name: options.rpName },
        user: {
          id: owned(options.user.id),
          name: options.user.name,
          displayName: options.user.name,
        },
        pubKeyCredParams: [
          { type: 'public-key', alg: -7 },
          { type: 'public-key', alg: -257 },
        ],
        authenticatorSelection: { residentKey: 'preferred', userVerification: 'required' },
        timeout: TIMEOUT_MS,
        extensions: { prf: { eval: { first: salt } } },
      },
    }),
  );
  const credential = new Uint8Array(made.rawId);
  const { prf } = made.getClientExtensionResults();
  if (!prf?.enabled) throw new KeyRefused('not-supported', 'the authenticator has no PRF');
  if (prf.results) return { credential, salt, prf: octets(prf.results.first) };
  // Some authenticators evaluate only when asked again.
  return { salt, ...(await askPasskey(credentials, [{ credential, salt }])) };
}

/**
 * Asks one of an identity's passkeys for its secret.
 * @param known credentials and salts from the identity's summary
 * @throws {KeyRefused} `cancelled`, `not-supported`, `unknown-wrapper` where none is known
 */
export async function askPasskey(
  credentials: Credentials,
  known: readonly { credential: Uint8Array; salt: Uint8Array }[],
): Promise<{ credential: Uint8Array; prf: Uint8Array }> {
  if (known.length === 0) throw new KeyRefused('unknown-wrapper');
  const evalByCredential = Object.fromEntries(
    known.map(({ credential, salt }) => [toBase64Url(credential), { first: owned(salt) }]),
  );
  const got = await asked(
    credentials.get({
      publicKey: {
        challenge: random(32),
        allowCredentials: known.map(({ credential }) => ({
          type: 'public-key',
          id: owned(credential),
        })),
        userVerification: 'required',
        timeout: TIMEOUT_MS,
        extensions: { prf: { evalByCredential } },
      },
    }),
  );
  const first = got.getClientExtensionResults().prf?.results?.first;
  if (!first) throw new KeyRefused('not-supported', 'the authenticator gave no PRF result');
  return { credential: new Uint8Array(got.rawId), prf: octets(first) };
}
