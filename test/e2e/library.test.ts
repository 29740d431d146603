import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';

/** The names of the contract, and that the built library stands alone in plain Node. */
const NAMES = [
  'verifyPdf',
  'verifyPath',
  'checkCrl',
  'checkOcsp',
  'verifySignature',
  'parseCertificate',
  'openPfx',
  'verifySeal',
  'verifySealSignature',
  'verifyPackage',
  'readLicenceToken',
  'analyseLetterScan',
  'fold',
];

it('dist/lib/cinnabar.js loads in Node by itself, offers the contract, and never throws for junk', () => {
  const script = `
    import * as lib from '${process.cwd()}/dist/lib/cinnabar.js';
    const missing = ${JSON.stringify(NAMES)}.filter((name) => typeof lib[name] !== 'function');
    if (missing.length) throw new Error('missing ' + missing);
    const junk = new Uint8Array([1, 2, 3]);
    const answers = [
      (await lib.verifyPdf(junk, {})).integrity,
      (await lib.parseCertificate({ der: junk })).ok,
      (await lib.checkCrl({ crl: junk, issuer: junk, target: junk, time: '2026-01-01T00:00:00Z' })).status,
      (await lib.checkOcsp({ response: junk, issuer: junk, target: junk, time: '2026-01-01T00:00:00Z' })).status,
      (await lib.verifySignature({ spki: junk, algorithm: junk, signature: junk, data: junk })).valid,
      (await lib.openPfx({ pfx: junk, password: 'x' })).ok,
      (await lib.verifySeal(junk, {})).verdict,
      (await lib.verifySealSignature(junk, {})).verdict,
      (await lib.verifyPackage(junk, {})).verdict,
      (await lib.readLicenceToken('junk', {})).verdict,
      (await lib.analyseLetterScan({ width: 2, height: 2, data: new Uint8Array(16) })).accept,
      (await lib.verifyPath({ target: junk, intermediates: [], anchors: [], time: '2026-01-01T00:00:00Z', revocation: 'none' })).code,
    ];
    console.log(JSON.stringify(answers));
  `;
  const out = execFileSync(process.execPath, ['--input-type=module', '-e', script], {
    encoding: 'utf8',
  });
  expect(JSON.parse(out)).toEqual([
    'unreadable',
    false,
    'UNKNOWN',
    'UNKNOWN',
    false,
    false,
    'TOTAL-FAILED',
    'TOTAL-FAILED',
    'TOTAL-FAILED',
    'not-a-licence',
    false,
    'malformed',
  ]);
});
