import { catalog } from '../../i18n/language.svelte.ts';
import zh from './zh.ts';

export const partyWords = catalog(zh, () => import('./en.ts'));
