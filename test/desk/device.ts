/** One device with a desk, for tests: memory store, a clock that only goes forward, real fonts. */
import { readFileSync } from 'node:fs';
import type { Desk, Draft, Person, ScanFindings } from '../../src/desk/index.ts';
import { openDesk } from '../../src/desk/index.ts';
import { sampleApplication } from '../../src/licence/index.ts';
import { drawSeal, encodePng, rasterise } from '../../src/seal/index.ts';
import { type LocalStore, memoryStore } from '../../src/sync/index.ts';

const font = (name: string) =>
  new Uint8Array(readFileSync(new URL(`../../public/fonts/${name}`, import.meta.url)));
export const FONTS = { sans: font('NotoSansSC-Regular.ttf'), serif: font('NotoSerifSC-Bold.ttf') };

export class Clock {
  time: number;
  constructor(start = '2026-03-02T01:00:00Z') {
    this.time = Date.parse(start);
  }
  /** A second later each time it is read. */
  now = (): Date => {
    this.time += 1000;
    return new Date(this.time);
  };
  pass(days: number): void {
    this.time += days * 86_400_000;
  }
}

export interface Device {
  desk: Desk;
  store: LocalStore;
  clock: Clock;
  /** Sits down as the person of this name. */
  as(name: string): Promise<Person>;
}

export async function device(
  options: { clock?: Clock; store?: LocalStore; fetch?: typeof fetch } = {},
): Promise<Device> {
  const { clock = new Clock(), store = memoryStore() } = options;
  const desk = await openDesk({
    store,
    now: clock.now,
    loadFont: async (name) => FONTS[name],
    ...(options.fetch ? { fetch: options.fetch } : {}),
  });
  return {
    desk,
    store,
    clock,
    async as(name) {
      const person = (await desk.overview()).people.find((each) => each.name.includes(name));
      if (!person) throw new Error(`nobody is called ${name}`);
      await desk.sitDown(person.id);
      return person;
    },
  };
}

export const NAMES = {
  enterprise: '示例进出口贸易有限公司',
  sealReviewer: '林清',
  sealMaker: '周砚',
  first: '沈初',
  second: '何复',
  issuer: '许证',
  inspector: '秦验',
  root: '信任根',
};

export async function pilot(clock?: Clock, suite: 'P-256' | 'SM2' = 'P-256'): Promise<Device> {
  const made = await device(clock ? { clock } : {});
  await made.desk.createPilot({ lang: 'zh-CN', suite });
  return made;
}

const drawing = await drawSeal({ kind: 'round', name: NAMES.enterprise }, FONTS.serif);
export const SCAN = { bytes: encodePng(rasterise(drawing, 400)), type: 'image/png' };

export const findings = (letterCase: string): ScanFindings => ({
  accept: true,
  reasons: [],
  seals: [{ cx: 200, cy: 200, diameter: 400 }],
  width: 400,
  height: 400,
  letterCase,
  diameterMm: 40.2,
});

/** From the application for a seal to the seal that is bound. @returns the case */
export async function bindSeal({ desk, as }: Device): Promise<string> {
  await as(NAMES.enterprise);
  const form = { kind: 'round' as const, name: NAMES.enterprise, lower: '', code: '' };
  const caseId = await desk.applyForSeal(form);
  await desk.sendLetter(caseId, SCAN, findings(caseId));
  await as(NAMES.sealReviewer);
  await desk.decideSeal(caseId, true, []);
  await as(NAMES.sealMaker);
  await desk.produceSeal(caseId);
  return caseId;
}

/** A complete draft of the enterprise at the desk. */
export async function filledDraft(
  desk: Desk,
  change: Partial<Draft> = {},
  client?: string,
): Promise<Draft> {
  const draft = await desk.newDraft('auto-import', client);
  const { importer } = draft.data as { importer: unknown };
  const contract = new TextEncoder().encode('a contract');
  const type = 'text/plain';
  const filled: Draft = {
    ...draft,
    data: { ...sampleApplication(), importer } as never,
    attachments: [
      { kind: 'contract', name: '合同.txt', type, size: 10, bytes: contract },
      { kind: 'qualification', name: '登记.txt', type, size: 10, bytes: contract },
    ],
    ...change,
  };
  await desk.saveDraft(filled);
  return filled;
}

/** Submits a stamped application of the enterprise. @returns the case */
export async function submitted({ desk, as }: Device, change: Partial<Draft> = {}) {
  await as(NAMES.enterprise);
  const draft = await filledDraft(desk, change);
  return desk.submitDraft(draft.id, 'seal');
}
