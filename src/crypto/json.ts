/**
 * JSON as signed records carry it: RFC 8785 canonical form over a narrow value space (strings in
 * NFC, safe integers, booleans, null, arrays, objects), and a reader that refuses what two parsers
 * could understand in two ways: duplicate keys, floats, lone surrogates, deep nesting.
 */
import { fromUtf8, utf8 } from './bytes.ts';
import { Malformed } from './malformed.ts';

export type Json = null | boolean | number | string | Json[] | JsonObject;
export interface JsonObject {
  [key: string]: Json;
}

export interface JsonLimits {
  /** Nesting of arrays and objects; default 32. */
  maxDepth?: number;
  /** Size of the input in bytes; default 16 MiB. */
  maxBytes?: number;
}

const LONE_SURROGATE = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;

/**
 * Reads exactly one JSON text in UTF-8 (RFC 8259) without a byte order mark.
 * @throws {Malformed} `json-utf8 json-syntax json-number json-string json-key json-depth json-size`
 */
export function readStrictJson(bytes: Uint8Array, limits: JsonLimits = {}): Json {
  if (bytes.length > (limits.maxBytes ?? 16 << 20)) throw new Malformed('json-size', 'too large');
  const text = fromUtf8(bytes);
  if (text === null) throw new Malformed('json-utf8', 'not UTF-8');
  const reader = new Reader(text);
  const value = reader.value(limits.maxDepth ?? 32);
  reader.end();
  return value;
}

/**
 * As {@link readStrictJson}, and the bytes must be the canonical form of what they say.
 * @throws {Malformed} also `json-not-canonical`
 */
export function readCanonicalJson(bytes: Uint8Array, limits: JsonLimits = {}): Json {
  const known = alreadyCanonical(bytes, limits);
  if (known !== undefined) return known;
  const value = readStrictJson(bytes, limits);
  const canonical = utf8(canonicalJson(value));
  if (canonical.length !== bytes.length || !canonical.every((byte, i) => byte === bytes[i])) {
    throw new Malformed('json-not-canonical', 'not in the canonical form of RFC 8785');
  }
  return value;
}

/**
 * The value, where the platform's own writer gives the very same text of what its reader read, and
 * that text is in order: then no key stands twice, no number is a float, and the strict reader
 * would read nothing else. Undefined: the slower way decides.
 */
