/** The code lists that forms offer, by the name that the field table uses. */
import type { CodeList } from './code-list.ts';
import { COUNTRIES } from './countries.ts';
import { CURRENCIES } from './currencies.ts';
import { COMMODITIES, PORTS, UNITS } from './customs.ts';
import { FOREIGN_EXCHANGE, GOODS_STATUS, TRADE_MODES, USES } from './trade.ts';

export const LISTS = {
  tradeModes: TRADE_MODES,
  foreignExchange: FOREIGN_EXCHANGE,
  uses: USES,
  goodsStatus: GOODS_STATUS,
  ports: PORTS,
  units: UNITS,
  commodities: COMMODITIES,
  countries: COUNTRIES,
  currencies: CURRENCIES,
} satisfies Record<string, CodeList>;

export type ListName = keyof typeof LISTS;
