/**
 * The syntax of objects (ISO 32000-2, 7.2 and 7.3), read strictly: balanced and terminated tokens,
 * no key twice in a dictionary where readers could show different things, bounded nesting. Nothing
 * is repaired.
 */
import { latin1, Malformed } from '../../crypto/index.ts';
import { LIMITS, type PdfBudget } from './budget.ts';
import { hexDigit, isWhite, KIND, REGULAR, WHITE } from './characters.ts';
import { PdfDict, PdfName, type PdfObject, PdfRef, PdfString, sameObject } from './objects.ts';
import { hexString, literalString } from './strings.ts';

/** Byte range of a value inside the file. */
export type Span = readonly [start: number, end: number];

/** Keys whose values are told where they matter: those that signatures are about, and those above. */
const SPANNED = new Set(['ByteRange', 'Contents', 'V', 'Perms', 'UR', 'UR3']);

/**
 * Keys that alter nothing of what pages show and signatures cover. Written twice with different
 * values, the last counts, as readers have it.
 */
const WITHOUT_WEIGHT = new Set([
  'Author',
  'CreationDate',
  'Creator',
  'Keywords',
  'Lang',
  'ModDate',
  'PageLayout',
  'PageMode',
  'ProcSet',
  'Producer',
  'StructParent',
  'StructParents',
  'Subject',
  'Tabs',
  'Title',
  'Trapped',
  'ViewerPreferences',
]);

export class PdfParser {
  readonly bytes: Uint8Array;
  readonly end: number;
  readonly budget: PdfBudget;
  pos: number;
  /** Undoes the encryption of strings, where there is any. */
  decrypt: ((bytes: Uint8Array) => Uint8Array) | null = null;
  /** Where the values of the outermost dictionary stand, for the keys that signatures are about. */
  spans: Map<string, Span> | null = null;
  #depth = 0;

  constructor(bytes: Uint8Array, pos: number, end: number, budget: PdfBudget) {
    this.bytes = bytes;
    this.pos = pos;
    this.end = end;
    this.budget = budget;
  }

  fail(code: string, message: string): never {
    throw new Malformed(code, message, this.pos);
  }

  peek(): number {
    return this.pos < this.end ? (this.bytes[this.pos] as number) : -1;
  }

  /** White space and comments. */
  skip(): void {
    for (;;) {
      const byte = this.peek();
      if (byte < 0) return;
      if (byte === 0x25) {
        while (this.pos < this.end) {
          const next = this.bytes[this.pos];
          if (next === 10 || next === 13) break;
          this.pos++;
        }
      } else if (KIND[byte] === WHITE) this.pos++;
      else return;
    }
  }

  /** Whether `word` stands here and ends here; if so, it is passed. */
  take(word: string): boolean {
    for (let i = 0; i < word.length; i++) {
      if (this.bytes[this.pos + i] !== word.charCodeAt(i)) return false;
    }
    const stop = this.pos + word.length;
    if (stop > this.end) return false;
    if (stop < this.end && KIND[this.bytes[stop] as number] === REGULAR) return false;
    this.pos = stop;
    return true;
  }

  expect(word: string): void {
    this.skip();
    if (!this.take(word)) this.fail('pdf-syntax', `"${word}" expected`);
  }

  /** Decimal digits only. @returns -1 (and stays) where there are none. */
  digits(): number {
    let at = this.pos;
    let value = 0;
    while (at < this.end) {
      const digit = (this.bytes[at] as number) - 48;
      if (digit < 0 || digit > 9) break;
      value = value * 10 + digit;
      at++;
    }
    if (at === this.pos || at - this.pos > 15) return -1;
    if (at < this.end && KIND[this.bytes[at] as number] === REGULAR) return -1;
    this.pos = at;
    return value;
  }

  /** An unsigned integer after white space. */
  integer(): number {
    this.skip();
    const value = this.digits();
    if (value < 0) this.fail('pdf-syntax', 'an integer expected');
    return value;
  }

  value(): PdfObject {
    this.skip();
    this.budget.token();
    const byte = this.peek();
    switch (byte) {
      case -1:
        return this.fail('pdf-truncated', 'the file ends inside an object');
      case 0x2f:
        return this.#name();
      case 0x28:
        return this.#string(literalString(this));
      case 0x3c:
        if (this.bytes[this.pos + 1] === 0x3c) return this.#dict();
        return this.#string(hexString(this));
      case 0x5b:
        return this.#array();
    }
    if ((byte >= 48 && byte <= 57) || byte === 43 || byte === 45 || byte === 46) {
      return this.#numberOrRef();
    }
    if (this.take('true')) return true;
    if (this.take('false')) return false;
    if (this.take('null')) return null;
    return this.fail('pdf-syntax', 'not an object');
  }

