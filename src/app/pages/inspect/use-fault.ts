/** What is wrong with a use, with what is expected instead. */
import type { UseFaultCode, UseTerms } from '../../../licence/index.ts';
import { formatDate, formatNumber } from '../../i18n/format.ts';
import { office } from '../../i18n/office/index.ts';

/** @param most the most that one more use may take, decimal string */
export function useFault(code: UseFaultCode, terms: UseTerms, most: string, unit: string): string {
  const { faults } = office.inspect;
  switch (code) {
    case 'use-before-issue':
      return faults[code](formatDate(terms.issuedOn));
    case 'licence-expired':
      return faults[code](formatDate(terms.validUntil));
    case 'quantity-exceeded':
      return faults[code](formatNumber(most), unit);
    default:
      return faults[code];
  }
}
