/**
 * A checkpoint: the endpoint's signed statement of its log, a signed note as tlog tools read it
 * (origin, tree size, root, one extension line with the time; one signature: Ed25519, or SM2 with SM3
 * in the Chinese suite). The key tells which: 32 octets of Ed25519, 65 of a point of SM2.
 */
import {
  type Bytes,
  concat,
  digest,
  ecdsaToDer,
  fromBase64,
  fromUtf8,
  Malformed,
  owned,
  type SuiteDigest,
  toBase64,
  utf8,
} from '../../crypto/index.ts';

export interface Checkpoint {
  origin: string;
  size: number;
  /** 32 octets. */
  root: Uint8Array;
  /** When it was signed, ISO 8601: shows a frozen log. */
  time: string;
}

export function checkpointText({ origin, size, root, time }: Checkpoint): string {
  return `${origin}\n${size}\n${toBase64(root)}\ntime ${time}\n`;
}

/** What a log hashes with that is signed by this key. @throws {Malformed} `checkpoint-key` */
export function logDigest(publicKey: Uint8Array): SuiteDigest {
  if (publicKey.length === 32) return 'SHA-256';
  if (publicKey.length === 65 && publicKey[0] === 4) return 'SM3';
  throw new Malformed('checkpoint-key', 'neither a key of Ed25519 nor of SM2');
}

/** `sign` gives 64 octets over the text: of Ed25519, or r ‖ s of SM2. */
export async function signCheckpoint(
  checkpoint: Checkpoint,
  publicKey: Uint8Array,
  sign: (text: Uint8Array) => Promise<Uint8Array> | Uint8Array,
): Promise<string> {
  const text = checkpointText(checkpoint);
  const signature = await sign(utf8(text));
  const id = await keyId(checkpoint.origin, publicKey);
  return `${text}\n— ${checkpoint.origin} ${toBase64(concat(id, signature))}\n`;
}

/** Signed notes number Ed25519; what has no number is FF and a name. */
const ED25519 = new Uint8Array([1]);
const SM2 = concat(new Uint8Array([0xff]), utf8('sm2-sm3'));

/** First four octets of H(origin ‖ 0A ‖ kind ‖ key), as signed notes name keys. */
async function keyId(origin: string, publicKey: Uint8Array): Promise<Uint8Array> {
  const name = logDigest(publicKey);
  const kind = name === 'SM3' ? SM2 : ED25519;
  return (await digest(name, concat(utf8(`${origin}\n`), kind, publicKey))).subarray(0, 4);
}

/**
 * @param publicKey the key that must have signed, see {@link logDigest}
 * @throws {Malformed} `checkpoint-form` or `checkpoint-signature`
 */
export async function readCheckpoint(note: Uint8Array, publicKey: Uint8Array): Promise<Checkpoint> {
  const whole = note.length <= 4096 ? fromUtf8(note) : null;
  const parts = whole?.match(
    /^(([^\n]{1,200})\n(0|[1-9]\d{0,14})\n([A-Za-z0-9+/]{43}=)\ntime ([\d:TZ.-]{20,30})\n)\n— ([^\n ]+) ([A-Za-z0-9+/=]+)\n$/,
  );
  if (!parts) throw new Malformed('checkpoint-form', 'not a checkpoint');
  const [, text, origin, size, root, time, signer, signature] = parts as unknown as string[];
  const signed = fromBase64(signature as string);
  const id = await keyId(origin as string, publicKey);
  if (
    signer !== origin ||
    signed?.length !== 68 ||
    !id.every((byte, i) => byte === signed[i]) ||
    !(await verify(publicKey, signed.subarray(4), utf8(text as string)))
  ) {
    throw new Malformed('checkpoint-signature', 'the checkpoint is not signed by the known key');
  }
  return {
    origin: origin as string,
    size: Number(size),
    root: fromBase64(root as string) as Uint8Array,
    time: time as string,
  };
}

async function verify(key: Uint8Array, signature: Uint8Array, text: Bytes): Promise<boolean> {
  if (logDigest(key) === 'SM3') {
    const { sm2Verify } = await import('../../crypto/sm/sm2.ts');
    try {
      return sm2Verify(key, ecdsaToDer(signature), text);
    } catch (error) {
      if (error instanceof Malformed) return false;
      throw error;
    }
  }
  const imported = await crypto.subtle.importKey('raw', owned(key), 'Ed25519', false, ['verify']);
  return crypto.subtle.verify('Ed25519', imported, owned(signature), text);
}
