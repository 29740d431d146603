import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Desk, openDesk } from '../../src/desk/index.ts';
import { verifyPdf } from '../../src/pdf/index.ts';
import type { TrustBundle } from '../../src/pki/index.ts';
import { memoryStore } from '../../src/sync/index.ts';
import { filledDraft } from '../desk/device.ts';

/** A form signed plainly in a pilot: trusted, so that every byte has a verdict to lose. */
describe('every byte of a signed file counts', () => {
  let pdf: Uint8Array;
  let trust: TrustBundle;

  beforeAll(async () => {
    const loadFont = (name: 'sans' | 'serif') =>
      readFile(`public/fonts/${name === 'sans' ? 'NotoSansSC-Regular' : 'NotoSerifSC-Bold'}.ttf`);
    const desk: Desk = await openDesk({ store: memoryStore(), now: () => new Date(), loadFont });
    await desk.createPilot({ lang: 'zh-CN' });
    const enterprise = (await desk.overview()).people.find(({ roles }) =>
      roles.includes('enterprise'),
    );
    await desk.sitDown(enterprise?.id ?? '');
    const draft = await filledDraft(desk);
    const caseId = await desk.submitDraft(draft.id, 'plain');
    pdf = (await desk.application(caseId)).pdf as Uint8Array;
    trust = (await desk.verificationTrust()) as TrustBundle;
  });

  it('passes as it is', async () => {
    expect(await verifyPdf(pdf, { trust })).toMatchObject({
      integrity: 'intact',
      verdict: 'TOTAL-PASSED',
    });
  });

  it('never passes with a byte changed, also where no signature covers it', async () => {
    const text = Buffer.from(pdf).toString('latin1');
    const [, b = 0, c = 0] = (text.match(/\/ByteRange\s*\[([^\]]+)/)?.[1] ?? '')
      .trim()
      .split(/\s+/)
      .map(Number);
    const places: number[] = [];
    for (let at = 0; at < pdf.length; at += 211) places.push(at);
    for (let at = b; at < c; at += 23) places.push(at);
    for (let at = pdf.length - 12; at < pdf.length; at++) places.push(at);
    const passed: string[] = [];
    for (const at of places) {
      for (const bit of [0x01, 0x20]) {
        const changed = pdf.slice();
        changed[at] = (changed[at] as number) ^ bit;
        const { integrity, verdict } = await verifyPdf(changed, { trust });
        if (verdict === 'TOTAL-PASSED') passed.push(`${at}^${bit} ${integrity}`);
      }
    }
    expect(passed).toEqual([]);
  });
});
