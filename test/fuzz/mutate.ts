/** Mutations of genuine files: bits, bytes, lengths, pieces cut, doubled, moved or taken from another. */

export type Random = () => number;

/** Numbers in [0, 1) that a seed decides (mulberry32), so that a fault can be run again. */
export function randomFrom(seed: number): Random {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

const INTERESTING = [0x00, 0x01, 0x20, 0x30, 0x31, 0x7f, 0x80, 0x81, 0x84, 0xa0, 0xa3, 0xff];

/** One to eight changes, small ones mostly. */
export function mutate(seeds: readonly Uint8Array[], random: Random): Uint8Array {
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  let bytes: Uint8Array = pick(seeds).slice();
  for (let left = 1 + Math.floor(random() ** 2 * 8); left > 0; left--) {
    const at = Math.floor(random() * (bytes.length + 1));
    const to = Math.min(bytes.length, at + Math.floor(random() ** 3 * 400));
    const kind = Math.floor(random() * 8);
    if (kind <= 1) bytes[at] = (bytes[at] ?? 0) ^ (1 << Math.floor(random() * 8));
    else if (kind === 2) bytes[at] = pick(INTERESTING);
    else if (kind === 3) bytes[at] = Math.floor(random() * 256);
    else if (kind === 4) bytes = spliced(bytes, at, to, new Uint8Array());
    else if (kind === 5) bytes = spliced(bytes, at, at, bytes.subarray(at, to));
    else if (kind === 6) {
      const other = pick(seeds);
      const from = Math.floor(random() * other.length);
      bytes = spliced(bytes, at, to, other.subarray(from, from + to - at));
    } else if (random() < 0.1) bytes = bytes.slice(0, at);
  }
  return bytes;
}

function spliced(bytes: Uint8Array, from: number, to: number, middle: Uint8Array): Uint8Array {
  const out = new Uint8Array(bytes.length - (to - from) + middle.length);
  out.set(bytes.subarray(0, from));
  out.set(middle, from);
  out.set(bytes.subarray(to), from + middle.length);
  return out;
}
