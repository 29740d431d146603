import { sm3 as sm3Hex } from 'sm-crypto-v2';
import { fromHex } from '../bytes.ts';

/** SM3 (GB/T 32905-2016): 32 octets. */
export function sm3(data: Uint8Array): Uint8Array {
  return fromHex(sm3Hex(data)) as Uint8Array;
}
