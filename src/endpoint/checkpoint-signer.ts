/** The endpoint's own key: Ed25519, made at first start, kept beside the segments. */
import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
} from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { signCheckpoint, type TileTree } from '../sync/log/index.ts';

export class CheckpointSigner {
  readonly #key: KeyObject;
  readonly #public: Buffer;
  #signed: { size: number; note: string; at: number } | null = null;

  private constructor(key: KeyObject) {
    this.#key = key;
    this.#public = createPublicKey(key).export({ type: 'spki', format: 'der' }).subarray(-32);
  }

  static async open(directory: string): Promise<CheckpointSigner> {
    await mkdir(directory, { recursive: true });
    const path = join(directory, 'checkpoint-key.pem');
    try {
      return new CheckpointSigner(createPrivateKey(await readFile(path)));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      const { privateKey } = generateKeyPairSync('ed25519');
      await writeFile(path, privateKey.export({ type: 'pkcs8', format: 'pem' }), {
        mode: 0o600,
        flag: 'wx',
      });
      return new CheckpointSigner(privateKey);
    }
  }

  /** Raw Ed25519 key, base64: what a trust bundle lists as `checkpointKey`. */
  get publicKey(): string {
    return this.#public.toString('base64');
  }

  /** A checkpoint of the tree as it stands; signed anew after a minute, so that its time is news. */
  async sign(tree: TileTree, now: Date): Promise<string> {
    const signed = this.#signed;
    if (signed && signed.size === tree.size && now.getTime() - signed.at < 60_000)
      return signed.note;
    const size = tree.size;
    const root = await tree.root();
    const note = await signCheckpoint(
      {
        origin: `cinnabar/${this.#public.toString('hex').slice(0, 16)}`,
        size,
        root,
        time: now.toISOString(),
      },
      this.#public,
      (text) => sign(null, text, this.#key),
    );
    this.#signed = { size, note, at: now.getTime() };
    return note;
  }
}
