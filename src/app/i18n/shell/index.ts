import { catalog } from '../language.svelte.ts';
import zh from './zh.ts';

export const shell = catalog(zh, () => import('./en.ts'));
