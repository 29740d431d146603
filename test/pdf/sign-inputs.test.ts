/** Files of every build that producers write (ISO 32000-2, 7.5): signed five times, at every level. */
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { requestTimeStamp } from '../../src/cms/index.ts';
import { toHex as hex, latin1 } from '../../src/crypto/index.ts';
import { verifyPdf } from '../../src/pdf/index.ts';
import { type Level, type Rect, signAtLevel, signPdf } from '../../src/pdf/sign/index.ts';
import { textString } from '../../src/pdf/sign/write-object.ts';
import { createCrl } from '../../src/pki/issuing/index.ts';
import { at, type Identity, identity, openssl } from '../cms/peers.ts';
import { anatomy, basePdf } from './fixtures/base.ts';
import { type OpensslTsa, opensslTsa } from './fixtures/openssl-tsa.ts';
import { count, has, Peers, signaturesOf } from './fixtures/peers.ts';
import { append, withEntries } from './fixtures/write.ts';

const root = identity('inputs-root', 'P-256');
const usage = 'keyUsage=critical,digitalSignature\nextendedKeyUsage=critical,timeStamping';
const tsa = identity('inputs-tsa', 'P-256', root, usage);
const signers = ['P-256', 'RSA', 'P-384', 'P-256', 'RSA'].map((kind, i) =>
  identity(`inputs-${i}`, kind as 'P-256', root),
);
const LEVELS: Level[] = ['B', 'T', 'LT', 'LTA', 'LTA'];
const peers = new Peers(root.certificate);
const now = () => new Date().toISOString();
const trust = { anchors: [root.certificate] };
let authority: OpensslTsa;
let crl: Uint8Array;

beforeAll(async () => {
  authority = await opensslTsa(tsa, root);
  const [thisUpdate, nextUpdate] = [-60_000, 86_400_000].map((ms) =>
    new Date(Date.now() + ms).toISOString(),
  ) as [string, string];
  crl = await createCrl({ issuer: root.signer, number: 1, revoked: [], thisUpdate, nextUpdate });
});
afterAll(() => authority.close());

/** Through qpdf with these options. */
function qpdf(pdf: Uint8Array, ...options: string[]): Uint8Array {
  const path = peers.save('given.pdf', pdf);
  execFileSync('qpdf', [...options, path, `${path}.out`]);
  return new Uint8Array(readFileSync(`${path}.out`));
}

const BUILDS: [name: string, build: () => Promise<Uint8Array>, sign: string | null][] = [
  ['a table', () => basePdf(), null],
  ['a stream and object streams', () => basePdf({ objectStreams: true }), '/ObjStm'],
  [
    'hybrid: a table beside a stream',
    async () => {
      const base = await basePdf();
      const { num, dict } = (await anatomy(base)).catalog;
      const objects = { [num]: withEntries(dict, { Lang: '(zh-CN)' }), 90: '(hidden)' };
      return append(base, objects, { xref: 'hybrid', pack: true });
    },
    '/XRefStm',
  ],
  [
    'qpdf, object streams',
    async () => qpdf(await basePdf(), '--object-streams=generate'),
    '/ObjStm',
  ],
  ['qpdf, linearized', async () => qpdf(await basePdf(), '--linearize'), '/Linearized'],
  [
    'qpdf, linearized with object streams',
    async () => qpdf(await basePdf(), '--linearize', '--object-streams=generate'),
    '/Linearized',
  ],
  ['qpdf, QDF', async () => qpdf(await basePdf(), '--qdf'), '%QDF'],
  [
    'a form, uncompressed',
    async () => qpdf(await basePdf({ textFields: ['A'] }), '--stream-data=uncompress'),
    null,
  ],
];

