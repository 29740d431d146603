/**
 * Signed PDFs, genuine, changed and attacked, with the verdict on the file alone (no trust roots):
 * `manifest.tsv` names each file's. VALID is `intact`, UNSIGNED is `unsigned`, and of what is
 * MODIFIED or INVALID nothing may be `intact`. A case over three seconds fails too.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { verifyPdf } from '../../src/pdf/index.ts';
import { Score, type Suite } from './suite.ts';

const SLOW_MS = 3000;

export const suite: Suite = {
  name: 'pdf',
  async run(directory) {
    const manifest = join(directory, 'pdf', 'manifest.tsv');
    if (!existsSync(manifest)) return null;
    const score = new Score();
    const [head = '', ...lines] = readFileSync(manifest, 'utf8').trim().split('\n');
    const columns = head.split('\t');
    for (const line of lines) {
      const cells = line.split('\t');
      const cell = (name: string): string => cells[columns.indexOf(name)] ?? '';
      const pdf = new Uint8Array(readFileSync(join(directory, 'pdf', cell('file'))));
      const expected = cell('expected_verdict');
      await score.case(cell('file'), expected.startsWith('VALID'), async () => {
        const start = performance.now();
        const report = await verifyPdf(pdf);
        const ms = performance.now() - start;
        if (ms > SLOW_MS) throw new Error(`took ${ms.toFixed(0)} ms`);
        const fits =
          expected === 'UNSIGNED'
            ? report.integrity === 'unsigned'
            : ['unchecked', 'modified', 'broken'].includes(report.integrity);
        const first = report.findings.find(({ severity }) => severity === 'error');
        const note = `${expected} expected, ${report.integrity}: ${first?.code} ${first?.message}`;
        if (!expected.startsWith('VALID') && !fits) return { valid: true, note };
        return { valid: report.integrity === 'intact', note };
      });
    }
    return score;
  },
};
