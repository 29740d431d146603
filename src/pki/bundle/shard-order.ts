/**
 * The order in which a shard hands out its indexes: a secret permutation, so that neighbours in a
 * list tell nothing about each other, and the only state is how many were handed out.
 */
import { Malformed, owned } from '../../crypto/index.ts';
import { SHARD_SIZE } from './status-list.ts';

const LEFT_BITS = 8;
const RIGHT_BITS = 9;
const ROUNDS = 10;

/**
 * An unbalanced Feistel network over the 17 bits of an index, with HMAC-SHA-256 as round function.
 * @param key at least 16 secret octets, one key per shard
 * @param count how many indexes of the shard were handed out before, 0 … 131 071
 * @throws {Malformed} `shard-full`
 */
export async function shardIndex(key: Uint8Array, count: number): Promise<number> {
  if (!Number.isInteger(count) || count < 0 || count >= SHARD_SIZE) {
    throw new Malformed('shard-full', 'no index left in this shard');
  }
  const hmac = { name: 'HMAC', hash: 'SHA-256' };
  const mac = await crypto.subtle.importKey('raw', owned(key), hmac, false, ['sign']);
  const round = async (number: number, half: number) => {
    const input = new Uint8Array([number, half >> 8, half & 0xff]);
    const out = new Uint8Array(await crypto.subtle.sign('HMAC', mac, input));
    return ((out[0] as number) << 8) | (out[1] as number);
  };
  let left = count >> RIGHT_BITS;
  let right = count & ((1 << RIGHT_BITS) - 1);
  for (let i = 0; i < ROUNDS; i += 2) {
    left ^= (await round(i, right)) & ((1 << LEFT_BITS) - 1);
    right ^= (await round(i + 1, left)) & ((1 << RIGHT_BITS) - 1);
  }
  return (left << RIGHT_BITS) | right;
}
