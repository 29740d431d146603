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

const OFD: [file: string, signature: number, passes: string[], codes: string[]][] = [
  [
    'SESV4SignDoc.ofd',
    0,
    ['seal-signature', 'signature-value', 'content', 'signer-listed', 'files'],
    ['SIGN_TIME_OUTSIDE_SEAL'],
  ],
  [
    'V4RideRight.ofd',
    0,
    ['seal-signature', 'signature-value', 'content', 'signer-listed', 'files'],
    [],
  ],
  [
    'allprotected.ofd',
    0,
    ['seal-signature', 'signature-value', 'content', 'signer-listed', 'files'],
    [],
  ],
  [
    'h.ofd',
    0,
    ['seal-signature', 'signature-value', 'content', 'signer-listed'],
    ['OFD_LATER_SIGNATURE'],
  ],
  ['h.ofd', 1, ['seal-signature', 'signature-value', 'content', 'signer-listed', 'files'], []],
  ['DigitalSign.ofd', 0, ['files'], ['OFD_NO_CERTIFICATE']],
  ['n.ofd', 0, [], ['SIG_VALUE', 'HASH_MISMATCH', 'SIGNER_NOT_IN_SEAL', 'OFD_DIGEST_UNKNOWN']],
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
    for (const [file, index, passes, codes] of OFD) {
      await foreign(`${file} signature ${index}`, passes, codes, async () => {
        const options = { time: '2026-09-01T00:00:00Z', trust: root };
        const report = await verifyOfd(read(`ofd/${file}`), options);
        const signature = report.signatures[index];
        if (!signature) throw new Error(`no signature: ${report.findings.map((f) => f.code)}`);
        return signature;
      });
    }
    await score.case('DigitalSign.ofd under its certificate', true, async () => {
      const certificates = [certificate('ofdrw/USER.cert.pem')];
      const report = await verifyOfd(read('ofd/DigitalSign.ofd'), { trust: root, certificates });
      const step = report.signatures[0]?.steps.find((s) => s.step === 'signature-value');
      return { valid: step?.result === 'pass' };
    });
    return score;
  },
};
