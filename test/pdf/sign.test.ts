import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PDFDocument } from 'pdf-lib';
import { beforeAll, describe, expect, test } from 'vitest';
import { latin1, type Signer, toBase64 } from '../../src/crypto/index.ts';
import { centredIn, composeApplicationForm } from '../../src/documents/index.ts';
import { sampleApplication } from '../../src/licence/index.ts';
import { verifyPdf } from '../../src/pdf/index.ts';
import { appendDss, type SignPdfOptions, signPdf } from '../../src/pdf/sign/index.ts';
import { drawSeal, encodePng, sealPictureOf, writeSeal } from '../../src/seal/index.ts';
import { type People, people, SEAL } from '../seal/fixtures/people.ts';
import { FONTS } from './fonts.ts';

const has = (tool: string) => spawnSync(tool, ['-v']).error === undefined;
const time = '2026-11-23T08:00:00Z';
const dir = mkdtempSync(join(tmpdir(), 'sign-'));

let staff: People;
let form: Awaited<ReturnType<typeof composeApplicationForm>>;
let seal: Uint8Array;

function save(name: string, bytes: Uint8Array): string {
  const path = join(dir, name);
  writeFileSync(path, bytes);
  return path;
}

function pem(name: string, der: Uint8Array): string {
  const body = (toBase64(der).match(/.{1,64}/g) ?? []).join('\n');
  const text = `-----BEGIN CERTIFICATE-----\n${body}\n-----END CERTIFICATE-----\n`;
  return save(name, new TextEncoder().encode(text));
}

beforeAll(async () => {
  staff = people('P-256');
  form = await composeApplicationForm(sampleApplication(), { fonts: FONTS, pilot: false, time });
  const drawing = await drawSeal({ kind: 'round', name: SEAL.name }, FONTS.serif);
  seal = await writeSeal({
    ...SEAL,
    picture: sealPictureOf(drawing),
    holderCertificates: [staff.enterprise.certificate],
    maker: staff.maker,
  });
  if (has('certutil')) {
    const nss = ['-d', `sql:${dir}`];
    execFileSync('certutil', ['-N', ...nss, '--empty-password']);
    const root = pem('root.pem', staff.root);
    execFileSync('certutil', ['-A', ...nss, '-n', 'root', '-t', 'CT,CT,CT', '-i', root]);
  } else pem('root.pem', staff.root);
});

function sign(options: Partial<SignPdfOptions> = {}): Promise<Uint8Array> {
  const { x, y, width, height } = form.sealRect;
  return signPdf({
    pdf: form.pdf,
    signer: staff.enterprise,
    field: 'Enterprise',
    page: 0,
    rect: [x, y, x + width, y + height],
    appearance: { kind: 'picture', seal },
    reason: '提交申请',
    time,
    ...options,
  });
}

/** The same, signed without appearance by others, one after the other. */
async function signMore(pdf: Uint8Array, signers: Signer[]): Promise<Uint8Array> {
  let out = pdf;
  for (const [i, signer] of signers.entries()) {
    out = await sign({ pdf: out, signer, field: `Further${i}`, appearance: { kind: 'none' } });
  }
  return out;
}

/** ByteRange and CMS of every signature, in file order. */
function signaturesOf(pdf: Uint8Array): { ranges: Uint8Array; cms: Uint8Array; end: number }[] {
  const text = latin1(pdf);
  return [...text.matchAll(/\/ByteRange \[0 (\d+) (\d+) (\d+) *\]/g)].map((match) => {
    const [b, c, d] = match.slice(1).map(Number) as [number, number, number];
    const ranges = Buffer.concat([pdf.subarray(0, b), pdf.subarray(c, c + d)]);
    const hex = Buffer.from(text.slice(b + 1, c - 1), 'hex');
    const cms = hex.subarray(0, hex.readUInt16BE(2) + 4);
    return { ranges, cms, end: c + d };
  });
}

function pdfsig(pdf: Uint8Array): string {
  const path = save('pdfsig.pdf', pdf);
  return spawnSync('pdfsig', ['-nssdir', `sql:${dir}`, path], { encoding: 'utf8' }).stdout;
}

const count = (text: string, part: string): number => text.split(part).length - 1;

