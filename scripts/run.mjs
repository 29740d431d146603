// Runs one of the project's own programs: `node scripts/run.mjs sample DIR`, bench, conformance.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const [name, ...rest] = process.argv.slice(2);
if (!existsSync(join(root, 'node_modules', 'vite'))) {
  execFileSync('npm', ['install', '--no-audit', '--no-fund'], { cwd: root, stdio: 'inherit' });
}
execFileSync(process.execPath, [join(root, 'build/build.mjs'), '--quiet', '--no-types'], {
  cwd: root,
  stdio: ['ignore', 'ignore', 'inherit'],
});
const program = await import(pathToFileURL(join(root, 'dist/endpoint', `${name}.js`)).href);
process.exitCode = (await program.main(rest)) ?? 0;
