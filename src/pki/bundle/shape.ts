/** Checking the shape of signed JSON: every member known, typed and bounded. */
import { fromBase64, type Json, type JsonObject, Malformed } from '../../crypto/index.ts';

/** Throws `Malformed` where a value is not of its shape; `path` names it in the message. */
export type Shape = (value: Json | undefined, path: string) => void;

const refuse = (code: string, path: string, what: string): never => {
  throw new Malformed(code, `${path}: ${what}`);
};

/** An object with exactly these members; the names in `optional` may be absent. */
export const object =
  (members: Record<string, Shape>, optional: readonly string[] = []): Shape =>
  (value, path) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      return refuse('bundle-shape', path, 'object expected');
    }
    for (const name of Object.keys(value)) {
      if (!Object.hasOwn(members, name))
        refuse('bundle-shape', `${path}.${name}`, 'unknown member');
    }
    for (const [name, shape] of Object.entries(members)) {
      const member = (value as JsonObject)[name];
      if (member === undefined && optional.includes(name)) continue;
      shape(member, `${path}.${name}`);
    }
  };

/** A list of at most `max` values. */
export const list =
  (shape: Shape, max: number, min = 0): Shape =>
  (value, path) => {
    if (!Array.isArray(value)) return refuse('bundle-shape', path, 'list expected');
    if (value.length < min || value.length > max) {
      refuse('bundle-size', path, `${min} to ${max} entries`);
    }
    for (const [i, entry] of value.entries()) shape(entry, `${path}[${i}]`);
  };

/** A list without repetition. */
export const setOf =
  (shape: Shape, max: number, min = 0): Shape =>
  (value, path) => {
    list(shape, max, min)(value, path);
    if (new Set(value as Json[]).size !== (value as Json[]).length) {
      refuse('bundle-shape', path, 'entry twice');
    }
  };

/** Text of 1 to `max` characters without control characters. */
export const text =
  (max: number): Shape =>
  (value, path) => {
    if (typeof value !== 'string') return refuse('bundle-shape', path, 'text expected');
    if (value === '' || value.length > max) refuse('bundle-size', path, `1 to ${max} characters`);
    if (/[\p{Cc}\p{Cs}]/u.test(value)) refuse('bundle-shape', path, 'control character');
  };

export const matching =
  (pattern: RegExp, what: string): Shape =>
  (value, path) => {
    if (typeof value !== 'string' || !pattern.test(value)) refuse('bundle-shape', path, what);
  };

/** SHA-256 in lower-case hexadecimal. */
export const hash = matching(/^[0-9a-f]{64}$/, 'SHA-256 expected');

export const oneOf =
  (...words: readonly Json[]): Shape =>
  (value, path) => {
    if (value === undefined || !words.includes(value)) {
      refuse('bundle-shape', path, `one of ${words.join(', ')}`);
    }
  };

export const flag: Shape = oneOf(true, false);

export const whole =
  (min: number, max = Number.MAX_SAFE_INTEGER): Shape =>
  (value, path) => {
    if (typeof value !== 'number' || value < min || value > max) {
      refuse('bundle-shape', path, `whole number from ${min}`);
    }
  };

/** ISO 8601 in UTC, seconds or milliseconds, and a time that exists. */
export const time: Shape = (value, path) => {
  const known =
    typeof value === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?Z$/.test(value);
  const date = known ? new Date(value) : null;
  const exists = date && !Number.isNaN(date.getTime()) && date.toISOString().slice(0, 19);
  if (!exists || exists !== (value as string).slice(0, 19))
    refuse('bundle-time', path, 'time in UTC');
};

/** Canonical base64; `check` may look at the octets. */
export const base64 =
  (maxBytes: number, check?: (bytes: Uint8Array, path: string) => void): Shape =>
  (value, path) => {
    const bytes = typeof value === 'string' ? fromBase64(value) : null;
    if (!bytes || bytes.length === 0) return refuse('bundle-shape', path, 'base64 expected');
    if (bytes.length > maxBytes) refuse('bundle-size', path, `at most ${maxBytes} bytes`);
    check?.(bytes, path);
  };
