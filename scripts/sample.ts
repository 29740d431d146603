/**
 * `npm run sample -- DIR`: plays one whole pilot case at a desk without a page, and writes what
 * comes of it: documents, seal, trust and every package, for other tools to examine.
 */
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fromBase64, toBase64 } from '../src/crypto/index.ts';
import { type Desk, openDesk } from '../src/desk/index.ts';
import { qrCode, qrPng, sampleApplication } from '../src/licence/index.ts';
import { verifyPdf } from '../src/pdf/index.ts';
import { memoryStore } from '../src/sync/index.ts';
import { stampedLetter } from './stamped-letter.ts';

const FONTS = { sans: 'NotoSansSC-Regular.ttf', serif: 'NotoSerifSC-Bold.ttf' };
const ENTERPRISE = '示例进出口贸易有限公司';

export async function main(args: string[]): Promise<number> {
  const [target = 'sample'] = args;
  const write = async (name: string, content: Uint8Array | string) => {
    await writeFile(join(target, name), content);
  };
  await rm(join(target, 'packages'), { recursive: true, force: true });
  await mkdir(join(target, 'packages'), { recursive: true });
  const fonts = join(dirname(fileURLToPath(import.meta.url)), '../../public/fonts');
  const loadFont = async (name: 'sans' | 'serif') =>
    new Uint8Array(await readFile(join(fonts, FONTS[name])));
  const desk = await openDesk({ store: memoryStore(), now: () => new Date(), loadFont });
  await desk.createPilot({ lang: 'zh-CN' });

  const sealCase = await askForSeal(desk);
  await write('confirmation-letter.pdf', await desk.letterPdf(sealCase));
  const { scan, findings } = await stampedLetter(sealCase, ENTERPRISE, await loadFont('serif'));
  if (!findings.accept) throw new Error(`the letter is not accepted: ${findings.reasons.join()}`);
  await desk.sendLetter(sealCase, scan, findings);
  await as(desk, 'seal-reviewer');
  await desk.decideSeal(sealCase, true, []);
  await as(desk, 'seal-maker');
  await desk.produceSeal(sealCase);

  const caseId = await apply(desk);
  await as(desk, 'first-review');
  done(await desk.review('first', [caseId], 'pass', []));
  await as(desk, 'second-review');
  done(await desk.review('second', [caseId], 'pass', []));

  await as(desk, 'enterprise');
  const trust = await desk.verificationTrust();
  const { pdf: application } = await desk.application(caseId);
  const { pdf: licence, token } = await desk.licence(caseId);
  if (!trust || !application || !licence || !token) throw new Error('the case is not complete');
  const seal = (await verifyPdf(application, { trust })).signatures[0]?.seal?.data;
  if (!seal) throw new Error('the application carries no seal');

  await write('trust.asice', await desk.trustBundle());
  await write('root.pem', pem(trust.root));
  await write('ca.pem', trust.anchors.map(({ certificate }) => pem(certificate)).join(''));
  await write('seal.der', seal);
  await write('application.pdf', application);
  await write('licence.pdf', licence);
  await write('licence.txt', `${token}\n`);
  await write('licence-qr.png', qrPng(qrCode(token)));
  for (const { name, bytes } of await desk.exportPackages('all')) {
    await write(join('packages', name), bytes);
  }
  console.log(`A whole pilot case was written to ${target}.`);
  return 0;
}

async function as(desk: Desk, role: string): Promise<void> {
  const person = (await desk.overview()).people.find(({ roles }) => roles.includes(role as never));
  if (!person) throw new Error(`nobody is ${role}`);
  await desk.sitDown(person.id);
}

async function askForSeal(desk: Desk): Promise<string> {
  await as(desk, 'enterprise');
  return desk.applyForSeal({ kind: 'round', name: ENTERPRISE, lower: '', code: '' });
}

/** Fills in the sample application and stamps it. @returns the case */
async function apply(desk: Desk): Promise<string> {
  await as(desk, 'enterprise');
  const draft = await desk.newDraft('auto-import');
  const { importer, appliedOn } = draft.data as { importer: unknown; appliedOn: string };
  const sample = sampleApplication();
  const contract = { ...sample.contract, date: appliedOn };
  const text = new TextEncoder().encode('示例合同，仅供演示。A sample contract, for show.\n');
  const attachment = (kind: string, name: string) => ({
    kind,
    name,
    type: 'text/plain',
    size: text.length,
    bytes: text,
  });
  await desk.saveDraft({
    ...draft,
    data: { ...sample, importer, appliedOn, contract } as never,
    attachments: [
      attachment('contract', '示例合同.txt'),
      attachment('qualification', '示例登记证明.txt'),
    ],
  });
  return desk.submitDraft(draft.id, 'seal');
}

function done(outcome: Awaited<ReturnType<Desk['review']>>): void {
  const [refused] = outcome.refused;
  if (refused) throw new Error(`${refused.refusal.code}: ${refused.refusal.message}`);
}

function pem(base64: string): string {
  const lines = toBase64(fromBase64(base64) as Uint8Array).match(/.{1,64}/g) as string[];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}
