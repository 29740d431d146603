import { catalog } from '../../i18n/language.svelte.ts';
import zh from './texture-zh.ts';

export const textureWords = catalog(zh, () => import('./texture-en.ts'));
