/**
 * The application for a licence: plain JSON. Decimals are strings, dates are `YYYY-MM-DD`, codes
 * stand beside their names. It is what a draft stores, what the form shows and what
 * `application.json` inside the PDF holds.
 */
import { type Coded, type LicenceType, NO_CODE, type Party, type UseKind } from './types.ts';

/** Box 12 to 17: one specification. */
export interface GoodsLine {
  /** Box 12. */
  spec: string;
  /** Box 13. */
  unit: Coded;
  /** Box 14, decimal string. */
  quantity: string;
  /** Box 15, in the application's currency. */
  unitPrice: string;
  /** Box 16 = quantity × unit price; see `computeTotals`. */
  amount: string;
  /** Box 17 = amount × rate. */
  amountUsd: string;
}

/** Box 18; `quantity` is empty where the lines have different units. */
export interface Totals {
  quantity: string;
  amount: string;
  amountUsd: string;
}

/** What the import contract says; compared with the form, shown to the reviewer. */
export interface ContractData {
  number: string;
  /** `YYYY-MM-DD` */
  date: string;
  buyer: string;
  seller: string;
  amount: string;
  currency: string;
}

/** An attachment as the application lists it; the bytes travel beside it. */
export interface AttachmentEntry {
  /** Key of the attachment list of the licence type, e.g. `contract`. */
  key: string;
  /** File name. */
  name: string;
  /** Bytes. */
  size: number;
}

export interface Application {
  v: 1;
  type: LicenceType;
  /** 申请表号, given by the system on submission; empty in a draft. */
  number: string;
  /** Box 1. */
  importer: Party;
  /** Box 2; equal to box 1 if the same. */
  consignee: Party;
  /** Box 5. */
  tradeMode: Coded;
  /** Box 6. */
  foreignExchange: Coded;
  /** Box 7, at most two. */
  ports: Coded[];
  /** Box 8. */
  tradeCountry: Coded;
  /** Box 9. */
  originCountries: Coded[];
  /** Box 10, one only. */
  use: Coded;
  /** Box 11; `status` in the mechanical and electrical variant only. */
  goods: { name: string; hs: string; status: Coded };
  /** Of boxes 15 and 16. */
  currency: Coded;
  /** US dollars for one unit of the currency, typed in and shown; `1` for USD. */
  usdRate: string;
  lines: GoodsLine[];
  totals: Totals;
  uses: UseKind;
  /** Box 19. */
  remarks: string;
  contact: { name: string; phone: string };
  /** `YYYY-MM-DD` */
  appliedOn: string;
  /** The firm that applies on behalf of the importer; null where it applies itself. */
  agent: Party | null;
  contract: ContractData;
  attachments: AttachmentEntry[];
}

export function emptyLine(): GoodsLine {
  return { spec: '', unit: NO_CODE, quantity: '', unitPrice: '', amount: '', amountUsd: '' };
}

/** A draft with nothing filled in but the type and one empty line. */
export function emptyApplication(type: LicenceType): Application {
  return {
    v: 1,
    type,
    number: '',
    importer: { name: '', code: '' },
    consignee: { name: '', code: '' },
    tradeMode: NO_CODE,
    foreignExchange: NO_CODE,
    ports: [],
    tradeCountry: NO_CODE,
    originCountries: [],
    use: NO_CODE,
    goods: { name: '', hs: '', status: NO_CODE },
    currency: NO_CODE,
    usdRate: '',
    lines: [emptyLine()],
    totals: { quantity: '', amount: '', amountUsd: '' },
    uses: 'single',
    remarks: '',
    contact: { name: '', phone: '' },
    appliedOn: '',
    agent: null,
    contract: { number: '', date: '', buyer: '', seller: '', amount: '', currency: '' },
    attachments: [],
  };
}
