import { execFileSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** One whole pilot case on disk, as `npm run sample` writes it. @returns its folder */
export function sampleCase(): string {
  const folder = mkdtempSync(join(tmpdir(), 'cinnabar-sample-'));
  const program = pathToFileURL('dist/endpoint/sample.js').href;
  const script = `process.exitCode = (await (await import('${program}')).main(['${folder}'])) ?? 0`;
  execFileSync(process.execPath, ['--input-type=module', '-e', script], { stdio: 'ignore' });
  return folder;
}