async function judged(pdf: Uint8Array, n: number): Promise<void> {
  const report = await verifyPdf(pdf, { time: now(), trust });
  expect(report.findings.filter(({ severity }) => severity === 'error')).toEqual([]);
  expect(report).toMatchObject({ integrity: 'intact', verdict: 'TOTAL-PASSED' });
  const own = report.signatures.filter(({ kind }) => kind !== 'timestamp');
  expect(own.length).toBe(n);
  if (!has('pdfsig')) return;
  const words = peers.pdfsig(pdf);
  expect(count(words, 'Signature is Valid')).toBe(n);
  expect(count(words, 'Certificate is Trusted')).toBe(n);
}

function signed(pdf: Uint8Array, n: number, level: Level) {
  return signAtLevel({
    pdf,
    signer: { ...(signers[n - 1] as Identity).signer, chain: [root.certificate] },
    field: `Signer${n}`,
    appearance: { kind: 'none' },
    reason: '签章',
    time: now(),
    level,
    timeStamp: requestTimeStamp({ address: authority.address, fetch }),
    evidence: () => ({ certs: [root.certificate], crls: [crl], ocsps: [] }),
  });
}

describe.each(BUILDS)('%s', (name, build, mark) => {
  test('one to five signatures, B to LTA, by RSA, P-256 and P-384', async () => {
    if (name.startsWith('qpdf') && !has('qpdf')) return;
    const base = await build();
    if (mark) expect(latin1(base)).toContain(mark);
    let pdf = base;
    for (const [i, level] of LEVELS.entries()) {
      const made = await signed(pdf, i + 1, level);
      expect(made).toMatchObject({ level, shortfall: null });
      expect(made.pdf.subarray(0, pdf.length)).toEqual(pdf);
      pdf = made.pdf;
      await judged(pdf, i + 1);
    }
    for (const one of signaturesOf(pdf)) expect(peers.openssl(one)).toBe(true);
    if (has('qpdf')) expect(peers.qpdf(pdf)).toContain('No syntax or stream encoding errors');
  }, 40_000);
});

