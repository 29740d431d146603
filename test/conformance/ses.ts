/** SESeal, SES_Signature and OFD samples: the answers that their README and manifest give. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Verdict } from '../../src/crypto/index.ts';
import { verifyOfd } from '../../src/ofd/index.ts';
import { verifySeal, verifySealSignature } from '../../src/seal/index.ts';
import { pem, readJson, Score, type Suite } from './suite.ts';

interface Item {
  file: string;
  kind: 'seal' | 'signature';
  doc?: string;
  expect: 'ok' | 'fail' | 'policy' | 'policy-fail';
}

/** The code that each broken sample must be answered with. */
const CODES: Record<string, string> = {
  'sm2-sig-v4-wrongdoc.dat': 'HASH_MISMATCH',
  'sm2-sig-v4-signer-not-in-seal.dat': 'SIGNER_NOT_IN_SEAL',
  'sm2-seal-v4-tampered-image.esl': 'SEAL_SIG',
  'sm2-seal-v4-selfmade.esl': 'MAKER_UNTRUSTED',
  'sm2-seal-v4-expired.esl': 'SEAL_EXPIRED',
  'sm2-seal-v4-ext.esl': 'SEAL_EXT_CRITICAL',
  'sm2-seal-v4-ext-tag0.esl': 'SEAL_EXT_CRITICAL',
  'sm2-sig-v4-expired-seal-but-signed-in-time.dat': 'SEAL_EXPIRED',
  'sm2-sig-v4-outside-seal-validity.dat': 'SIGN_TIME_OUTSIDE_SEAL',
  'sm2-sig-v4-swapped-cert.dat': 'SIG_VALUE',
  'sm2-sig-v4-signer-cert-expired-at-signing.dat': 'SIGNER_TIME',
  'sm2-sig-v4-wrong-keyusage.dat': 'SIGNER_KEYUSAGE',
  'sm2-seal-v4-truncated.esl': 'SEAL_PARSE',
  'sm2-seal-v4-trailing.esl': 'SEAL_TRAILING',
};

/** Steps that must pass and codes that must be found in foreign samples, whose chains end nowhere. */
const FOREIGN: [file: string, kind: 'seal' | 'signature', passes: string[], codes: string[]][] = [
  ['UserV1.esl', 'seal', ['format', 'seal-signature'], []],
  ['UserV4.esl', 'seal', ['format', 'seal-signature'], []],
  ['UserV5.esl', 'seal', ['format', 'seal-signature'], []],
  ['UserV5_ts.esl', 'seal', ['format', 'seal-signature'], ['TIMESTAMP_BAD']],
  ['SESealData.DER', 'seal', ['format'], ['SEAL_SIG', 'SEAL_EXT_CRITICAL', 'SEAL_NOT_DER']],
  ['SignedValueV4.dat', 'signature', ['seal-signature', 'signature-value', 'signer-listed'], []],
  ['SignedValueV5.dat', 'signature', ['seal-signature', 'signature-value', 'signer-listed'], []],
];

/** Integrity of the document, then of each signature its coverage and the codes to be found. */
const OFD: [file: string, integrity: string, coverages: string[], codes: string[]][] = [
  ['SESV4SignDoc.ofd', 'intact', ['file'], ['SIGN_TIME_OUTSIDE_SEAL']],
  ['V4RideRight.ofd', 'intact', ['file'], []],
  ['allprotected.ofd', 'intact', ['file'], []],
  ['h.ofd', 'intact', ['revision', 'file'], ['OFD_LATER_SIGNATURE']],
  ['DigitalSign.ofd', 'unchecked', ['partial'], ['OFD_NO_CERTIFICATE']],
  [
    'n.ofd',
    'broken',
    ['partial'],
    ['SIG_VALUE', 'HASH_MISMATCH', 'SIGNER_NOT_IN_SEAL', 'OFD_DIGEST_UNKNOWN'],
  ],
];

interface Answer {
  verdict: Verdict;
  findings: { code: string }[];
  steps: { step: string; result: string }[];
}

export const suite: Suite = {
  name: 'ses',
  async run(directory) {
    const folder = join(directory, 'ses');
    if (!existsSync(folder)) return null;
    const score = new Score();
    const read = (path: string) => new Uint8Array(readFileSync(join(folder, path)));
    const certificate = (path: string) => pem(readFileSync(join(folder, path), 'latin1'));
    const time = '2026-01-01T00:00:00Z';
    const trust = {
      anchors: [certificate('own/sm2-root.cert.pem')],
      sealMakers: [certificate('own/sm2-sealmaker.cert.pem')],
    };
    const { items = [] } = readJson<{ items: Item[] }>(join(folder, 'own/manifest.json')) ?? {};
    for (const { file, kind, doc, expect } of items) {
      await score.case(file, CODES[file] === undefined, async () => {
        const bytes = read(`own/${file}`);
        const answer: Answer =
          kind === 'seal'
            ? await verifySeal(bytes, { time, trust })
            : await verifySealSignature(bytes, {
                time,
                trust,
                ...(doc ? { data: read(`own/${doc}`) } : {}),
              });
        const code = CODES[file];
        const found = answer.findings.map((finding) => finding.code);
        const named = code === undefined || found.includes(code);
        if (!named) throw new Error(`${code} not among ${found}`);
        const held =
          expect === 'ok' && code === undefined
            ? answer.verdict !== 'TOTAL-FAILED'
            : answer.verdict === 'TOTAL-PASSED';
        return { valid: held, note: `${answer.verdict} ${found}` };
      });
    }
    const foreign = (name: string, passes: string[], codes: string[], ask: () => Promise<Answer>) =>
      score.case(name, false, async () => {
        const answer = await ask();
        const found = answer.findings.map((finding) => finding.code);
        const passed = answer.steps.filter((s) => s.result === 'pass').map((s) => s.step);
        const missing = [
          ...passes.filter((step) => !passed.includes(step)),
          ...codes.filter((code) => !found.includes(code)),
        ];
        if (missing.length > 0) throw new Error(`missing ${missing} in ${passed} / ${found}`);
        return { valid: answer.verdict === 'TOTAL-PASSED' };
      });
    const root = { anchors: [certificate('ofdrw/ROOT.cert.pem')] };
    for (const [file, kind, passes, codes] of FOREIGN) {
      const bytes = read(`ofdrw/${file}`);
      const options = { time: '2026-06-01T00:00:00Z', trust: root };
      await foreign(file, passes, codes, () =>
        kind === 'seal' ? verifySeal(bytes, options) : verifySealSignature(bytes, options),
      );
    }
    for (const [file, integrity, coverages, codes] of OFD) {
      await score.case(file, false, async () => {
        const options = { time: '2026-09-01T00:00:00Z', trust: root };
        const report = await verifyOfd(read(`ofd/${file}`), options);
        const found = report.findings.map(({ code }) => code);
        const seen = [report.integrity, ...report.signatures.map(({ coverage }) => coverage)];
        const missing = codes.filter((code) => !found.includes(code));
        if (missing.length > 0 || `${seen}` !== `${[integrity, ...coverages]}`) {
          throw new Error(`${seen}, ${found}`);
        }
        return { valid: report.verdict === 'TOTAL-PASSED' };
      });
    }
    await score.case('DigitalSign.ofd under its certificate', true, async () => {
      const certificates = [certificate('ofdrw/USER.cert.pem')];
      const report = await verifyOfd(read('ofd/DigitalSign.ofd'), { trust: root, certificates });
      return { valid: report.integrity === 'intact' };
    });
    return score;
  },
};
