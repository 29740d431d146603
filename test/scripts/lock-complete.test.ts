import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const lock = () => JSON.parse(readFileSync('package-lock.json', 'utf8'));

function complaint(changed: unknown): string {
  const folder = mkdtempSync(join(tmpdir(), 'lock-'));
  const file = join(folder, 'package-lock.json');
  writeFileSync(file, JSON.stringify(changed));
  const { stderr } = spawnSync('node', ['scripts/lock-complete.mjs', file], { encoding: 'utf8' });
  rmSync(folder, { recursive: true });
  return stderr;
}

it('the lock holds every package that another one names, of all platforms', () => {
  expect(complaint(lock())).toBe('');
});

it('a lock without the optional package of another platform is refused', () => {
  const lacking = lock();
  delete lacking.packages['node_modules/@biomejs/cli-win32-x64'];
  expect(complaint(lacking)).toContain(
    '@biomejs/cli-win32-x64, named by node_modules/@biomejs/biome, is missing',
  );
});

it('a lock with the address of a registry is refused', () => {
  const addressed = lock();
  addressed.packages['node_modules/idb'].resolved = 'https://registry.example/idb.tgz';
  expect(complaint(addressed)).toContain('node_modules/idb holds a registry address');
});
