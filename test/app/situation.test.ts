import { describe, expect, it } from 'vitest';
import { TONES } from '../../src/app/workers/checked-file.ts';
import { kindOf } from '../../src/app/workers/file-kind.ts';
import { notPassed, situationOfPdf } from '../../src/app/workers/situation.ts';
import type { PdfReport, SignatureReport } from '../../src/pdf/index.ts';

const signature = (over: Partial<SignatureReport> = {}): SignatureReport => ({
  field: 'Seal',
  kind: 'approval',
  integrity: 'intact',
  verdict: 'TOTAL-PASSED',
  coverage: 'file',
  changes: 'none',
  path: [],
  timeProven: false,
  subFilter: 'ETSI.CAdES.detached',
  revision: 1,
  changesList: [],
  timeStamps: [],
  findings: [],
  ...over,
});

const report = (over: Partial<PdfReport> = {}): PdfReport => ({
  integrity: 'intact',
  verdict: 'TOTAL-PASSED',
  signatures: [signature()],
  findings: [],
  revisions: [1],
  ...over,
});

const seal = (pictureMatches: boolean) => ({
  name: 'x',
  maker: 'x',
  verdict: 'TOTAL-PASSED' as const,
  pictureMatches,
  pageCount: 1,
  data: new Uint8Array(),
});

describe('the sentence of a PDF', () => {
  it('is good only where everything passed', () => {
    expect(situationOfPdf(report())).toBe('good');
  });

  it('puts integrity before everything else', () => {
    expect(situationOfPdf(report({ integrity: 'modified' }))).toBe('changed');
    expect(situationOfPdf(report({ integrity: 'broken' }))).toBe('not-genuine');
    expect(situationOfPdf(report({ integrity: 'unreadable', signatures: [] }))).toBe('unreadable');
    expect(situationOfPdf(report({ integrity: 'unsigned', signatures: [] }))).toBe('no-signature');
  });

  it('calls unchecked what is not computed, neither good nor wrong', () => {
    const situation = situationOfPdf(report({ integrity: 'unchecked', verdict: 'INDETERMINATE' }));
    expect(situation).toBe('unchecked');
    expect(TONES[situation]).toBe('unknown');
  });

  it('calls a stamp or note laid on top what it is, and nothing else so', () => {
    const change = (over: object) => ({ code: 'annotation-added', permission: 'warn', ...over });
    const changed = (...changesList: object[]) =>
      situationOfPdf(
        report({
          integrity: 'modified',
          signatures: [signature({ integrity: 'modified', changesList: changesList as never })],
        }),
      );
    expect(changed(change({}))).toBe('changed-on-top');
    expect(changed(change({ permission: 'no' }))).toBe('changed');
    expect(changed(change({}), change({ code: 'entry-changed', permission: 'no' }))).toBe(
      'changed',
    );
    expect(changed(change({ code: 'field-look' }))).toBe('changed');
    expect(changed()).toBe('changed');
  });

  it('never calls a foreign picture good', () => {
    const signatures = [signature({ seal: seal(false) })];
    expect(situationOfPdf(report({ signatures }))).toBe('picture-differs');
  });

  it('never calls a seal good that is not the signer’s', () => {
    const findings = [{ code: 'SIGNER_NOT_IN_SEAL', message: '', severity: 'error' as const }];
    expect(notPassed('TOTAL-FAILED', 'SIG_CONSTRAINTS_FAILURE', findings)).toBe('foreign-seal');
  });

  it('never shows unknown as valid, nor as forged', () => {
    const signatures = [
      signature({ verdict: 'INDETERMINATE', subIndication: 'NO_CERTIFICATE_CHAIN_FOUND' }),
    ];
    const situation = situationOfPdf(report({ verdict: 'INDETERMINATE', signatures }));
    expect(situation).toBe('unknown-issuer');
    expect(TONES[situation]).toBe('unknown');
  });

  it('tells revoked from expired', () => {
    expect(notPassed('TOTAL-FAILED', 'REVOKED', [])).toBe('revoked');
    expect(notPassed('INDETERMINATE', 'OUT_OF_BOUNDS_NO_POE', [])).toBe('not-in-force');
  });
});

describe('the kind of a file', () => {
  const bytes = (text: string) => new TextEncoder().encode(text);

  it('is told by its first bytes, whatever its name says', () => {
    expect(kindOf('a.txt', bytes('%PDF-1.7'))).toBe('pdf');
    expect(
      kindOf('a.pdf', bytes('PK\u0003\u0004....mimetypeapplication/vnd.etsi.asic-e+zip')),
    ).toBe('package');
    expect(kindOf('a.bin', bytes('PK\u0003\u0004....OFD.xml'))).toBe('ofd');
    expect(kindOf('a.pem', bytes('-----BEGIN CERTIFICATE-----'))).toBe('certificate');
    expect(kindOf('a.cer', bytes('hello'))).toBe('unknown');
    expect(kindOf('a', new Uint8Array())).toBe('unknown');
  });
});
