/**
 * DEFLATE in its zlib wrapping (RFC 1950, 1951) with a bound on the output. Own code, because the
 * platform's DecompressionStream has no bound, is asynchronous and differs between engines on
 * bytes after the end. Bytes after the end are ignored here: a stream's Length may count an EOL.
 */
import { Malformed } from '../../crypto/index.ts';

const LENGTH_BASE = [
  3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131,
  163, 195, 227, 258,
];
const LENGTH_BITS = [
  0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0,
];
const DISTANCE_BASE = [
  1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049,
  3073, 4097, 6145, 8193, 12289, 16385, 24577,
];
const CODE_ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

interface Huffman {
  /** Indexed by the next `bits` bits: symbol << 4 | length; 0 for no code. */
  table: Uint16Array;
  bits: number;
}

function huffman(lengths: Uint8Array): Huffman {
  let bits = 0;
  const counts = new Uint16Array(16);
  for (const length of lengths) {
    if (length > bits) bits = length;
    if (length > 0) counts[length] = (counts[length] as number) + 1;
  }
  const next = new Uint16Array(17);
  let code = 0;
  for (let length = 1; length <= 15; length++) {
    next[length] = code;
    code += counts[length] as number;
    if (code > 1 << length) throw new Malformed('pdf-flate', 'over-subscribed code');
    code <<= 1;
  }
  const table = new Uint16Array(1 << bits);
  for (let symbol = 0; symbol < lengths.length; symbol++) {
    const length = lengths[symbol] as number;
    if (length === 0) continue;
    let value = next[length] as number;
    next[length] = value + 1;
    let reversed = 0;
    for (let i = 0; i < length; i++) {
      reversed = (reversed << 1) | (value & 1);
      value >>= 1;
    }
    for (let at = reversed; at < table.length; at += 1 << length)
      table[at] = (symbol << 4) | length;
  }
  return { table, bits };
}

let fixed: [Huffman, Huffman] | null = null;

function fixedCodes(): [Huffman, Huffman] {
  if (!fixed) {
    const lengths = new Uint8Array(288).fill(8).fill(9, 144, 256).fill(7, 256, 280);
    fixed = [huffman(lengths), huffman(new Uint8Array(30).fill(5))];
  }
  return fixed;
}

class Inflater {
  readonly input: Uint8Array;
  readonly limit: number;
  out: Uint8Array<ArrayBuffer>;
  size = 0;
  #pos: number;
  #hold = 0;
  #held = 0;

  constructor(input: Uint8Array, start: number, limit: number) {
    this.input = input;
    this.#pos = start;
    this.limit = limit;
    this.out = new Uint8Array(Math.min(limit, Math.max(1024, input.length * 4)));
  }

  #need(count: number): void {
    while (this.#held < count) {
      if (this.#pos >= this.input.length) throw new Malformed('pdf-flate', 'stream is cut short');
      this.#hold |= (this.input[this.#pos++] as number) << this.#held;
      this.#held += 8;
    }
  }