describe('PAdES B-B (EN 319 142-1)', () => {
  test('the bytes that were there are a prefix of the result', async () => {
    const out = await sign();
    expect(out.subarray(0, form.pdf.length)).toEqual(form.pdf);
    expect(signaturesOf(out)[0]?.end).toBe(out.length);
  });

  test.skipIf(!has('pdfsig'))(
    'pdfsig accepts one to five signatures and trusts the signers',
    async () => {
      const { enterprise, stranger } = staff;
      let pdf = await sign();
      for (let n = 1; n <= 5; n++) {
        const report = pdfsig(pdf);
        expect(count(report, 'Signature is Valid')).toBe(n);
        expect(count(report, 'Certificate is Trusted'), report).toBe(n);
        expect(count(report, 'Total document signed')).toBe(1);
        const signer = [stranger, enterprise, stranger, enterprise, stranger][n - 1] as Signer;
        const next = await sign({ pdf, signer, field: `F${n}`, appearance: { kind: 'none' } });
        expect(next.subarray(0, pdf.length)).toEqual(pdf);
        pdf = next;
      }
    },
  );

  test('openssl cms -verify -cades accepts what we write', async () => {
    for (const { ranges, cms } of signaturesOf(await signMore(await sign(), [staff.stranger]))) {
      const args = ['cms', '-verify', '-binary', '-inform', 'DER', '-cades', '-purpose', 'any'];
      const files = ['-in', save('cms.der', cms), '-content', save('ranges.bin', ranges)];
      const ca = ['-CAfile', join(dir, 'root.pem'), '-out', '/dev/null'];
      const run = spawnSync('openssl', [...args, ...files, ...ca], { encoding: 'utf8' });
      expect(run.stderr).toMatch(/CAdES Verification successful|CMS Verification successful/);
      expect(run.status).toBe(0);
    }
  });

  test.skipIf(!has('qpdf'))('qpdf finds no error in five revisions', async () => {
    const { stranger, maker } = staff;
    const pdf = await signMore(await sign(), [stranger, maker, stranger, maker]);
    const out = execFileSync('qpdf', ['--check', save('five.pdf', pdf)], { encoding: 'utf8' });
    expect(out).toContain('No syntax or stream encoding errors');
  });

  test('our verifier: intact, whole file, B-B, no signingTime attribute', async () => {
    const report = await verifyPdf(await sign(), { time });
    expect(report.integrity).toBe('intact');
    expect(report.signatures[0]).toMatchObject({
      field: 'Enterprise',
      kind: 'approval',
      coverage: 'file',
      changes: 'none',
    });
    expect(latin1(signaturesOf(await sign())[0]?.cms as Uint8Array)).not.toContain(
      latin1(new Uint8Array([0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x05])),
    );
  });

  test('our verifier: five signatures stay intact', async () => {
    const { stranger, maker } = staff;
    const pdf = await signMore(await sign(), [stranger, maker, stranger, maker]);
    const report = await verifyPdf(pdf, { time });
    expect(report.integrity).toBe('intact');
    expect(report.signatures.map((one) => one.integrity)).toEqual(Array(5).fill('intact'));
  });

  test('SM2 with SM3 signs too', async () => {
    const sm = people('SM2');
    const pdf = await sign({ signer: sm.enterprise, appearance: { kind: 'none' } });
    const report = await verifyPdf(pdf, { time });
    expect(report.integrity).toBe('intact');
  });
});

describe('certification (ISO 32000-2, 12.8.2.2)', () => {
  test.each([1, 2, 3] as const)('P=%i is intact as a certification', async (certify) => {
    const report = await verifyPdf(await sign({ certify }), { time });
    expect(report.signatures[0]).toMatchObject({ kind: 'certification', integrity: 'intact' });
  });
  test('P=1 takes no further signature', async () => {
    const closed = await sign({ certify: 1 });
    await expect(signMore(closed, [staff.stranger])).rejects.toMatchObject({
      code: 'certified-closed',
    });
  });
  test('only the first signature certifies', async () => {
    const again = sign({ pdf: await sign(), field: 'Second', certify: 1 });
    await expect(again).rejects.toMatchObject({ code: 'certify-not-first' });
  });
  test('evidence may follow P=1 and breaks nothing', async () => {
    const dss = { certs: [staff.root], crls: [], ocsps: [] };
    const pdf = await sign({ certify: 1, dss });
    const report = await verifyPdf(pdf, { time });
    expect(report.integrity).toBe('intact');
    expect(report.signatures[0]?.coverage).toBe('revision');
    expect(await appendDss(pdf, dss)).toEqual(pdf);
    const more = await appendDss(pdf, { ...dss, certs: [staff.root, staff.maker.certificate] });
    expect((await verifyPdf(more, { time })).integrity).toBe('intact');
    if (has('pdfsig')) expect(pdfsig(more)).toContain('Signature is Valid');
  });
});

