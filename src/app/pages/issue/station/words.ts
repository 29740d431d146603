import { catalog } from '../../../i18n/language.svelte.ts';
import zh from './zh.ts';

export const stationWords = catalog(zh, () => import('./en.ts'));
