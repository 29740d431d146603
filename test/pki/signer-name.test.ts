import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { derWrite as d } from '../../src/crypto/index.ts';
import { describeCertificate, readCertificate, signerName } from '../../src/pki/index.ts';
import { certificate, ext, extension, party } from './forge.ts';

const ATTRIBUTE = {
  CN: '2.5.4.3',
  SN: '2.5.4.4',
  serialNumber: '2.5.4.5',
  O: '2.5.4.10',
  OU: '2.5.4.11',
  GN: '2.5.4.42',
  identifier: '2.5.4.97',
} as const;

function nameWith(...parts: [keyof typeof ATTRIBUTE, string | Uint8Array][]): Uint8Array {
  const pairs = parts.map(([type, text]) => {
    const value = typeof text === 'string' ? d.utf8String(text) : text;
    return d.setOf(d.sequence(d.oid(ATTRIBUTE[type]), value));
  });
  return d.sequence(...pairs);
}

async function whose(name: Uint8Array, extensions: Uint8Array[] = []) {
  const subject = await party(name);
  return certificate({ subject, issuer: subject, extensions });
}

const read = async (name: Uint8Array, extensions: Uint8Array[] = []) =>
  signerName(readCertificate(await whose(name, extensions)));

const PERSONAL = '11010119900307743X';
const COMPANY = '91320508346386385N';

describe('who a certificate speaks for', () => {
  it('is the common name, with the organisation beside it', async () => {
    const name = nameWith(['O', 'Trust Service Platform'], ['CN', 'Maria Silva']);
    expect(await read(name)).toMatchObject({
      name: 'Maria Silva',
      organization: 'Trust Service Platform',
      timeStampAuthority: false,
    });
  });

  it('is given name and surname where there is no common name', async () => {
    const western = nameWith(['GN', 'Maria'], ['SN', 'Silva'], ['O', 'Platform']);
    expect(await read(western)).toMatchObject({ name: 'Maria Silva' });
    expect(await read(nameWith(['GN', '三'], ['SN', '张']))).toMatchObject({ name: '张三' });
  });

  it('falls back to organisation, and to the whole subject', async () => {
    expect((await read(nameWith(['OU', 'Unit'], ['O', 'Body']))).name).toBe('Body');
    expect((await read(nameWith(['serialNumber', '42']))).name).toBe('serialNumber=42');
  });

  it('takes the most specific of several common names', async () => {
    expect((await read(nameWith(['CN', 'Users'], ['CN', 'Maria Silva']))).name).toBe('Maria Silva');
  });

  it.each([
    [`051@张三@0${PERSONAL}@1`, '张三'],
    [`051@ZHANG SAN@${PERSONAL}@2`, 'ZHANG SAN'],
    [`041@0${PERSONAL}@张三@00000010`, '张三'],
    [`051@${PERSONAL}@张三@1`, '张三'],
    ['051@testName@Z1234567890@34', 'testName'],
  ])('CFCA %s names the person and hides the number', async (common, name) => {
    const subject = nameWith(['O', 'CFCA OCA1'], ['OU', 'Individual-1'], ['CN', common]);
    const who = await read(subject);
    expect(who.name).toBe(name);
    expect(who.organization).toBeUndefined();
    const shown = JSON.stringify([who, await describeCertificate(await whose(subject))]);
    expect(shown).not.toContain(PERSONAL);
    expect(shown).not.toContain('1234567890');
  });

  it('CFCA enterprise: name and unified social credit code, and the CA is not its organisation', async () => {
    const common = `041@N${COMPANY}@苏州某工艺品有限公司@00000001`;
    const who = await read(nameWith(['O', 'CFCA OCA1'], ['OU', 'Enterprises'], ['CN', common]));
    expect(who).toMatchObject({
      name: '苏州某工艺品有限公司',
      organization: '苏州某工艺品有限公司',
      uscc: COMPANY,
    });
  });

  it('a resident number anywhere in a name is masked', async () => {
    const who = await read(nameWith(['CN', `张三${PERSONAL}`], ['serialNumber', PERSONAL]));
    expect(JSON.stringify(who)).not.toContain(PERSONAL);
    expect(who.name).toMatch(/^张三110\*+3X$/);
  });

  it('a unified social credit code is never masked', async () => {
    const who = await read(nameWith(['CN', '某公司'], ['identifier', `NTRCN-${COMPANY}`]));
    expect(who.uscc).toBe(COMPANY);
    expect(who.subject).toContain(COMPANY);
  });

  it('reads GBK that an old CA wrote into a TeletexString', async () => {
    const gbk = d.tlv(0x14, new Uint8Array([0xd6, 0xd0, 0xb9, 0xfa]));
    expect((await read(nameWith(['CN', gbk]))).name).toBe('中国');
  });

  it('RFC 3161 2.3: a certificate for time stamping alone is a time-stamp authority', async () => {
    const name = nameWith(['CN', 'TSA']);
    const stamps = ['1.3.6.1.5.5.7.3.8'];
    expect(await read(name, [ext.eku(...stamps)])).toMatchObject({ timeStampAuthority: true });
    const mail = [...stamps, '1.3.6.1.5.5.7.3.4'];
    expect(await read(name, [ext.eku(...mail)])).toMatchObject({ timeStampAuthority: false });
  });
});

describe('GB/T 20518 5.2.4.2: identity extensions', () => {
  const CODE = '1.2.156.10260.4.1.';
  const tagged = d.contextPrimitive(0, new TextEncoder().encode(PERSONAL));

  it.each([
    ['[0] of IdentityCode', tagged],
    ['a UTF8String', d.utf8String(PERSONAL)],
    ['a SEQUENCE of one', d.sequence(d.printableString(PERSONAL))],
    ['bare text', new TextEncoder().encode(PERSONAL)],
  ])('a personal number as %s is shown masked', async (_, value) => {
    const der = await whose(nameWith(['CN', '张三']), [extension(`${CODE}1`, false, value)]);
    const described = await describeCertificate(der);
    expect(described).toMatchObject({
      extensions: [{ key: 'identityCode', value: '110*************3X', hex: '' }],
    });
  });

  it.each([3, 4, 5])('the code of an enterprise in extension %i is its credit code', async (n) => {
    const value = d.printableString(COMPANY);
    const who = await read(nameWith(['CN', '某公司']), [extension(`${CODE}${n}`, false, value)]);
    expect(who.uscc).toBe(COMPANY);
  });

  it('never throws, whatever stands in them', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ maxLength: 40 }),
        fc.integer({ min: 1, max: 6 }),
        async (value, n) => {
          const der = await whose(nameWith(['CN', 'x']), [extension(`${CODE}${n}`, false, value)]);
          expect(await describeCertificate(der)).toMatchObject({ ok: true, name: 'x' });
        },
      ),
      { numRuns: 60 },
    );
  });
});