  #string(bytes: Uint8Array): PdfString {
    // A view weighs more than a number or a name.
    this.budget.token(4);
    return this.decrypt ? decrypted(bytes, this.decrypt) : new PdfString(bytes);
  }

  #enter(): void {
    if (++this.#depth > LIMITS.nesting) this.fail('pdf-nesting', 'nested too deeply');
  }

  #name(): PdfName {
    return new PdfName(this.#nameText());
  }

  #nameText(): string {
    const start = ++this.pos;
    let escaped = false;
    while (this.pos < this.end && KIND[this.bytes[this.pos] as number] === REGULAR) {
      if (this.bytes[this.pos] === 0x23) escaped = true;
      this.pos++;
    }
    if (this.pos - start > 1024) this.fail('pdf-name', 'a name longer than 1024 bytes');
    let out = '';
    if (this.pos - start > 64) this.budget.scan(4 * (this.pos - start));
    if (!escaped) return latin1(this.bytes, start, this.pos);
    for (let at = start; at < this.pos; at++) {
      const byte = this.bytes[at] as number;
      const high = byte === 0x23 && at + 2 < this.pos ? hexDigit(this.bytes[at + 1]) : -1;
      const low = high >= 0 ? hexDigit(this.bytes[at + 2]) : -1;
      if (low >= 0) at += 2;
      out += String.fromCharCode(low >= 0 ? high * 16 + low : byte);
    }
    return out;
  }

  #array(): PdfObject {
    this.#enter();
    this.pos++;
    const out: PdfObject[] = [];
    for (;;) {
      this.skip();
      if (this.peek() === 0x5d) break;
      out.push(this.value());
    }
    this.pos++;
    this.#depth--;
    return out;
  }

  #dict(): PdfDict {
    this.#enter();
    const outermost = this.#depth === 1;
    this.pos += 2;
    const out = new Map<string, PdfObject>();
    let twice: string | null = null;
    for (;;) {
      this.skip();
      const byte = this.peek();
      if (byte === 0x3e && this.bytes[this.pos + 1] === 0x3e) break;
      if (byte !== 0x2f) this.fail('pdf-syntax', 'a key or the end of the dictionary expected');
      this.budget.token();
      const key = this.#nameText();
      this.skip();
      const start = this.pos;
      const value = key === 'Contents' ? this.#undecrypted() : this.value();
      if (out.has(key)) {
        twice = key;
        const harmless = WITHOUT_WEIGHT.has(key) || sameObject(out.get(key) ?? null, value);
        if (!harmless) this.#refuseTwice(key);
      }
      out.set(key, value);
      if (outermost && SPANNED.has(key)) {
        this.spans ??= new Map();
        this.spans.set(key, [start, this.pos]);
      }
    }
    this.pos += 2;
    this.#depth--;
    if (twice !== null) {
      // What a signature is and covers must be read alike by everybody, down to where it stands.
      if (out.has('ByteRange') || SPANNED.has(twice)) this.#refuseTwice(twice);
      this.budget.note('pdf-key-twice', `key /${twice} twice in one dictionary`, { key: twice });
    }
    const contents = out.get('Contents');
    if (this.decrypt && contents instanceof PdfString && !out.has('ByteRange')) {
      out.set('Contents', decrypted(contents.bytes, this.decrypt));
    }
    return new PdfDict(out);
  }

  #refuseTwice(key: string): never {
    return this.fail('pdf-duplicate-key', `key /${key} twice in one dictionary`);
  }

  /** Contents of a signature is the one string that is never encrypted. */
  #undecrypted(): PdfObject {
    const { decrypt } = this;
    this.decrypt = null;
    const value = this.value();
    this.decrypt = decrypt;
    return value;
  }

  #numberOrRef(): PdfObject {
    const start = this.pos;
    const num = this.digits();
    if (num >= 0) {
      const afterNumber = this.pos;
      if (num <= 0x7fffff && isWhite(this.bytes[this.pos])) {
        this.skip();
        const gen = this.digits();
        if (gen >= 0 && gen <= 0xffff) {
          this.skip();
          if (this.take('R')) return new PdfRef(num, gen);
        }
      }
      this.pos = afterNumber;
      return num;
    }
    this.pos = start;
    while (this.pos < this.end && KIND[this.bytes[this.pos] as number] === REGULAR) this.pos++;
    if (this.pos - start > 64) this.fail('pdf-number', 'a number of too many digits');
    const text = latin1(this.bytes, start, this.pos);
    if (!/^[+-]?(\d+\.?\d*|\.\d+)$/.test(text)) this.fail('pdf-number', `not a number: ${text}`);
    return Number(text);
  }
}

function decrypted(bytes: Uint8Array, decrypt: (bytes: Uint8Array) => Uint8Array): PdfString {
  const plain = decrypt(bytes);
  return new PdfString(plain, plain === bytes && bytes.length > 0);
}
