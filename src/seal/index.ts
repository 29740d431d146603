/**
 * seal: the electronic seal of GB/T 38540-2020 (SESeal, SES_Signature), its picture, and what is
 * done with both: drawing, verifying, reading a stamped letter, fog and texture. This door is the
 * small one; the heavy parts have doors of their own, to be loaded by `import()`:
 * `./scan/index.ts` (letters, rasters) and `./texture/index.ts` (fog, textures).
 */
export * from './data/index.ts';
export { inflateCapped } from './inflate.ts';
export * from './picture/index.ts';
