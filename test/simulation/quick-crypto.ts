/**
 * A dozen devices in one process verify the same signatures over and over. What WebCrypto answers is a
 * function of what it is given: each public key is imported once, each signature verified once, each
 * password derived once, and digests are computed on this thread. What verifies, and what does not, stays the same.
 */
import { createHash, webcrypto } from 'node:crypto';

type Subtle = typeof webcrypto.subtle;

const HASHES: Record<string, string> = {
  'SHA-1': 'sha1',
  'SHA-256': 'sha256',
  'SHA-384': 'sha384',
  'SHA-512': 'sha512',
};
/** So many answers are kept before all are forgotten. */
const MOST = 50_000;

let installed = false;

export function quickCrypto(): void {
  if (installed) return;
  installed = true;
  const { subtle } = webcrypto;
  const verify = subtle.verify.bind(subtle) as Subtle['verify'];
  const importKey = subtle.importKey.bind(subtle) as Subtle['importKey'];
  const digest = subtle.digest.bind(subtle) as Subtle['digest'];
  const deriveBits = subtle.deriveBits.bind(subtle) as Subtle['deriveBits'];
  const derived = new WeakMap<webcrypto.CryptoKey, Map<string, Promise<ArrayBuffer>>>();
  const keys = new Map<string, Promise<webcrypto.CryptoKey>>();
  const verdicts = new WeakMap<webcrypto.CryptoKey, Map<string, Promise<boolean>>>();

  const quick = {
    importKey(...given: Parameters<Subtle['importKey']>) {
      const [format, data, algorithm, extractable, usages] = given;
      const open = usages.length === 1 && usages[0] === 'verify';
      if ('kty' in data || !(open || algorithm === 'PBKDF2')) return importKey(...given);
      const named = `${format} ${JSON.stringify(algorithm)} ${extractable} ${usages} ${hashOf(data)}`;
      return remembered(keys, named, () => importKey(...given));
    },
    verify(...given: Parameters<Subtle['verify']>) {
      const [algorithm, key, signature, data] = given;
      const known = verdicts.get(key) ?? new Map<string, Promise<boolean>>();
      verdicts.set(key, known);
      const named = `${JSON.stringify(algorithm)} ${hashOf(signature)} ${hashOf(data)}`;
      return remembered(known, named, () => verify(...given));
    },
    async deriveBits(...given: Parameters<Subtle['deriveBits']>) {
      const [algorithm, key, length] = given;
      if (typeof algorithm === 'string' || !('iterations' in algorithm))
        return deriveBits(...given);
      const known = derived.get(key) ?? new Map<string, Promise<ArrayBuffer>>();
      derived.set(key, known);
      const { hash, iterations, salt } = algorithm;
      const named = `${JSON.stringify(hash)} ${iterations} ${length} ${hashOf(salt)}`;
      return (await remembered(known, named, () => deriveBits(...given))).slice(0);
    },
    async digest(...given: Parameters<Subtle['digest']>) {
      const [algorithm, data] = given;
      const name = HASHES[typeof algorithm === 'string' ? algorithm : algorithm.name];
      if (!name) return digest(...given);
      return new Uint8Array(
        createHash(name)
          .update(view(data as ArrayBuffer))
          .digest(),
      ).buffer;
    },
  };
  for (const [name, value] of Object.entries(quick)) {
    Object.defineProperty(subtle, name, { value, configurable: true });
  }
}

const view = (data: ArrayBuffer | NodeJS.ArrayBufferView): Uint8Array =>
  data instanceof ArrayBuffer
    ? new Uint8Array(data)
    : new Uint8Array(data.buffer, data.byteOffset, data.byteLength);

const hashOf = (data: unknown): string =>
  createHash('sha256')
    .update(view(data as ArrayBuffer))
    .digest('base64');

function remembered<T>(known: Map<string, Promise<T>>, name: string, make: () => Promise<T>) {
  let found = known.get(name);
  if (!found) {
    if (known.size > MOST) known.clear();
    found = make();
    known.set(name, found);
  }
  return found;
}
