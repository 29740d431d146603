/** What the reader of licence tokens answers, as far as the page shows it. */
import type { Finding } from '../../crypto/index.ts';
import type { Coded, LicenceType, Party } from '../../licence/index.ts';

export interface TokenAnswer {
  verdict:
    | 'valid'
    | 'invalid'
    | 'expired'
    | 'revoked'
    | 'suspended'
    | 'used'
    | 'unknown-issuer'
    | 'stale'
    | 'not-a-licence'
    | 'no-code';
  licence?: {
    type: LicenceType;
    number: string;
    importer: Party;
    consignee: Party;
    goods: { name: string; hs: string };
    lines: { spec: string; quantity: string; unit: Coded }[];
    lineCount: number;
    totalQuantity: string;
    currency: Coded;
    amount: string;
    amountUsd: string;
    tradeMode: Coded;
    ports: Coded[];
    tradeCountry: Coded;
    originCountries: Coded[];
    contractNumber: string;
    authority: Coded;
    issuedOn: string;
    validUntil: string;
    maxUses: number;
    pilot: boolean;
    shortened: boolean;
  };
  findings: Finding[];
}
