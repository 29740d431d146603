/** Small declarative shapes for what records hold; one refusal names the field that breaks. */
import { fromBase64, type Json, Malformed } from '../../crypto/index.ts';
import { readDecimal } from '../../licence/index.ts';

/** @throws {Malformed} `record-shape`, with the path of the field. */
export type Shape = (value: Json | undefined, path: string) => void;

const refuse = (path: string): never => {
  throw new Malformed('record-shape', `${path} is missing or has another form`);
};

export const text =
  (max: number, pattern?: RegExp): Shape =>
  (value, path) => {
    if (typeof value !== 'string' || [...value].length > max) refuse(path);
    if (pattern && !pattern.test(value as string)) refuse(path);
  };

export const hash: Shape = text(64, /^[0-9a-f]{64}$/);
export const time: Shape = text(30, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,3})?Z$/);
export const date: Shape = text(10, /^\d{4}-\d\d-\d\d$/);
/** As the licence reads it, never negative. */
export const decimal: Shape = (value, path) => {
  const read = typeof value === 'string' ? readDecimal(value) : null;
  if (!read || read.mantissa < 0n) refuse(path);
};

export const base64 =
  (max: number): Shape =>
  (value, path) => {
    if (typeof value !== 'string' || value.length > max || !fromBase64(value)) refuse(path);
  };

export const whole =
  (least: number, most: number): Shape =>
  (value, path) => {
    if (typeof value !== 'number' || !Number.isInteger(value) || value < least || value > most) {
      refuse(path);
    }
  };

export const flag: Shape = (value, path) => {
  if (typeof value !== 'boolean') refuse(path);
};

export const oneOf =
  (...choices: readonly string[]): Shape =>
  (value, path) => {
    if (typeof value !== 'string' || !choices.includes(value)) refuse(path);
  };

export const nullOr =
  (shape: Shape): Shape =>
  (value, path) => {
    if (value !== null) shape(value, path);
  };

export const list =
  (shape: Shape, max: number): Shape =>
  (value, path) => {
    if (!Array.isArray(value) || value.length > max) return refuse(path);
    for (const [i, each] of value.entries()) shape(each, `${path}[${i}]`);
  };

/** Exactly these members; those in `optional` may be absent. */
export const object =
  (members: Record<string, Shape>, optional: readonly string[] = []): Shape =>
  (value, path) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return refuse(path);
    for (const key of Object.keys(value)) if (!(key in members)) refuse(`${path}.${key}`);
    for (const [key, shape] of Object.entries(members)) {
      const member = value[key];
      if (member === undefined && optional.includes(key)) continue;
      shape(member, `${path}.${key}`);
    }
  };

/** One of these forms; the last one says what is missing. */
export const oneForm =
  (...shapes: readonly Shape[]): Shape =>
  (value, path) => {
    for (const [i, shape] of shapes.entries()) {
      try {
        return shape(value, path);
      } catch (error) {
        if (!(error instanceof Malformed) || i === shapes.length - 1) throw error;
      }
    }
  };

/** Checked elsewhere by the room that owns it. */
export const anything: Shape = (value, path) => {
  if (value === undefined) refuse(path);
};