describe('the seal on the page (GB/T 38540 stream and picture)', () => {
  test('the SESeal stands unfiltered inside the signed range', async () => {
    const pdf = await sign();
    const at = Buffer.from(pdf).indexOf(seal);
    expect(at).toBeGreaterThan(form.pdf.length);
    expect(at).toBeLessThan(pdf.length);
    const head = latin1(pdf, at - 90, at).replace(/\s+/g, ' ');
    expect(head).toContain('/Type /CNBR_SESeal /Subtype /v4');
  });
  test('the picture stands at its own size in the middle of the place', async () => {
    const text = latin1(await sign()).slice(form.pdf.length);
    const rect = /\/Rect \[([\d. ]+)\]/.exec(text)?.[1]?.split(' ').map(Number) as number[];
    const [x1 = 0, y1 = 0, x2 = 0, y2 = 0] = rect;
    expect(x2 - x1).toBeCloseTo((40 * 72) / 25.4, 1);
    expect(y2 - y1).toBeCloseTo((40 * 72) / 25.4, 1);
    const [left, bottom] = centredIn(form.sealRect, 40, 40);
    expect(Math.abs(x1 - left) + Math.abs(y1 - bottom)).toBeLessThan(0.05);
  });
  test.skipIf(!has('pdftoppm'))('it is drawn red', async () => {
    const path = save('stamped.pdf', await sign());
    const out = execFileSync('pdftoppm', ['-r', '72', path], { maxBuffer: 1 << 26 });
    const head = /^P6\s+(\d+) (\d+)\s+255\s/.exec(out.subarray(0, 40).toString('latin1'));
    const start = head?.[0].length ?? 0;
    let red = 0;
    for (let at = start; at < out.length; at += 3) {
      if ((out[at] as number) > 180 && (out[at + 1] as number) < 110) red++;
    }
    expect(red).toBeGreaterThan(1000);
  });
  test('a PNG seal becomes one image over the whole box', async () => {
    const data = new Uint8ClampedArray(40 * 40 * 4).fill(200);
    const png = encodePng({ width: 40, height: 40, data });
    const der = await writeSeal({
      ...SEAL,
      picture: { type: 'PNG', data: png, widthMm: 40, heightMm: 40 },
      holderCertificates: [staff.enterprise.certificate],
      maker: staff.maker,
    });
    const pdf = await sign({ appearance: { kind: 'picture', seal: der } });
    expect(latin1(pdf)).toContain('q 113.39 0 0 113.39 0 0 cm /Im0 Do Q');
    expect((await verifyPdf(pdf, { time })).integrity).toBe('intact');
    if (has('qpdf')) execFileSync('qpdf', ['--check', save('png.pdf', pdf)]);
  });
  test('GM/T 0031 6.2.2 c: a signer whom the seal does not list is refused', async () => {
    await expect(sign({ signer: staff.stranger })).rejects.toMatchObject({ code: 'seal-holder' });
  });
  test('a seal outside its validity is refused', async () => {
    await expect(sign({ time: '2026-10-01T00:00:00Z' })).rejects.toMatchObject({
      code: 'seal-time',
    });
  });
});

describe('what is refused', () => {
  test('a field name that is taken, a page that is not there', async () => {
    const once = await sign();
    await expect(sign({ pdf: once })).rejects.toMatchObject({ code: 'field-taken' });
    await expect(sign({ page: 3 })).rejects.toMatchObject({ code: 'pdf-page' });
  });
  test('bytes after the end of file', async () => {
    const pdf = Buffer.concat([form.pdf, Buffer.from('extra')]);
    await expect(sign({ pdf })).rejects.toMatchObject({ name: 'Malformed' });
  });
});

describe('files of others', () => {
  test('cross-reference streams are continued as such', async () => {
    const doc = await PDFDocument.load(form.pdf);
    const pdf = await doc.save({ useObjectStreams: true });
    const out = await signMore(await sign({ pdf }), [staff.stranger]);
    const report = await verifyPdf(out, { time });
    expect(report.signatures.map((one) => one.integrity)).toEqual(['intact', 'intact']);
    if (has('pdfsig')) expect(count(pdfsig(out), 'Signature is Valid')).toBe(2);
    if (has('qpdf')) execFileSync('qpdf', ['--check', save('streams.pdf', out)]);
  });
  test.skipIf(!has('qpdf'))('a linearised file', async () => {
    const from = save('plain.pdf', form.pdf);
    const to = join(dir, 'linear.pdf');
    execFileSync('qpdf', ['--linearize', from, to]);
    const pdf = new Uint8Array((await import('node:fs')).readFileSync(to));
    expect((await verifyPdf(await sign({ pdf }), { time })).integrity).toBe('intact');
  });
});
