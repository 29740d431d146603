import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { check } from '../../src/app/workers/verify/check-pfx.ts';

const dir = mkdtempSync(join(tmpdir(), 'check-pfx-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

/** 70000 rounds, which is 0x011170 and ends the file; the number may be replaced. */
let file: Uint8Array;
beforeAll(() => {
  const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: dir, stdio: 'pipe' });
  const subject = ['-subj', '/CN=holder', '-days', '3650'];
  openssl('req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', 'k', '-out', 'c', ...subject);
  const args = ['-inkey', 'k', '-in', 'c', '-out', 'p', '-passout', 'pass:right'];
  openssl('pkcs12', '-export', '-iter', '70000', '-macalg', 'sha256', ...args);
  file = new Uint8Array(readFileSync(join(dir, 'p')));
});

const withRounds = (rounds: number): Uint8Array => {
  const changed = file.slice();
  changed.set([rounds >> 16, (rounds >> 8) & 0xff, rounds & 0xff], file.length - 3);
  return changed;
};
const job = (bytes: Uint8Array, password?: string) => ({
  name: 'k.p12',
  bytes,
  trust: null,
  ...(password === undefined ? {} : { password }),
});

describe('a PKCS #12 file on the page for checking', () => {
  it('asks for the password, and says when it is wrong', async () => {
    expect(await check(job(file))).toEqual({ situation: 'password-needed' });
    expect(await check(job(file, 'wrong'))).toEqual({ situation: 'password-wrong' });
    expect((await check(job(file, 'right'))).certificates).toHaveLength(1);
  });

  it('that would take half a minute says so before it asks, and is no damaged file', async () => {
    const told = await check(job(withRounds(0x7f_ff_ff)));
    expect(told).toEqual({ situation: 'password-slow', params: { minutes: '1' } });
  });

  it('too costly for anybody says about how long, whatever password is given', async () => {
    const ended = file.slice(0, -5);
    // INTEGER of four octets in place of three: the lengths around it grow by one.
    const text = Buffer.from(ended);
    const absurd = new Uint8Array([...text, 0x02, 0x04, 0x7f, 0xff, 0xff, 0xff]);
    absurd.set([((file.length - 4 + 1) >> 8) & 0xff, (file.length - 4 + 1) & 0xff], 2);
    const macLength = macAt(absurd);
    absurd[macLength] = (absurd[macLength] as number) + 1;
    for (const password of [undefined, 'right']) {
      const told = await check(job(absurd, password));
      expect(told).toMatchObject({ situation: 'password-too-slow' });
      expect(Number(told.params?.['minutes'])).toBeGreaterThan(60);
    }
  });
});

/** Offset of the length octet of MacData, the last SEQUENCE of the file. */
function macAt(bytes: Uint8Array): number {
  for (let at = bytes.length - 120; at < bytes.length; at++) {
    if (bytes[at] === 0x30 && at + 2 + (bytes[at + 1] as number) + 1 === bytes.length)
      return at + 1;
  }
  throw new Error('no MacData');
}
