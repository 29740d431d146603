/** Whether a signature shows the picture of its seal, and nothing else (seals, 6.1 point 4 and 5). */
import { equal, latin1, Malformed } from '../../crypto/index.ts';
import type { decodePicture, PictureDrawing, sealPictureOperators } from '../../seal/index.ts';
import type { PdfRevision } from '../read/document.ts';
import { isName, type PdfDict, PdfRef, PdfStream } from '../read/objects.ts';
import type { FormField } from './form-fields.ts';

/** What the seal room offers to compare with; passed in, because that room is loaded when needed. */
export interface PictureTools {
  sealPictureOperators: typeof sealPictureOperators;
  decodePicture: typeof decodePicture;
}

export type Picture = Parameters<typeof sealPictureOperators>[0];

const SIZE_TOLERANCE = 0.5;
const UNTURNED: ReadonlySet<string> = new Set(['1 0 0 1 0 0']);
/** By quarters, as for pages that a viewer turns. */
const TURNS: ReadonlySet<string> = new Set([
  ...UNTURNED,
  '0 1 -1 0 0 0',
  '-1 0 0 -1 0 0',
  '0 -1 1 0 0 0',
]);
/** Annotation flags Hidden and NoView. */
const UNSEEN = 2 | 32;

/** The normal appearance of the field's one widget; null where there is none, or a choice of them. */
export function appearanceOf(revision: PdfRevision, field: FormField): PdfStream | null {
  const widget = field.widgets[0] ?? field;
  const looks = revision.dict(widget.dict.raw('AP'));
  const normal = looks && revision.get(looks, 'N');
  return normal instanceof PdfStream ? normal : null;
}

export function showsPicture(
  revision: PdfRevision,
  field: FormField,
  rect: readonly number[] | undefined,
  picture: Picture,
  tools: PictureTools,
): boolean {
  try {
    const drawing = tools.sealPictureOperators(picture);
    const form = appearanceOf(revision, field);
    return (
      drawing !== null &&
      form !== null &&
      rect !== undefined &&
      placedPlainly(revision, field, rect, drawing, isLying(revision, form)) &&
      drawsPicture(revision, form, drawing, picture, tools, TURNS)
    );
  } catch (error) {
    if (error instanceof Malformed && error.code !== 'pdf-budget') return false;
    throw error;
  }
}

/** Whether a form draws exactly the picture of a seal over its whole box, unmoved and unconditionally. */
export function drawsPicture(
  revision: PdfRevision,
  form: PdfStream,
  drawing: PictureDrawing,
  picture: Picture,
  tools: PictureTools,
  turns: ReadonlySet<string> = UNTURNED,
): boolean {
  const box = numbersOf(revision, form.dict, 'BBox');
  if (box?.[0] !== 0 || box[1] !== 0) return false;
  if (!near(box[2], drawing.widthPt) || !near(box[3], drawing.heightPt)) return false;
  const matrix = numbersOf(revision, form.dict, 'Matrix');
  if (form.dict.has('Matrix') && !turns.has(matrix?.join(' ') ?? '')) return false;
  if (form.dict.has('OC')) return false;
  const content = revision.data(form);
  if (drawing.kind === 'vector') {
    return equal(content, drawing.operators) && !hasResources(revision, form);
  }
  const image = soleImage(revision, form, content, drawing);
  return image !== null && sameImage(revision, image, drawing, tools.decodePicture(picture));
}

export function numbersOf(revision: PdfRevision, dict: PdfDict, key: string): number[] | null {
  const list = revision.array(dict.raw(key))?.map((item) => revision.resolve(item));
  return list?.every((item) => typeof item === 'number') ? (list as number[]) : null;
}

const near = (a: number | undefined, b: number): boolean =>
  a !== undefined && Math.abs(a - b) <= SIZE_TOLERANCE;

/** True size, not hidden. */
function placedPlainly(
  revision: PdfRevision,
  field: FormField,
  rect: readonly number[],
  drawing: PictureDrawing,
  lying: boolean,
): boolean {
  const [left = 0, bottom = 0, right = 0, top = 0] = rect;
  const widget = (field.widgets[0] ?? field).dict;
  const [width, height] = [right - left, top - bottom];
  const [across, up] = lying ? [height, width] : [width, height];
  return near(across, drawing.widthPt) && near(up, drawing.heightPt) && isSeen(revision, widget);
}

/** Whether an appearance is turned by a quarter, as one on a turned page is to stand upright there. */
function isLying(revision: PdfRevision, form: PdfStream): boolean {
  return numbersOf(revision, form.dict, 'Matrix')?.[0] === 0;
}

/** Neither hidden, nor turned, nor on a layer. */
export function isSeen(revision: PdfRevision, annotation: PdfDict): boolean {
  const flags = revision.get(annotation, 'F');
  const characteristics = revision.dict(annotation.raw('MK'));
  const turned = characteristics ? revision.get(characteristics, 'R') : null;
  const layered = annotation.has('OC');
  return (typeof flags !== 'number' || (flags & UNSEEN) === 0) && !turned && !layered;
}

