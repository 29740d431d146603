import { catalog } from '../language.svelte.ts';
import zh from './zh.ts';

export const office = catalog(zh, () => import('./en.ts'));
