/** The licence: what `licence.json` inside the licence PDF holds, and what the register shows. */
import type { Application, GoodsLine, Totals } from './application.ts';
import { type Coded, LICENCE_TYPES, type LicenceType, type Party, type UseKind } from './types.ts';
import { expiryDate } from './validity.ts';

export interface Licence {
  v: 1;
  type: LicenceType;
  /** Box 3. */
  number: string;
  applicationNumber: string;
  importer: Party;
  consignee: Party;
  tradeMode: Coded;
  foreignExchange: Coded;
  ports: Coded[];
  tradeCountry: Coded;
  originCountries: Coded[];
  use: Coded;
  goods: { name: string; hs: string; status: Coded };
  currency: Coded;
  lines: GoodsLine[];
  totals: Totals;
  uses: UseKind;
  /** Declarations that it may serve: 1, or the type's maximum; less on a replacement. */
  maxUses: number;
  /** Allowed excess of the last use in percent of the total, decimal string. */
  tolerance: string;
  /** Box 19. */
  remarks: string;
  contractNumber: string;
  /** Number of the licence that this one replaces; null if none. */
  replaces: string | null;
  /** Box 20. */
  authority: Coded;
  /** Box 21, `YYYY-MM-DD`. */
  issuedOn: string;
  /** Box 4, the last day of validity, `YYYY-MM-DD`. */
  validUntil: string;
  /** Where its status bits stand. */
  statusList: { id: string; index: number };
  pilot: boolean;
}

export interface LicenceGrant {
  number: string;
  authority: Coded;
  issuedOn: string;
  statusList: { id: string; index: number };
  pilot: boolean;
  /** Default by the type's policy. */
  validUntil?: string;
  tolerance?: string;
  maxUses?: number;
  replaces?: string | null;
  remarks?: string;
}

/** The licence that grants an application as it stands. Box 19 says 非一批一证 and what is replaced. */
export function licenceFromApplication(application: Application, grant: LicenceGrant): Licence {
  const type = LICENCE_TYPES[application.type];
  const replaces = grant.replaces ?? null;
  const remarks = [
    application.uses === 'multiple' ? '非一批一证' : '',
    application.contract.number ? `合同号 ${application.contract.number}` : '',
    replaces ? `替换原证 ${replaces}` : '',
    grant.remarks ?? application.remarks,
  ];
  return {
    v: 1,
    type: application.type,
    number: grant.number,
    applicationNumber: application.number,
    importer: application.importer,
    consignee: application.consignee,
    tradeMode: application.tradeMode,
    foreignExchange: application.foreignExchange,
    ports: application.ports,
    tradeCountry: application.tradeCountry,
    originCountries: application.originCountries,
    use: application.use,
    goods: application.goods,
    currency: application.currency,
    lines: application.lines,
    totals: application.totals,
    uses: application.uses,
    maxUses: grant.maxUses ?? (application.uses === 'single' ? 1 : type.maxUses),
    tolerance: grant.tolerance ?? '5',
    remarks: remarks.filter((part) => part !== '').join('；'),
    contractNumber: application.contract.number,
    replaces,
    authority: grant.authority,
    issuedOn: grant.issuedOn,
    validUntil: grant.validUntil ?? expiryDate(application.type, grant.issuedOn),
    statusList: grant.statusList,
    pilot: grant.pilot,
  };
}
