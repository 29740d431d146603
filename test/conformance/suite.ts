/** What a public suite looks like to the runner, and how suites keep their score. */
import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

export interface SuiteResult {
  passed: number;
  failed: number;
  /** Cases that should be refused and were not: the target is none. */
  wrongAccepts: number;
  /** One line per case that failed. */
  details: string[];
  slowest?: { name: string; ms: number };
}

export interface Suite {
  name: string;
  /** @returns null where the suite's files are absent. */
  run(directory: string): Promise<SuiteResult | null>;
}

/** Keeps count; `expected` null means either answer will do. */
export class Score implements SuiteResult {
  passed = 0;
  failed = 0;
  wrongAccepts = 0;
  details: string[] = [];
  slowest = { name: '', ms: 0 };

  async case(
    name: string,
    expected: boolean | null,
    run: () => Promise<{ valid: boolean; note?: string }>,
  ): Promise<void> {
    const start = performance.now();
    const { valid, note } = await run().catch((error: unknown) => ({
      valid: expected !== true,
      note: `threw ${error}`,
      thrown: true,
    }));
    const ms = performance.now() - start;
    if (ms > this.slowest.ms) this.slowest = { name, ms };
    const thrown = note?.startsWith('threw ');
    if (!thrown && (expected === null || expected === valid)) this.passed++;
    else {
      this.failed++;
      if (valid && expected === false && !thrown) this.wrongAccepts++;
      const kind = thrown ? 'THREW' : valid ? 'WRONG ACCEPT' : 'wrong reject';
      this.details.push(`${kind} ${name}${note ? `: ${note}` : ''}`);
    }
  }

  /** A right verdict with a wrong detail, e.g. another policy set. */
  mismatch(name: string, note: string): void {
    this.passed--;
    this.failed++;
    this.details.push(`MISMATCH ${name}: ${note}`);
  }
}

/** JSON, gzipped or not; null where absent. */
export function readJson<T>(path: string): T | null {
  if (!existsSync(path)) return null;
  const bytes = readFileSync(path);
  return JSON.parse((path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8')) as T;
}

export const hex = (text: string) => new Uint8Array(Buffer.from(text, 'hex'));
export const base64 = (text: string) => new Uint8Array(Buffer.from(text, 'base64'));
export const pem = (text: string) => base64(text.replace(/-----[^-]+-----|\s/g, ''));
