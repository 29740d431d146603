import { catalog } from '../../../i18n/language.svelte.ts';
import zh from './zh.ts';

export const words = catalog(zh, () => import('./en.ts'));

/** A word of a table, or the key itself where the table has none. */
export const wordOf = (table: Record<string, string>, key: string): string => table[key] ?? key;
