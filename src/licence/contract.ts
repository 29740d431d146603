/** The form against the contract data: differences warn and are shown to the reviewer. */
import type { Application } from './application.ts';
import { compare, readDecimal } from './decimal.ts';

export interface ContractDifference {
  /** Path in the application. */
  field: string;
  code: 'contract-buyer' | 'contract-amount' | 'contract-currency' | 'contract-date';
  form: string;
  contract: string;
}

/** What differs between boxes of the form and the contract; empty contract fields are not compared. */
export function compareContract(application: Application): ContractDifference[] {
  const { contract } = application;
  const out: ContractDifference[] = [];
  const parties = [application.importer, application.consignee, application.agent];
  const names = parties.flatMap((party) => (party ? [plain(party.name)] : []));
  if (contract.buyer && !names.includes(plain(contract.buyer))) {
    out.push(
      difference('importer.name', 'contract-buyer', application.importer.name, contract.buyer),
    );
  }
  const total = readDecimal(application.totals.amount);
  const amount = readDecimal(contract.amount);
  if (total && amount && compare(total, amount) > 0) {
    out.push(
      difference('totals.amount', 'contract-amount', application.totals.amount, contract.amount),
    );
  }
  if (contract.currency && contract.currency !== application.currency.code) {
    const form = application.currency.code;
    out.push(difference('currency', 'contract-currency', form, contract.currency));
  }
  if (contract.date && application.appliedOn && contract.date > application.appliedOn) {
    out.push(difference('appliedOn', 'contract-date', application.appliedOn, contract.date));
  }
  return out;
}

function difference(
  field: string,
  code: ContractDifference['code'],
  form: string,
  contract: string,
): ContractDifference {
  return { field, code, form, contract };
}

/** Names compared without white space and width: `（` and `(` are the same. */
const plain = (name: string): string => name.normalize('NFKC').replace(/\s/gu, '').toLowerCase();
