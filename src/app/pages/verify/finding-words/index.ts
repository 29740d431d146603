/** Sentences for findings and changes in the language of the page. */
import { formatExact } from '../../../i18n/format.ts';
import { catalog } from '../../../i18n/language.svelte.ts';
import { sentences } from './sentences.ts';
import zh from './zh.ts';

const words = catalog(zh, () => import('./en.ts'));

export const { findingWords, changeWords, valueWords, placeWords, partWords } = sentences(
  words,
  formatExact,
);
