/**
 * The endpoint's own keys, made at first start and kept beside the segments: of Ed25519, and of SM2
 * for a deployment of the Chinese suite. The first head of the log settles which of them signs.
 */
import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
} from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ecdsaToRaw, fromHex, type SuiteDigest, toBase64, toHex } from '../crypto/index.ts';
import { signCheckpoint, type TileTree } from '../sync/log/index.ts';

interface Key {
  /** As a trust bundle lists it. */
  readonly publicKey: Uint8Array;
  /** 64 octets. */
  sign(text: Uint8Array): Uint8Array;
}

export class CheckpointSigner {
  readonly #keys: Record<SuiteDigest, Key>;
  readonly #signed = new Map<SuiteDigest, { size: number; note: string; at: number }>();

  private constructor(keys: Record<SuiteDigest, Key>) {
    this.#keys = keys;
  }

  static async open(directory: string): Promise<CheckpointSigner> {
    await mkdir(directory, { recursive: true });
    const [international, chinese] = await Promise.all([
      openEd25519(join(directory, 'checkpoint-key.pem')),
      openSm2(join(directory, 'checkpoint-key.sm2')),
    ]);
    return new CheckpointSigner({ 'SHA-256': international, SM3: chinese });
  }

  /** Base64: what a trust bundle lists as `checkpointKey`. */
  publicKey(suite: SuiteDigest): string {
    return toBase64(this.#keys[suite].publicKey);
  }

  /** A checkpoint of the tree as it stands; signed anew after a minute, so that its time is news. */
  async sign(tree: TileTree, now: Date): Promise<string> {
    const { digest, size } = tree;
    const signed = this.#signed.get(digest);
    if (signed && signed.size === size && now.getTime() - signed.at < 60_000) return signed.note;
    const key = this.#keys[digest];
    const root = await tree.root();
    const origin = `cinnabar/${toHex(key.publicKey.subarray(-32)).slice(0, 16)}`;
    const checkpoint = { origin, size, root, time: now.toISOString() };
    const note = await signCheckpoint(checkpoint, key.publicKey, (text) => key.sign(text));
    this.#signed.set(digest, { size, note, at: now.getTime() });
    return note;
  }
}

/** What a file holds; made and stored where there is none. */
async function kept(path: string, make: () => string | Promise<string>): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    const made = await make();
    await writeFile(path, made, { mode: 0o600, flag: 'wx' });
    return made;
  }
}

async function openEd25519(path: string): Promise<Key> {
  const pem = await kept(path, () => {
    const { privateKey } = generateKeyPairSync('ed25519');
    return privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;
  });
  const key: KeyObject = createPrivateKey(pem);
  const publicKey = createPublicKey(key).export({ type: 'spki', format: 'der' }).subarray(-32);
  return { publicKey, sign: (text) => sign(null, text, key) };
}

/** Private key and point in hexadecimal, one after the other: nothing else here reads it. */
async function openSm2(path: string): Promise<Key> {
  const sm2 = await import('../crypto/sm/sm2.ts');
  const text = await kept(path, () => {
    const { privateKey, publicKey } = sm2.sm2KeyPair();
    return `${toHex(privateKey)}\n${toHex(publicKey)}\n`;
  });
  const [secret, point] = text.split('\n').map(fromHex);
  if (secret?.length !== 32 || point?.length !== 65) throw new Error(`${path} is damaged`);
  const signer = sm2.sm2Signer(secret, point);
  return { publicKey: point, sign: (data) => ecdsaToRaw(signer(data), 32) };
}
