/**
 * A checkpoint: the endpoint's signed statement of its log, a signed note as tlog tools read it
 * (origin, tree size, root, one extension line with the time; one Ed25519 signature).
 */
import {
  type Bytes,
  concat,
  fromBase64,
  fromUtf8,
  Malformed,
  owned,
  sha256,
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

/** `sign` is Ed25519 over the text; `publicKey` its 32 raw octets. */
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

/** First four octets of SHA-256(origin ‖ 0A ‖ 01 ‖ key), as signed notes name Ed25519 keys. */
async function keyId(origin: string, publicKey: Uint8Array): Promise<Uint8Array> {
  const hash = await sha256(concat(utf8(`${origin}\n`), new Uint8Array([1]), publicKey));
  return hash.subarray(0, 4);
}

/**
 * @param publicKey 32 raw octets of the Ed25519 key that must have signed
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
    !(await verifyEd25519(publicKey, signed.subarray(4), utf8(text as string)))
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

async function verifyEd25519(
  key: Uint8Array,
  signature: Uint8Array,
  text: Bytes,
): Promise<boolean> {
  const imported = await crypto.subtle.importKey('raw', owned(key), 'Ed25519', false, ['verify']);
  return crypto.subtle.verify('Ed25519', imported, owned(signature), text);
}
