// Builds everything that ships, in one go: dist/app, dist/lib, dist/endpoint.
import { execFileSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
process.chdir(root);
process.env.NODE_ENV = 'production';
rmSync('dist', { recursive: true, force: true });
const quiet = process.argv.includes('--quiet') ? 'warn' : 'info';
for (const mode of ['production', 'lib', 'node']) {
  await build({ mode, logLevel: mode === 'production' ? quiet : 'warn' });
}
if (!process.argv.includes('--no-types')) {
  const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');
  execFileSync(process.execPath, [tsc, '-p', 'tsconfig.lib.json'], { stdio: 'inherit' });
  writeFileSync('dist/lib/cinnabar.d.ts', "export * from './types/index.js';\n");
}
