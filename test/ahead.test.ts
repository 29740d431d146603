import { execFileSync, spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';

const DAY = 86_400_000;
const missing = spawnSync('faketime', ['--version']).error !== undefined;

it.skipIf(missing)('what tests start reads the same clock as they do', () => {
  const theirs = Number(execFileSync('date', ['+%s'], { encoding: 'utf8' })) * 1000;
  expect(Math.abs(theirs - Date.now())).toBeLessThan(DAY);
  expect(Math.abs(theirs - new Date().getTime())).toBeLessThan(DAY);
  expect(new Date(0).toISOString()).toBe('1970-01-01T00:00:00.000Z');
  expect(new Date()).toBeInstanceOf(Date);
});
