/**
 * texture: patterns over a seal that are bound to one document (drawn as tints and read back from a
 * scan), fog for copies, and frame pairs of which a single capture shows nothing. None of them
 * proves anything by itself; none touches a signed file. Load this door by `import()`.
 */
export { FrameMaker, type FramePair } from './anti-screenshot.ts';
export { readTexture, type TextureReading, texturePaths } from './document-texture.ts';
export { FOG_MARGIN, fogInk, withMargin } from './fog.ts';
export { type PrintedTexture, readPrintedTexture, type SheetPlaces } from './printed-texture.ts';
