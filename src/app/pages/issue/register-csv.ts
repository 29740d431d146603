/** The register as CSV (RFC 4180, with a byte order mark so that spreadsheets read Chinese). */
import type { LicenceSummary } from '../../../desk/index.ts';

const COLUMNS = [
  'number',
  'licenceType',
  'holder',
  'uscc',
  'goods',
  'quantity',
  'unit',
  'used',
  'uses',
  'maxUses',
  'issuedAt',
  'expires',
  'flow',
  'state',
] as const satisfies readonly (keyof LicenceSummary)[];

export function registerCsv(licences: readonly LicenceSummary[]): string {
  const rows = licences.map((each) => COLUMNS.map((column) => cell(String(each[column]))));
  return `\ufeff${[[...COLUMNS], ...rows].map((row) => row.join(',')).join('\r\n')}\r\n`;
}

/** Quoted where needed; a leading sign that a spreadsheet would run as a formula is defused. */
function cell(text: string): string {
  const plain = /^[=+\-@\t]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
}
