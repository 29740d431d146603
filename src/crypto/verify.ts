/** Verifying one signature: strict about encodings, closed about algorithms, silent about trust. */
import { readSignatureAlgorithm, type SignatureAlgorithm } from './algorithm.ts';
import { copy, latin1, owned } from './bytes.ts';
import { digest, isNative } from './digest.ts';
import { ecdsaToRaw } from './ecdsa-value.ts';
import { Malformed } from './malformed.ts';
import { isNativeCurve, type PublicKey, readPublicKey } from './public-key.ts';

export interface SignatureInput {
  /** SubjectPublicKeyInfo, DER. */
  readonly spki: Uint8Array;
  /** AlgorithmIdentifier, DER. */
  readonly algorithm: Uint8Array;
  /** As X.509 carries it: DER for ECDSA and SM2, octets for RSA and Ed25519. */
  readonly signature: Uint8Array;
  /** The signed message itself, not its digest. */
  readonly data: Uint8Array;
  /** Read the key as {@link readPublicKey} leniently does; trust must be decided elsewhere. */
  readonly lenientKey?: boolean;
}

export interface SignatureResult {
  readonly valid: boolean;
  /** Why not: `bad-signature`, `malformed` or `unsupported-alg`. */
  readonly code?: 'bad-signature' | 'malformed' | 'unsupported-alg';
}

/** Keys already read and imported, least recently used first. Holds public keys only. */
const keys = new Map<string, { key: PublicKey; imported: Map<string, Promise<CryptoKey>> }>();
const KEYS_KEPT = 256;

function cached(spki: Uint8Array, lenient: boolean) {
  const name = `${lenient} ${latin1(spki)}`;
  const read = () => readPublicKey(copy(spki), { lenient });
  const entry = keys.get(name) ?? { key: read(), imported: new Map() };
  keys.delete(name);
  keys.set(name, entry);
  if (keys.size > KEYS_KEPT) keys.delete(keys.keys().next().value as string);
  return entry;
}

/** Whether key, algorithm, signature and data belong together. Never throws for bad input. */
export async function verifySignature(input: SignatureInput): Promise<SignatureResult> {
  try {
    const algorithm = readSignatureAlgorithm(input.algorithm);
    const entry = cached(input.spki, input.lenientKey ?? false);
    return (await check(entry, algorithm, input)) ? { valid: true } : refuse('bad-signature');
  } catch (error) {
    const unsupported =
      error instanceof Malformed
        ? error.code === 'unsupported-alg'
        : error instanceof Error && error.name === 'NotSupportedError';
    return refuse(unsupported ? 'unsupported-alg' : 'malformed');
  }
}

const refuse = (code: NonNullable<SignatureResult['code']>): SignatureResult => ({
  valid: false,
  code,
});

async function check(
  { key, imported }: ReturnType<typeof cached>,
  algorithm: SignatureAlgorithm,
  { spki, signature, data }: SignatureInput,
): Promise<boolean> {
  if (key.kind === 'EC' && key.curve === 'SM2') {
    if (algorithm.scheme !== 'SM2') throw new Malformed('unsupported-alg', 'SM2 key');
    return (await import('./sm/sm2.ts')).sm2Verify(key.point, signature, data);
  }
  const verify = async (importAs: RsaHashedImportParams | EcKeyImportParams, use: VerifyParams) => {
    const hash = 'hash' in importAs ? importAs.hash : '';
    const name = `${importAs.name} ${hash}`;
    let promise = imported.get(name);
    if (!promise) {
      const der = key.kind === 'RSA' ? key.spki : spki;
      promise = crypto.subtle.importKey('spki', owned(der), importAs, false, ['verify']);
      imported.set(name, promise);
    }
    return crypto.subtle.verify(use, await promise, owned(use.raw ?? signature), owned(data));
  };
  const { scheme, hash } = algorithm;
  if (key.kind === 'EC' && scheme === 'ECDSA') {
    const raw = ecdsaToRaw(signature, Math.ceil(key.bits / 8));
    const { curve } = key;
    if (curve === 'SM2') return false;
    if (isNativeCurve(curve) && isNative(hash)) {
      return verify({ name: 'ECDSA', namedCurve: curve }, { name: 'ECDSA', hash, raw });
    }
    const { ecdsaVerify } = await import('./wide/curves.ts');
    return ecdsaVerify(curve, key.point, raw, await digest(hash, data));
  }
  if (key.kind === 'Ed25519' && scheme === 'Ed25519') {
    return verify({ name: 'Ed25519' } as EcKeyImportParams, { name: 'Ed25519' });
  }
  if (key.kind === 'RSA' && scheme === 'RSA' && key.pss === null) {
    const name = 'RSASSA-PKCS1-v1_5';
    if (isNative(hash) && (await verify({ name, hash }, { name }))) return true;
    return (await import('./wide/rsa.ts')).pkcs1Verify(key, hash, signature, data);
  }
  if (key.kind === 'RSA' && scheme === 'RSA-PSS') {
    if (!pssFits(key, algorithm)) return false;
    const { mask, saltLength } = algorithm;
    if (isNative(hash) && mask === hash) {
      return verify({ name: 'RSA-PSS', hash }, { name: 'RSA-PSS', saltLength });
    }
    return (await import('./wide/rsa.ts')).pssVerify(key, algorithm, signature, data);
  }
  return false;
}

/** RFC 4055 3.3: a key's own parameters bind its signatures. */
function pssFits(
  { pss }: PublicKey & { kind: 'RSA' },
  { hash, mask, saltLength }: SignatureAlgorithm & { scheme: 'RSA-PSS' },
): boolean {
  if (typeof pss !== 'object' || !pss) return true;
  return pss.hash === hash && pss.mask === mask && pss.saltLength <= saltLength;
}

interface VerifyParams {
  name: string;
  hash?: string;
  saltLength?: number;
  /** The signature as WebCrypto wants it, where that differs. */
  raw?: Uint8Array;
}
