/** Large and hostile files: bounded work, and the caller's bytes left as they were. */
import { beforeAll, describe, expect, test } from 'vitest';
import { equal } from '../../src/crypto/index.ts';
import { verifyPdf } from '../../src/pdf/index.ts';
import { signPdf } from '../../src/pdf/sign/index.ts';
import { anatomy, basePdf } from './fixtures/base.ts';
import { HOSTILE } from './fixtures/hostile.ts';
import { signatureAt } from './fixtures/sign.ts';
import { makeWorld, type World } from './fixtures/world.ts';
import { append } from './fixtures/write.ts';

let world: World;
beforeAll(async () => {
  world = await makeWorld();
});

describe('a file of 20 MB', () => {
  test.each(['in steps', 'in place'])('is digested %s, twice, and stays as it was', async (way) => {
    const base = await basePdf();
    const filler = `<</Length 20000000>>\nstream\n${'x'.repeat(20_000_000)}\nendstream`;
    let pdf: Uint8Array = await append(base, { [(await anatomy(base)).size]: filler });
    for (const field of ['A', 'B']) {
      const options = { pdf, signer: world.alice, field, page: 0, rect: [0, 0, 0, 0] as const };
      pdf = await signPdf({
        ...options,
        appearance: { kind: 'none' },
        reason: '',
        time: '2026-06-01T12:00:00Z',
      });
    }
    const copy = pdf.slice();
    const { getBuiltinModule } = process;
    // As in a browser, which has no digest in steps.
    if (way === 'in place') process.getBuiltinModule = undefined as never;
    const report = await verifyPdf(pdf);
    process.getBuiltinModule = getBuiltinModule;
    expect(report.integrity).toBe('intact');
    expect(report.signatures.map((s) => s.coverage)).toEqual(['revision', 'file']);
    expect(equal(pdf, copy)).toBe(true);
    const { open } = signatureAt(pdf);
    pdf[open - 4_000_000] = 0x79;
    expect((await verifyPdf(pdf)).integrity).toBe('broken');
  });
});

/** Those that cost most are measured by the bench, in a process of their own. */
const QUICK = Object.keys(HOSTILE).filter((name) => !/million|large|expand|many/.test(name));

test.each([...QUICK, 'many kids', 'covered: revisions of a large form'])(
  '%s: an answer within three seconds',
  async (name) => {
    const pdf = (HOSTILE[name] as () => Uint8Array)();
    const start = process.cpuUsage();
    const report = await verifyPdf(pdf);
    const { user, system } = process.cpuUsage(start);
    expect((user + system) / 1000).toBeLessThan(3000);
    expect(['unreadable', 'broken', 'unsigned']).toContain(report.integrity);
    expect(report.findings.map((finding) => finding.code)).not.toContain('pdf-reader');
  },
);
