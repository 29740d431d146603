/**
 * What a signature shows: the seal's own picture at its true size, the SESeal itself as a stream
 * that the signature dictionary names. Both lie inside the signed bytes.
 */
import { zlibSync } from 'fflate';
import { copy, equal, Malformed } from '../../crypto/index.ts';
import {
  decodePng,
  holderListed,
  type PictureDrawing,
  readSeal,
  type SESeal,
  sealPictureOperators,
} from '../../seal/index.ts';
import type { PdfRef } from '../read/objects.ts';
import type { Increment } from './increment.ts';
import { noPoints, type PageBox, UPRIGHT } from './page-box.ts';
import { Syntax, type Writable } from './write-object.ts';

/** Points, origin bottom left: x1, y1, x2, y2. */
export type Rect = readonly [number, number, number, number];

export interface SealAppearance {
  seal: SESeal;
  drawing: PictureDrawing;
  /** SESeal DER. */
  der: Uint8Array;
  /** Vectors deflated: a seal of 27 characters is 38 kB of them. */
  packed: Uint8Array | null;
}

const LIMIT = 256 * 1024;

/**
 * Reads a seal for stamping (GM/T 0031-2014 6.2.2 b, c).
 * @throws {Malformed} `seal-holder` when the signer's certificate is not in the seal's list,
 * `seal-time` outside its validity, `seal-picture` when it cannot be drawn, `seal-size`
 */
export async function prepareSeal(
  der: Uint8Array,
  certificate: Uint8Array,
  time: string,
): Promise<SealAppearance> {
  if (der.length > LIMIT) throw new Malformed('seal-size', 'a seal of more than 256 KiB');
  const drawn = drawnSeal(der);
  const { seal } = drawn;
  if (!(await holderListed(seal.info.holders, certificate))) {
    throw new Malformed('seal-holder', 'the seal does not list the signer’s certificate');
  }
  const at = Date.parse(time);
  if (at < Date.parse(seal.info.validStart) || at > Date.parse(seal.info.validEnd)) {
    throw new Malformed('seal-time', 'the seal is not valid at the signing time');
  }
  return { ...drawn, der };
}

/** The seal stamped last: a batch stamps with one, and reading and drawing it cost more than signing. */
let last: SealAppearance | null = null;

function drawnSeal(der: Uint8Array): SealAppearance {
  if (last && equal(last.der, der)) return last;
  const own = copy(der);
  const seal = readSeal(own);
  const drawing = sealPictureOperators(seal.info.picture);
  if (!drawing) throw new Malformed('seal-picture', 'this type of picture cannot be drawn');
  const packed = drawing.kind === 'vector' ? zlibSync(drawing.operators) : null;
  last = { seal, drawing, der: own, packed };
  return last;
}

/**
 * A rectangle of the picture's true size in the middle of the place given, as its page is seen;
 * hundredths of a point.
 * @throws {Malformed} `page-unit`
 */
export function sealRect(place: Rect, { drawing }: SealAppearance, page: PageBox): Rect {
  if (!page.inPoints) throw noPoints();
  const { rotate } = page;
  const [across, up] = [drawing.widthPt, drawing.heightPt];
  const [width, height] = rotate === 90 || rotate === 270 ? [up, across] : [across, up];
  const x = cents((place[0] + place[2] - width) / 2);
  const y = cents((place[1] + place[3] - height) / 2);
  return [x, y, cents(x + width), cents(y + height)];
}

const cents = (n: number): number => Math.round(n * 100) / 100;

/** The SESeal, unfiltered: `<< /Type /CNBR_SESeal /Subtype /v4 >>`. */
export function addSealStream(increment: Increment, { der, seal }: SealAppearance): PdfRef {
  const entries = { Type: new Syntax('/CNBR_SESeal'), Subtype: new Syntax(`/v${seal.version}`) };
  return increment.addStream(entries, der);
}

/** The normal appearance: our vectors byte for byte once inflated, or one image over the whole box. */
export function addAppearance(
  increment: Increment,
  { drawing, packed }: SealAppearance,
  rotate: PageBox['rotate'] = 0,
): PdfRef {
  const { widthPt, heightPt } = drawing;
  const form = (resources: string, content: Uint8Array, filter?: Syntax) =>
    increment.addStream(
      {
        Type: new Syntax('/XObject'),
        Subtype: new Syntax('/Form'),
        BBox: [0, 0, widthPt, heightPt],
        ...(rotate === 0 ? {} : { Matrix: [...UPRIGHT[rotate]] }),
        Resources: new Syntax(resources),
        ...(filter ? { Filter: filter } : {}),
      },
      content,
    );
  if (packed) return form('<<>>', packed, new Syntax('/FlateDecode'));
  if (drawing.kind === 'vector') return form('<<>>', drawing.operators);
  const image =
    drawing.format === 'png' ? addPng(increment, drawing.data) : addJpeg(increment, drawing.data);
  const content = `q ${widthPt} 0 0 ${heightPt} 0 0 cm /Im0 Do Q\n`;
  const resources = `<</XObject<</Im0 ${image.num} 0 R>>>>`;
  return form(resources, new TextEncoder().encode(content));
}

function addPng(increment: Increment, png: Uint8Array): PdfRef {
  const { width, height, data } = decodePng(png);
  const rgb = new Uint8Array(width * height * 3);
  const alpha = new Uint8Array(width * height);
  for (let i = 0; i < alpha.length; i++) {
    rgb.set(data.subarray(4 * i, 4 * i + 3), 3 * i);
    alpha[i] = data[4 * i + 3] as number;
  }
  const entries = (space: string): Record<string, Writable> => ({
    Type: new Syntax('/XObject'),
    Subtype: new Syntax('/Image'),
    Width: width,
    Height: height,
    BitsPerComponent: 8,
    ColorSpace: new Syntax(space),
    Filter: new Syntax('/FlateDecode'),
  });
  const mask = increment.addStream(entries('/DeviceGray'), zlibSync(alpha));
  return increment.addStream({ ...entries('/DeviceRGB'), SMask: mask }, zlibSync(rgb));
}

/** @throws {Malformed} `seal-picture` for a JPEG without a frame header that can be read. */
function addJpeg(increment: Increment, jpeg: Uint8Array): PdfRef {
  for (let at = 2; at + 9 < jpeg.length && jpeg[at] === 0xff; ) {
    const marker = jpeg[at + 1] as number;
    const word = (offset: number) =>
      ((jpeg[at + offset] as number) << 8) | (jpeg[at + offset + 1] as number);
    if (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)) {
      const components = jpeg[at + 9];
      if (components !== 1 && components !== 3) break;
      return increment.addStream(
        {
          Type: new Syntax('/XObject'),
          Subtype: new Syntax('/Image'),
          Width: word(7),
          Height: word(5),
          BitsPerComponent: 8,
          ColorSpace: new Syntax(components === 1 ? '/DeviceGray' : '/DeviceRGB'),
          Filter: new Syntax('/DCTDecode'),
        },
        jpeg,
      );
    }
    at += 2 + word(2);
  }
  throw new Malformed('seal-picture', 'a JPEG that cannot be read');
}