describe.runIf(has('qpdf'))('encrypted files (ISO 32000-2, 7.6)', () => {
  const weak = ['--allow-weak-crypto', '--encrypt'];
  const CIPHERS: [name: string, before: string[], after: string[]][] = [
    ['AES-256', ['--encrypt'], ['256', '--']],
    [
      'AES-256, strings in object streams',
      ['--object-streams=generate', '--encrypt'],
      ['256', '--'],
    ],
    ['AES-128', weak, ['128', '--use-aes=y', '--']],
    ['AES-128, metadata in clear', weak, ['128', '--use-aes=y', '--cleartext-metadata', '--']],
    ['RC4 of 128 bits', weak, ['128', '--use-aes=n', '--']],
    ['RC4 of 40 bits', weak, ['40', '--']],
  ];
  const sign = (pdf: Uint8Array, over: Partial<Parameters<typeof signAtLevel>[0]> = {}) =>
    signAtLevel({
      pdf,
      signer: { ...(signers[0] as Identity).signer, chain: [root.certificate] },
      field: 'Signer1',
      appearance: { kind: 'none' },
      reason: '审核同意',
      time: now(),
      level: 'B',
      ...over,
    });

  test.each(CIPHERS)('%s, empty password: signed at level LTA, then once more', async (_, a, b) => {
    const base = qpdf(await basePdf(), ...a, '', 'owner', ...b);
    const first = (await signed(base, 1, 'LTA')).pdf;
    const { pdf, level } = await signed(first, 2, 'LT');
    expect(level).toBe('LT');
    expect(pdf.subarray(0, base.length)).toEqual(base);
    await judged(pdf, 2);
    expect(latin1(pdf.subarray(base.length))).not.toContain(hex(textString('签章').bytes));
    expect(peers.qpdf(pdf)).toContain('No syntax or stream encoding errors');
    const clear = latin1(qpdf(pdf, '--decrypt', '--qdf'));
    expect(clear.toLowerCase()).toContain(hex(textString('签章').bytes));
  });

  test.each(CIPHERS)('%s, a password: by the user’s and by the owner’s', async (_, a, b) => {
    const base = qpdf(await basePdf(), ...a, 'reader', 'owner', ...b);
    await expect(sign(base)).rejects.toMatchObject({ code: 'password-needed' });
    const certificates = { certs: [root.certificate], crls: [crl], ocsps: [] };
    for (const password of ['reader', 'owner']) {
      const timeStamp = requestTimeStamp({ address: authority.address, fetch });
      const evidence = () => certificates;
      const made = await sign(base, { password, level: 'LTA', timeStamp, evidence });
      expect(made).toMatchObject({ level: 'LTA', shortfall: null });
      const report = await verifyPdf(made.pdf, { time: now(), trust, password: 'reader' });
      expect(report).toMatchObject({ integrity: 'intact', verdict: 'TOTAL-PASSED' });
    }
  });

  test('the same file and clock give the same bytes', async () => {
    const base = qpdf(await basePdf(), '--encrypt', '', 'owner', '256', '--');
    const rsa = { signer: (signers[1] as Identity).signer, time: '2026-06-01T00:00:00Z' };
    expect((await sign(base, rsa)).pdf).toEqual((await sign(base, rsa)).pdf);
  });

  test('what the owner forbids is refused, except to the owner (table 22)', async () => {
    const given = await basePdf({ signatureFields: ['Waiting'] });
    const locked = (modify: string) =>
      qpdf(given, '--encrypt', '', 'owner', '256', `--modify=${modify}`, '--');
    for (const modify of ['none', 'assembly', 'form', 'annotate']) {
      await expect(sign(locked(modify))).rejects.toMatchObject({ code: 'pdf-owner' });
      const { pdf } = await sign(locked(modify), { password: 'owner' });
      await judged(pdf, 1);
    }
    await judged((await sign(locked('form'), { field: 'Waiting' })).pdf, 1);
    await expect(sign(locked('none'), { field: 'Waiting' })).rejects.toMatchObject({
      code: 'pdf-owner',
    });
    const stamped = await sign(locked('form'), {
      field: 'Waiting',
      level: 'LTA',
      timeStamp: requestTimeStamp({ address: authority.address, fetch }),
      evidence: () => ({ certs: [root.certificate], crls: [crl], ocsps: [] }),
    });
    expect(stamped).toMatchObject({ level: 'LT', shortfall: { code: 'pdf-owner' } });
  });
});

describe('beside the signatures of pdfsig', () => {
  const able = () =>
    has('certutil') &&
    spawnSync('pdfsig', ['-h'], { encoding: 'utf8' }).stderr.includes('-add-signature');

  /** Signs through NSS, as poppler's users do. */
  function byPdfsig(pdf: Uint8Array): Uint8Array {
    const path = peers.save('unsigned.pdf', pdf);
    const args = ['-nssdir', `sql:${peers.folder}`, '-add-signature', '-nick', 'poppler'];
    execFileSync('pdfsig', [...args, '-reason', 'theirs', path, `${path}.signed`], {
      stdio: 'pipe',
    });
    return new Uint8Array(readFileSync(`${path}.signed`));
  }

  beforeAll(() => {
    if (!able()) return;
    const theirs = identity('inputs-poppler', 'RSA', root);
    openssl(
      `pkcs12 -export -inkey ${theirs.name}.key -in ${theirs.name}.pem -name poppler -out poppler.p12 -passout pass:`,
    );
    const nss = ['-d', `sql:${peers.folder}`];
    execFileSync('pk12util', ['-i', at('poppler.p12'), ...nss, '-W', '', '-K', ''], {
      stdio: 'pipe',
    });
  });

  test('ours, then theirs: both stand', async () => {
    if (!able()) return;
    const ours = (await signed(await basePdf(), 1, 'LT')).pdf;
    const both = byPdfsig(ours);
    expect(both.subarray(0, ours.length)).toEqual(new Uint8Array(ours));
    const report = await verifyPdf(both, { time: now(), trust });
    expect(report.signatures.map(({ integrity }) => integrity)).toEqual(['intact', 'intact']);
    expect(count(peers.pdfsig(both), 'Signature is Valid')).toBe(2);
  });

  test('theirs, then ours at level LTA, then ours again: all stand', async () => {
    if (!able()) return;
    const theirs = byPdfsig(await basePdf());
    const twice = (await signed((await signed(theirs, 1, 'LTA')).pdf, 2, 'T')).pdf;
    const report = await verifyPdf(twice, { time: now(), trust });
    const own = report.signatures.filter(({ kind }) => kind !== 'timestamp');
    expect(own.map(({ integrity }) => integrity)).toEqual(['intact', 'intact', 'intact']);
    expect(report.integrity).toBe('intact');
    expect(count(peers.pdfsig(twice), 'Signature is Valid')).toBe(3);
  });
});