  #bits(count: number): number {
    if (count === 0) return 0;
    this.#need(count);
    const value = this.#hold & ((1 << count) - 1);
    this.#hold >>>= count;
    this.#held -= count;
    return value;
  }

  #symbol(code: Huffman): number {
    while (this.#held < code.bits && this.#pos < this.input.length) {
      this.#hold |= (this.input[this.#pos++] as number) << this.#held;
      this.#held += 8;
    }
    const entry = code.table[this.#hold & ((1 << code.bits) - 1)] as number;
    const length = entry & 15;
    if (length === 0 || length > this.#held) throw new Malformed('pdf-flate', 'no such code');
    this.#hold >>>= length;
    this.#held -= length;
    return entry >> 4;
  }

  #room(count: number): void {
    const wanted = this.size + count;
    if (wanted > this.limit) throw new Malformed('pdf-budget', 'a stream expands to too much data');
    if (wanted <= this.out.length) return;
    const grown = new Uint8Array(Math.min(this.limit, Math.max(wanted, this.out.length * 2)));
    grown.set(this.out.subarray(0, this.size));
    this.out = grown;
  }

  run(): Uint8Array {
    for (let last = 0; last === 0; ) {
      last = this.#bits(1);
      const kind = this.#bits(2);
      if (kind === 0) this.#stored();
      else if (kind === 1) this.#block(...fixedCodes());
      else if (kind === 2) this.#block(...this.#dynamicCodes());
      else throw new Malformed('pdf-flate', 'no such block type');
    }
    return this.out.subarray(0, this.size);
  }

  #stored(): void {
    this.#pos -= this.#held >> 3;
    this.#hold = 0;
    this.#held = 0;
    const at = this.#pos;
    const { input } = this;
    if (at + 4 > input.length) throw new Malformed('pdf-flate', 'stream is cut short');
    const length = (input[at] as number) | ((input[at + 1] as number) << 8);
    const check = (input[at + 2] as number) | ((input[at + 3] as number) << 8);
    if ((length ^ check) !== 0xffff || at + 4 + length > input.length) {
      throw new Malformed('pdf-flate', 'length of a stored block');
    }
    this.#room(length);
    this.out.set(input.subarray(at + 4, at + 4 + length), this.size);
    this.size += length;
    this.#pos = at + 4 + length;
  }

  #dynamicCodes(): [Huffman, Huffman] {
    const literals = this.#bits(5) + 257;
    const distances = this.#bits(5) + 1;
    const count = this.#bits(4) + 4;
    const order = new Uint8Array(19);
    for (let i = 0; i < count; i++) order[CODE_ORDER[i] as number] = this.#bits(3);
    const code = huffman(order);
    const lengths = new Uint8Array(literals + distances);
    for (let at = 0; at < lengths.length; ) {
      const symbol = this.#symbol(code);
      if (symbol < 16) {
        lengths[at++] = symbol;
        continue;
      }
      if (symbol === 16 && at === 0) throw new Malformed('pdf-flate', 'nothing to repeat');
      const value = symbol === 16 ? (lengths[at - 1] as number) : 0;
      const repeat =
        symbol === 16 ? 3 + this.#bits(2) : symbol === 17 ? 3 + this.#bits(3) : 11 + this.#bits(7);
      if (at + repeat > lengths.length) throw new Malformed('pdf-flate', 'too many code lengths');
      lengths.fill(value, at, at + repeat);
      at += repeat;
    }
    return [huffman(lengths.subarray(0, literals)), huffman(lengths.subarray(literals))];
  }

  #block(literals: Huffman, distances: Huffman): void {
    for (;;) {
      const symbol = this.#symbol(literals);
      if (symbol < 256) {
        if (this.size >= this.out.length) this.#room(1);
        this.out[this.size++] = symbol;
        continue;
      }
      if (symbol === 256) return;
      const base = LENGTH_BASE[symbol - 257];
      if (base === undefined) throw new Malformed('pdf-flate', 'no such length');
      const length = base + this.#bits(LENGTH_BITS[symbol - 257] as number);
      const code = this.#symbol(distances);
      const from = DISTANCE_BASE[code];
      if (from === undefined) throw new Malformed('pdf-flate', 'no such distance');
      const distance = from + this.#bits(code < 2 ? 0 : (code >> 1) - 1);
      if (distance > this.size) throw new Malformed('pdf-flate', 'distance before the start');
      this.#room(length);
      const { out } = this;
      let to = this.size;
      for (const stop = to + length; to < stop; to++) out[to] = out[to - distance] as number;
      this.size = to;
    }
  }
}

/**
 * @param limit most bytes that may come out
 * @throws {Malformed} `pdf-flate` for a bad or cut stream, `pdf-budget` past the limit
 */
export function inflateZlib(input: Uint8Array, limit: number): Uint8Array {
  const [first, second] = input;
  if (first === undefined || second === undefined) throw new Malformed('pdf-flate', 'no header');
  if ((first & 15) !== 8 || (first * 256 + second) % 31 !== 0 || second & 0x20) {
    throw new Malformed('pdf-flate', 'not a zlib stream');
  }
  return new Inflater(input, 2, limit).run();
}
