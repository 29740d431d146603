import { Malformed } from '../../crypto/index.ts';

/** Decrypts one block of eight octets. */
export type BlockDecrypt = (block: Uint8Array) => Uint8Array;

/** CBC over blocks of eight octets with the padding of PKCS #7. @throws {Malformed} `pfx-padding` */
export function cbcDecrypt(decrypt: BlockDecrypt, iv: Uint8Array, data: Uint8Array): Uint8Array {
  if (data.length === 0 || data.length % 8 !== 0) throw new Malformed('pfx-padding', 'length');
  const out = new Uint8Array(data.length);
  let previous = iv;
  for (let at = 0; at < data.length; at += 8) {
    const block = data.subarray(at, at + 8);
    const plain = decrypt(block);
    for (let i = 0; i < 8; i++) out[at + i] = (plain[i] as number) ^ (previous[i] as number);
    previous = block;
  }
  const pad = out[out.length - 1] as number;
  const end = out.length - pad;
  if (pad < 1 || pad > 8 || out.subarray(end).some((octet) => octet !== pad)) {
    throw new Malformed('pfx-padding', 'padding');
  }
  return out.subarray(0, end);
}
