import { catalog } from '../../i18n/language.svelte.ts';
import zh from './zh.ts';

export const standing = catalog(zh, () => import('./en.ts'));

/** Goods of a case; where its contents cannot be opened here, that is said instead of nothing. */
export const goodsText = ({ goods, unread }: { goods: string; unread: boolean }): string =>
  goods === '' && unread ? standing.unread : goods;