function hasResources(revision: PdfRevision, form: PdfStream): boolean {
  const resources = revision.dict(form.dict.raw('Resources'));
  return [...(resources?.entries.keys() ?? [])].some((key) => key !== 'ProcSet');
}

/** The one image that the form draws over its whole box. */
function soleImage(
  revision: PdfRevision,
  form: PdfStream,
  content: Uint8Array,
  drawing: PictureDrawing,
): PdfStream | null {
  const number = '(-?\\d*\\.?\\d+)';
  const pattern = new RegExp(
    `^\\s*q\\s+${number}\\s+0\\s+0\\s+${number}\\s+0\\s+0\\s+cm\\s+/(\\w+)\\s+Do\\s+Q\\s*$`,
  );
  const match = content.length < 300 ? pattern.exec(latin1(content)) : null;
  if (!match || !near(Number(match[1]), drawing.widthPt)) return null;
  if (!near(Number(match[2]), drawing.heightPt)) return null;
  const resources = revision.dict(form.dict.raw('Resources'));
  const objects = resources && revision.dict(resources.raw('XObject'));
  const image = objects && revision.get(objects, match[3] as string);
  return image instanceof PdfStream && isName(revision.get(image.dict, 'Subtype'), 'Image')
    ? image
    : null;
}

/** Keys that would change what the samples look like. */
const ALTERING = ['Decode', 'Mask', 'ImageMask', 'Matte', 'OC', 'SMaskInData', 'Alternates'];

function sameImage(
  revision: PdfRevision,
  image: PdfStream,
  drawing: PictureDrawing,
  pixels: ReturnType<typeof decodePicture>,
): boolean {
  if (drawing.kind !== 'image' || ALTERING.some((key) => image.dict.has(key))) return false;
  if (drawing.format === 'jpeg') {
    const plain = revision.document.plainData(image, revision);
    const filter = revision.get(image.dict, 'Filter');
    return isName(filter, 'DCTDecode') && equal(plain, drawing.data) && !image.dict.has('SMask');
  }
  if (!pixels) return false;
  const { width, height } = pixels;
  const space = revision.get(image.dict, 'ColorSpace');
  const channels = isName(space, 'DeviceRGB') ? 3 : isName(space, 'DeviceGray') ? 1 : 0;
  const samples = samplesOf(revision, image, width, height, channels);
  const mask = revision.resolve(image.dict.raw('SMask'));
  const alpha = mask instanceof PdfStream ? alphaOf(revision, mask, width, height) : null;
  if (!samples || (mask !== null && !alpha)) return false;
  for (let i = 0; i < width * height; i++) {
    for (let c = 0; c < 3; c++) {
      if (samples[i * channels + (channels === 3 ? c : 0)] !== pixels.data[4 * i + c]) return false;
    }
    if ((alpha ? alpha[i] : 255) !== pixels.data[4 * i + 3]) return false;
  }
  return true;
}

function alphaOf(revision: PdfRevision, mask: PdfStream, width: number, height: number) {
  if (ALTERING.some((key) => mask.dict.has(key))) return null;
  if (!isName(revision.get(mask.dict, 'ColorSpace'), 'DeviceGray')) return null;
  return samplesOf(revision, mask, width, height, 1);
}

function samplesOf(
  revision: PdfRevision,
  image: PdfStream,
  width: number,
  height: number,
  channels: number,
): Uint8Array | null {
  const get = (key: string): unknown => revision.get(image.dict, key);
  if (get('Width') !== width || get('Height') !== height) return null;
  if (get('BitsPerComponent') !== 8 || channels === 0) return null;
  const data = revision.data(image);
  return data.length === width * height * channels ? data : null;
}

/** Whether the appearance paints in red or shows an image: a seal to the eye, without its data. */
export function looksLikeSeal(revision: PdfRevision, field: FormField): boolean {
  const form = appearanceOf(revision, field);
  return form !== null && paintsRed(revision, form, 0);
}

function paintsRed(revision: PdfRevision, form: PdfStream, depth: number): boolean {
  if (depth > 3) return false;
  const content = latin1(revision.data(form).subarray(0, 200_000));
  for (const [, r, g, b] of content.matchAll(
    /([\d.]+)\s+([\d.]+)\s+([\d.]+)\s+(?:rg|RG|sc|scn)\b/g,
  )) {
    if (Number(r) >= 0.6 && Number(g) <= 0.35 && Number(b) <= 0.35) return true;
  }
  const resources = revision.dict(form.dict.raw('Resources'));
  const objects = resources && revision.dict(resources.raw('XObject'));
  for (const value of objects?.entries.values() ?? []) {
    const object = value instanceof PdfRef ? revision.resolve(value) : value;
    if (!(object instanceof PdfStream)) continue;
    if (isName(revision.get(object.dict, 'Subtype'), 'Image')) return true;
    if (paintsRed(revision, object, depth + 1)) return true;
  }
  return false;
}
