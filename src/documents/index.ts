/**
 * documents: the documents that Cinnabar typesets: application form, licence face, confirmation
 * letter. To be loaded by `import()`, because it loads pdf-lib and fontkit; it stands above
 * `licence`, whose fields it draws. Fonts, time and data come in, the same input gives the same bytes.
 */
export { type Composed, composeApplicationForm, type FormOptions } from './application-form.ts';
export { type FontBytes, hasGlyph, missingGlyphs } from './fonts.ts';
export { composeLetter, LETTER, type LetterData, type LetterOptions } from './letter.ts';
export { composeLicence, type LicenceFaceOptions } from './licence-face.ts';
export { centredIn, type SealRect } from './sheet.ts';
