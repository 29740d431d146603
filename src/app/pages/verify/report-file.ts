/** The report as a file: the same facts as on screen, bytes left out. */
import type { CheckedFile } from '../../workers/checked-file.ts';

export function printableReport(report: CheckedFile): string {
  const plain = (_: string, value: unknown) =>
    value instanceof Uint8Array ? `${value.length} bytes` : value;
  return `${JSON.stringify({ format: 'cinnabar-report', v: 1, ...report }, plain, 2)}\n`;
}