describe('fields that wait for a signer (ISO 32000-2, 12.7.5.5)', () => {
  const RECT: Rect = [300, 100, 400, 180];
  /** The base file with an empty field `Here` that has these entries. */
  async function waiting(entries: string): Promise<Uint8Array> {
    const pdf = await basePdf({ signatureFields: ['Here'], textFields: ['Amount', 'Remark'] });
    const text = latin1(pdf);
    const found = /(\d+) 0 obj\s*<<([^>]*\/FT \/Sig[^>]*)>>/.exec(text);
    return append(pdf, { [Number(found?.[1])]: `<<${found?.[2]} ${entries}>>` });
  }
  const fill = (pdf: Uint8Array, over: Partial<Parameters<typeof signPdf>[0]> = {}) =>
    signPdf({
      pdf,
      signer: (signers[0] as Identity).signer,
      field: 'Here',
      appearance: { kind: 'none' },
      reason: '同意',
      time: now(),
      ...over,
    });
  const seed = (text: string) => `/SV <</Type /SV ${text}>>`;

  test.each([
    ['nothing is required', '/Reasons [(other)]'],
    ['the filter', '/Ff 1 /Filter /Adobe.PPKLite'],
    ['the kind of signature', '/Ff 2 /SubFilter [/adbe.pkcs7.detached /ETSI.CAdES.detached]'],
    ['the digest', '/Ff 64 /DigestMethod [(SHA384) (SHA256)]'],
    ['a reason of theirs', '/Ff 8 /Reasons [<FEFF540C610F> (no)]'],
    ['an approval', '/MDP <</P 0>>'],
    [
      'this signer',
      `/Cert <</Type /SVCert /Ff 1 /Subject [<${hex((signers[0] as Identity).certificate)}>]>>`,
    ],
  ])('kept: %s', async (_, text) => {
    const pdf = await fill(await waiting(seed(text)));
    const report = await verifyPdf(pdf, { time: now(), trust });
    expect(report).toMatchObject({ integrity: 'intact', verdict: 'TOTAL-PASSED' });
    expect(report.signatures[0]?.field).toBe('Here');
  });

  test.each([
    ['another filter', '/Ff 1 /Filter /Entrust.PPKEF'],
    ['another kind of signature', '/Ff 2 /SubFilter [/adbe.pkcs7.detached]'],
    ['another digest', '/Ff 64 /DigestMethod [(SHA512)]'],
    ['another reason', '/Ff 8 /Reasons [(no)]'],
    ['no reason', '/Ff 8 /Reasons [(.)]'],
    ['a certification', '/MDP <</P 2>>'],
    ['a time stamp', '/TimeStamp <</URL (https://tsa.invalid) /Ff 1>>'],
    ['revocation data', '/Ff 32 /AddRevInfo true'],
    [
      'another signer',
      `/Cert <</Type /SVCert /Ff 1 /Subject [<${hex((signers[1] as Identity).certificate)}>]>>`,
    ],
    [
      'another issuer',
      `/Cert <</Type /SVCert /Ff 2 /Issuer [<${hex((signers[1] as Identity).certificate)}>]>>`,
    ],
    ['a key usage, which we do not judge', '/Cert <</Type /SVCert /Ff 4 /KeyUsage [(1)]>>'],
    ['a legal attestation', '/Ff 16 /LegalAttestation [(x)]'],
  ])('refused: %s', async (_, text) => {
    await expect(fill(await waiting(seed(text)))).rejects.toMatchObject({ code: 'field-seed' });
  });

  test('a certification where the field asks for one, and a time stamp where it must have one', async () => {
    const certified = await fill(await waiting(seed('/MDP <</P 2>>')), { certify: 2 });
    expect((await verifyPdf(certified, { time: now(), trust })).verdict).toBe('TOTAL-PASSED');
    const pdf = await waiting(seed('/TimeStamp <</URL (https://tsa.invalid) /Ff 1>>'));
    const timeStamp = requestTimeStamp({ address: authority.address, fetch });
    const report = await verifyPdf(await fill(pdf, { timeStamp }), { time: now(), trust });
    expect(report.signatures[0]?.level).toBe('B-T');
  });

  test('a required time stamp that does not come: refused, not signed without', async () => {
    const pdf = await waiting(seed('/TimeStamp <</URL (https://tsa.invalid) /Ff 1>>'));
    const options = { pdf, signer: (signers[0] as Identity).signer, field: 'Here' };
    const timeStamp = () => Promise.reject(new TypeError('no network'));
    const bare = { appearance: { kind: 'none' } as const, reason: '', time: now(), timeStamp };
    await expect(signAtLevel({ ...options, ...bare, level: 'T' })).rejects.toMatchObject({
      code: 'field-seed',
    });
  });

  test.each([
    ['/Action /All', 'Amount'],
    ['/Action /Include /Fields [(Amount)]', 'Amount'],
    ['/Action /Exclude /Fields [(Remark)]', 'Amount'],
  ])(
    'Lock %s becomes FieldMDP: filling what it locks breaks the signature',
    async (lock, field) => {
      const pdf = await fill(await waiting(`/Lock <</Type /SigFieldLock ${lock}>>`));
      expect(latin1(pdf)).toContain('/TransformMethod /FieldMDP');
      const whole = await verifyPdf(pdf, { time: now(), trust });
      expect(whole).toMatchObject({ integrity: 'intact', verdict: 'TOTAL-PASSED' });
      const { anatomy } = await import('./fixtures/base.ts');
      const { withEntries } = await import('./fixtures/write.ts');
      const { num, dict } = (await anatomy(pdf)).field(field);
      const filled = await append(pdf, { [num]: withEntries(dict, { V: '(9999)' }) });
      expect((await verifyPdf(filled, { time: now(), trust })).integrity).toBe('modified');
    },
  );

  test('emptyFields: made by a certifier for those who follow, who sign them and no others', async () => {
    const places = ['First', 'Second'].map((name, i) => ({ name, page: i, rect: RECT }));
    const base = await basePdf();
    const certified = await fill(base, { field: 'Certifier', certify: 2, emptyFields: places });
    await expect(fill(certified, { field: 'Other' })).rejects.toMatchObject({
      code: 'certified-field',
    });
    let pdf = certified;
    for (const { name } of places) pdf = await fill(pdf, { field: name });
    const report = await verifyPdf(pdf, { time: now(), trust });
    expect(report).toMatchObject({ integrity: 'intact', verdict: 'TOTAL-PASSED' });
    expect(report.signatures.map(({ field }) => field)).toEqual(['Certifier', 'First', 'Second']);
    expect(report.signatures.map(({ page }) => page).slice(1)).toEqual([1, 2]);
    await expect(fill(pdf, { field: 'First' })).rejects.toMatchObject({ code: 'field-taken' });
  });
});
