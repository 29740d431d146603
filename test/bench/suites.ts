/**
 * Whole steps at the desk in the Chinese suite beside the same steps in the international one: an
 * application stamped and submitted, its first and second review, the licence issued.
 */
import { readFileSync } from 'node:fs';
import { type Desk, openDesk } from '../../src/desk/index.ts';
import { sampleApplication } from '../../src/licence/index.ts';
import { memoryStore } from '../../src/sync/index.ts';

const ROUNDS = 5;
const font = (name: string) => new Uint8Array(readFileSync(`public/fonts/${name}`));
const FONTS = { sans: font('NotoSansSC-Regular.ttf'), serif: font('NotoSerifSC-Bold.ttf') };
const PEOPLE = { enterprise: '示例进出口', first: '沈初', second: '何复' };

async function pilot(suite: 'P-256' | 'SM2') {
  let time = Date.parse('2026-03-02T01:00:00Z');
  const now = () => {
    time += 1000;
    return new Date(time);
  };
  const desk = await openDesk({ store: memoryStore(), now, loadFont: async (name) => FONTS[name] });
  await desk.createPilot({ lang: 'zh-CN', suite });
  return desk;
}

async function as(desk: Desk, name: string): Promise<void> {
  const person = (await desk.overview()).people.find((each) => each.name.includes(name));
  if (!person) throw new Error(`bench: nobody is called ${name}`);
  await desk.sitDown(person.id);
}

/** @returns milliseconds of the steps alone, without making the draft */
async function steps(desk: Desk): Promise<number> {
  await as(desk, PEOPLE.enterprise);
  const draft = await desk.newDraft('auto-import');
  const { importer } = draft.data as { importer: unknown };
  const bytes = new TextEncoder().encode('a contract\n'.repeat(20_000));
  const attachment = { type: 'text/plain', size: bytes.length, bytes };
  await desk.saveDraft({
    ...draft,
    data: { ...sampleApplication(), importer } as never,
    attachments: [
      { kind: 'contract', name: '合同.txt', ...attachment },
      { kind: 'qualification', name: '登记.txt', ...attachment },
    ],
  });
  const start = performance.now();
  const caseId = await desk.submitDraft(draft.id, 'plain');
  await as(desk, PEOPLE.first);
  const first = await desk.review('first', [caseId], 'pass', []);
  await as(desk, PEOPLE.second);
  const second = await desk.review('second', [caseId], 'pass', []);
  if (first.refused.length + second.refused.length > 0)
    throw new Error('bench: a step was refused');
  return performance.now() - start;
}

/** Taken in turns, so that a busy machine slows both alike. */
export async function run() {
  const [international, chinese] = [await pilot('P-256'), await pilot('SM2')];
  const ratios: number[] = [];
  for (let i = 0; i < ROUNDS; i++) {
    const beside = await steps(international);
    ratios.push((await steps(chinese)) / beside);
  }
  const [, , median] = ratios.sort((a, b) => a - b);
  return [
    {
      name: 'submit, two reviews and issue in the Chinese suite / in the international one',
      figure: median as number,
      limit: 2,
      unit: 'ratio',
    },
  ];
}
