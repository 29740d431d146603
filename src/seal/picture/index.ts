/** The picture of a seal: designed, drawn as vectors, shown, placed on a page, compared. */
export { drawSeal } from './draw-seal.ts';
export { type DrawingCommand, type DrawingPath, PER_MM, type SealDrawing } from './drawing.ts';
export { layoutSeal, type SealDesign, type SealKind, type SealLayout } from './layout.ts';
export { drawingToOperators, type PictureOperators } from './operators.ts';
export { MissingGlyph } from './outlines.ts';
export {
  decodePicture,
  type PictureDrawing,
  sealPictureOperators,
} from './picture.ts';
export { crc32, decodePng, encodePng } from './png.ts';
export { type Raster, rasterise } from './raster.ts';
export { drawingToSvg, readSealSvg, sealPictureOf } from './seal-svg.ts';
export { isShowable } from './showable.ts';
