/**
 * Finds the algorithms that octets name: object identifiers in DER, wherever DER lies (in a ZIP, in
 * hexadecimal or base64, inside another DER), and words of JSON, XML and PDF.
 */
import { inflateSync } from 'node:zlib';
import { unzipSync } from 'fflate';
import { fromHex, latin1 } from '../../src/crypto/index.ts';

/** Content octets of an object identifier by the name that the test uses; longer ones first. */
const IDENTIFIERS: [RegExp, string][] = [
  [/^2a811ccf5501/, 'SM'],
  [/^2a8648ce3d0201$/, 'ecPublicKey'],
  [/^2a8648ce3d04/, 'ECDSA'],
  [/^2a8648ce3d0301/, 'NIST curve'],
  [/^2b81040022|^2b81040023/, 'NIST curve'],
  [/^2a864886f70d0101/, 'RSA'],
  [/^2b65(6e|6f|70|71)$/, 'Edwards'],
  [/^60864801650304(01)/, 'AES'],
  [/^60864801650304(02)/, 'SHA-2 or SHA-3'],
  [/^2b0e03021a/, 'SHA-1'],
  [/^2a864886f70d02/, 'RSADSI digest'],
  [/^2b81040101/, 'ECDH'],
];

/** Words that text names an algorithm by. */
const WORDS =
  /\bsha-?(?:1|224|256|384|512)\b|\baes\b|\becdsa|\bed25519\b|\brsa\b|\bp-?256\b|\bes256\b|\bpbkdf2-sha|\bhkdf-sha|\bmd5\b/gi;

/** What is base64 or hexadecimal of something, and says nothing in words. */
const OPAQUE = /[A-Za-z0-9+/]{40,}={0,2}/g;

export interface Finding {
  algorithm: string;
  /** Where it stands, and the text or octets around it. */
  where: string;
}

export class AlgorithmsWritten {
  readonly found: Finding[] = [];
  /** How many algorithm identifiers of SM were seen: the search is not blind. */
  chinese = 0;
  readonly #seen = new Set<string>();

  /** Any octets: archives are opened, everything else is searched as DER and as text. */
  async walk(where: string, bytes: Uint8Array): Promise<void> {
    const start = latin1(bytes.subarray(0, 8));
    if (start.startsWith('PK\u0003\u0004')) {
      for (const [name, entry] of Object.entries(unzipSync(bytes))) {
        await this.walk(`${where}/${name}`, entry);
      }
      return;
    }
    if (start.startsWith('%PDF-')) await this.#pdf(where, bytes);
    this.#identifiers(where, bytes);
    this.#encoded(where, bytes);
  }

  /** A value as it is kept or sent. */
  async value(where: string, value: unknown): Promise<void> {
    if (value instanceof Uint8Array) return this.walk(where, value);
    if (typeof value === 'string') {
      this.#words(where, value);
      return this.walk(where, new TextEncoder().encode(value));
    }
    if (typeof value !== 'object' || value === null) return;
    for (const [name, member] of Object.entries(value))
      await this.value(`${where}.${name}`, member);
  }

  #note(algorithm: string, where: string): void {
    const name = `${algorithm} ${where}`;
    if (this.#seen.has(name)) return;
    this.#seen.add(name);
    this.found.push({ algorithm, where });
  }

  /** Streams of a PDF, inflated where they are deflated, and the words around them. */
  async #pdf(where: string, bytes: Uint8Array): Promise<void> {
    const text = latin1(bytes);
    for (const { index, 0: head } of text.matchAll(/stream\r?\n/g)) {
      const end = text.indexOf('endstream', index);
      if (text.slice(index - 3, index) === 'end' || end < 0) continue;
      const raw = bytes.subarray(index + head.length, end);
      let stream = raw;
      try {
        stream = new Uint8Array(inflateSync(raw, { finishFlush: 2 }));
      } catch {
        // Stored as it is.
      }
      if (!latin1(stream.subarray(0, 4)).startsWith('%PDF')) {
        this.#identifiers(`${where} stream`, stream);
        this.#encoded(`${where} stream`, stream);
      }
    }
    this.#words(where, text.replace(/stream[\s\S]*?endstream/g, ''));
  }

  /** 06 length content: what is no identifier by chance is none of those above either. */
  #identifiers(where: string, bytes: Uint8Array): void {
    for (let at = bytes.indexOf(6); at >= 0; at = bytes.indexOf(6, at + 1)) {
      const length = bytes[at + 1] ?? 0;
      if (length < 3 || length > 12 || at + 2 + length > bytes.length) continue;
      let hex = '';
      for (let i = 0; i < length; i++) {
        hex += (bytes[at + 2 + i] as number).toString(16).padStart(2, '0');
      }
      for (const [pattern, name] of IDENTIFIERS) {
        if (!pattern.test(hex)) continue;
        if (name === 'SM') this.chinese++;
        else if (name !== 'ecPublicKey') this.#note(name, where);
        break;
      }
    }
  }

  /** DER in hexadecimal (a PDF's Contents) and in base64 (JSON). */
  #encoded(where: string, bytes: Uint8Array): void {
    const text = latin1(bytes);
    for (const [, hex] of text.matchAll(/<(30[0-9a-fA-F]{200,})>/g)) {
      const der = fromHex((hex as string).toLowerCase());
      if (der) this.#identifiers(`${where}<hex>`, der);
    }
    for (const [base64] of text.matchAll(/[A-Za-z0-9+/]{40,}={0,2}/g)) {
      this.#identifiers(`${where}<base64>`, Buffer.from(base64, 'base64'));
    }
    if (/^[\s\S]{0,3}[{[<]/.test(text.slice(0, 4))) this.#words(where, text);
  }

  #words(where: string, text: string): void {
    for (const [word] of text.replace(OPAQUE, '').matchAll(WORDS))
      this.#note(word.toLowerCase(), where);
  }
}