function alreadyCanonical(bytes: Uint8Array, limits: JsonLimits): Json | undefined {
  if (bytes.length > (limits.maxBytes ?? 16 << 20)) return undefined;
  const text = fromUtf8(bytes);
  // Whatever lies within a text in NFC is in NFC; an escaped surrogate stands alone.
  if (text === null || text.normalize('NFC') !== text || text.includes('\\ud')) return undefined;
  try {
    const value = JSON.parse(text) as Json;
    const plain = JSON.stringify(value) === text && isOrdered(value, limits.maxDepth ?? 32);
    return plain ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Members ascend by UTF-16 code units, numbers are safe integers, nothing is nested deeper. */
function isOrdered(value: Json, depth: number): boolean {
  if (typeof value === 'number') return Number.isSafeInteger(value);
  if (typeof value !== 'object' || value === null) return true;
  if (depth <= 0) return false;
  if (Array.isArray(value)) return value.every((member) => isOrdered(member, depth - 1));
  let before: string | null = null;
  for (const key of Object.keys(value)) {
    if (key === '__proto__' || (before !== null && before >= key)) return false;
    if (!isOrdered(value[key] as Json, depth - 1)) return false;
    before = key;
  }
  return true;
}

/**
 * RFC 8785: no white space, members by UTF-16 code units, ECMAScript string escapes.
 * @throws {Malformed} for a value outside the value space (`undefined` members included).
 */
export const canonicalJson = (value: unknown): string => write(value, Number.POSITIVE_INFINITY);

function write(value: unknown, depth: number): string {
  switch (typeof value) {
    case 'string':
      return JSON.stringify(checkString(value));
    case 'boolean':
      return String(value);
    case 'number':
      if (!Number.isSafeInteger(value) || Object.is(value, -0)) {
        throw new Malformed('json-number', 'safe integers only');
      }
      return String(value);
    case 'object': {
      if (value === null) return 'null';
      if (depth <= 0) throw new Malformed('json-depth', 'nested too deeply');
      if (Array.isArray(value))
        return `[${value.map((member) => write(member, depth - 1)).join(',')}]`;
      const prototype: unknown = Object.getPrototypeOf(value);
      if (prototype !== Object.prototype && prototype !== null) break;
      // The default order of sort() is that of UTF-16 code units.
      const members = Object.keys(value)
        .sort()
        .map(
          (key) =>
            `${JSON.stringify(checkKey(key))}:${write((value as Record<string, unknown>)[key], depth - 1)}`,
        );
      return `{${members.join(',')}}`;
    }
  }
  throw new Malformed('json-value', 'not a JSON value');
}

function checkString(text: string, at?: number): string {
  if (LONE_SURROGATE.test(text)) throw new Malformed('json-string', 'lone surrogate', at);
  if (text.normalize('NFC') !== text) throw new Malformed('json-string', 'not in NFC', at);
  return text;
}

function checkKey(key: string, at?: number): string {
  if (key === '__proto__') throw new Malformed('json-key', 'reserved name', at);
  return checkString(key, at);
}

/** Recursive descent over UTF-16 code units; depth is bounded by the caller. */
class Reader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  value(depth: number): Json {
    this.#space();
    const first = this.#text[this.#at];
    if (first === '"') return this.#string();
    if (first === '{' || first === '[') {
      if (depth <= 0) throw new Malformed('json-depth', 'nested too deeply', this.#at);
      this.#at++;
      return first === '{' ? this.#object(depth - 1) : this.#array(depth - 1);
    }
    for (const [word, value] of [
      ['true', true],
      ['false', false],
      ['null', null],
    ] as const) {
      if (this.#text.startsWith(word, this.#at)) {
        this.#at += word.length;
        return value;
      }
    }
    return this.#integer();
  }

  end(): void {
    this.#space();
    if (this.#at !== this.#text.length) this.#fail('text after the value');
  }

  #object(depth: number): JsonObject {
    const out: JsonObject = {};
    if (this.#take('}')) return out;
    do {
      this.#space();
      const at = this.#at;
      if (this.#text[at] !== '"') this.#fail('member name expected');
      const key = checkKey(this.#string(), at);
      if (Object.hasOwn(out, key)) throw new Malformed('json-key', `member "${key}" twice`, at);
      if (!this.#take(':')) this.#fail('colon expected');
      out[key] = this.value(depth);
    } while (this.#take(','));
    if (!this.#take('}')) this.#fail('comma or end of object expected');
    return out;
  }

  #array(depth: number): Json[] {
    const out: Json[] = [];
    if (this.#take(']')) return out;
    do out.push(this.value(depth));
    while (this.#take(','));
    if (!this.#take(']')) this.#fail('comma or end of array expected');
    return out;
  }

  /** The grammar of a string is JSON.parse's own; this finds its end. */
  #string(): string {
    const start = this.#at++;
    for (;;) {
      const code = this.#text.charCodeAt(this.#at);
      if (Number.isNaN(code) || code < 0x20) this.#fail('string not closed');
      if (code === 0x22) break;
      this.#at += code === 0x5c ? 2 : 1;
    }
    this.#at++;
    try {
      return checkString(JSON.parse(this.#text.slice(start, this.#at)) as string, start);
    } catch (error) {
      if (error instanceof Malformed) throw error;
      throw new Malformed('json-syntax', 'escape', start);
    }
  }

  #integer(): number {
    const at = this.#at;
    const digits = /[-+.\w]*/y;
    digits.lastIndex = at;
    const word = digits.exec(this.#text)?.[0] ?? '';
    if (word === '') this.#fail('value expected');
    const value = Number(word);
    if (!/^(0|-?[1-9]\d{0,15})$/.test(word) || !Number.isSafeInteger(value)) {
      throw new Malformed('json-number', 'plain safe integers only', at);
    }
    this.#at += word.length;
    return value;
  }

  #take(mark: string): boolean {
    this.#space();
    if (this.#text[this.#at] !== mark) return false;
    this.#at++;
    return true;
  }

  #space(): void {
    while (' \t\n\r'.includes(this.#text[this.#at] ?? 'x')) this.#at++;
  }

  #fail(message: string): never {
    throw new Malformed('json-syntax', message, this.#at);
  }
}
