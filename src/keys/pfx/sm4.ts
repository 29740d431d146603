/** SM4 (GB/T 32907) in CBC mode, as key files of Chinese software are encrypted. */
import { sm4 } from 'sm-crypto-v2';
import { Malformed } from '../../crypto/index.ts';

/** @throws {Malformed} `pfx-padding` */
export function sm4Cbc(key: Uint8Array, iv: Uint8Array, data: Uint8Array): Uint8Array {
  if (data.length === 0 || data.length % 16 !== 0) throw new Malformed('pfx-padding', 'length');
  const out = sm4.decrypt(data, key, { mode: 'cbc', iv, padding: 'none', output: 'array' });
  const pad = out[out.length - 1] ?? 0;
  const end = out.length - pad;
  if (pad < 1 || pad > 16 || out.subarray(end).some((octet) => octet !== pad)) {
    throw new Malformed('pfx-padding', 'padding');
  }
  return out.slice(0, end);
}

/** One block after the other without padding, as GB/T 35276 envelops keys. @throws {Malformed} `pfx-padding` */
export function sm4Ecb(key: Uint8Array, data: Uint8Array): Uint8Array {
  if (data.length === 0 || data.length % 16 !== 0) throw new Malformed('pfx-padding', 'length');
  return sm4.decrypt(data, key, { mode: 'ecb', padding: 'none', output: 'array' });
}
