/**
 * The sRGB colour space as an ICC profile (ICC.1:2001-04, version 2): what a PDF/A names as its
 * output intent. Written here, because the published files have licences of their own.
 */
import { concat, utf8 } from '../crypto/index.ts';

/** Colorants adapted to D50, and D50 itself. */
const COLORANTS = {
  rXYZ: [0.43607, 0.22249, 0.01392],
  gXYZ: [0.38515, 0.71687, 0.09708],
  bXYZ: [0.14307, 0.06061, 0.7141],
  wtpt: [0.9642, 1, 0.82491],
} as const;
const STEPS = 1024;

export function sRgbProfile(): Uint8Array {
  const curve = toneCurve();
  const tags: [string, Uint8Array][] = [
    ['desc', description('sRGB')],
    ['cprt', concat(utf8('text'), u32(0), utf8('No copyright, use freely\0'))],
    ...Object.entries(COLORANTS).map(([name, value]): [string, Uint8Array] => [name, xyz(value)]),
    ['rTRC', curve],
    ['gTRC', curve],
    ['bTRC', curve],
  ];
  const start = 128 + 4 + 12 * tags.length;
  const places = new Map<Uint8Array, number>();
  const bodies: Uint8Array[] = [];
  let at = start;
  for (const [, body] of tags) {
    if (places.has(body)) continue;
    places.set(body, at);
    const padded = concat(body, new Uint8Array((4 - (body.length % 4)) % 4));
    bodies.push(padded);
    at += padded.length;
  }
  const table = tags.map(([name, body]) =>
    concat(utf8(name), u32(places.get(body) ?? 0), u32(body.length)),
  );
  return concat(header(at), u32(tags.length), ...table, ...bodies);
}

function header(size: number): Uint8Array {
  const out = new Uint8Array(128);
  const view = new DataView(out.buffer);
  view.setUint32(0, size);
  view.setUint32(8, 0x02100000);
  out.set(utf8('mntrRGB XYZ '), 12);
  // Date and time of creation: fixed, so that the same document has the same bytes.
  for (const [i, value] of [2015, 1, 1, 0, 0, 0].entries()) view.setUint16(24 + 2 * i, value);
  out.set(utf8('acsp'), 36);
  out.set(xyz(COLORANTS.wtpt).subarray(8), 68);
  return out;
}

/** 0 … 1 in equal steps to linear light (IEC 61966-2-1). */
function toneCurve(): Uint8Array {
  const out = new Uint8Array(12 + 2 * STEPS);
  const view = new DataView(out.buffer);
  out.set(utf8('curv'));
  view.setUint32(8, STEPS);
  for (let i = 0; i < STEPS; i++) {
    const v = i / (STEPS - 1);
    const linear = v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
    view.setUint16(12 + 2 * i, Math.round(65_535 * linear));
  }
  return out;
}

function xyz(values: readonly number[]): Uint8Array {
  return concat(utf8('XYZ '), u32(0), ...values.map((value) => u32(Math.round(value * 65_536))));
}

/** textDescriptionType: ASCII, no Unicode, no script code. */
function description(text: string): Uint8Array {
  const ascii = utf8(`${text}\0`);
  return concat(utf8('desc'), u32(0), u32(ascii.length), ascii, new Uint8Array(78));
}

function u32(value: number): Uint8Array {
  const out = new Uint8Array(4);
  new DataView(out.buffer).setUint32(0, value);
  return out;
}
