/** The files of this page, checked one after another, worst first. */
import { rememberCheck } from '../../state/recent.ts';
import { type CheckedFile, TONES } from '../../workers/checked-file.ts';
import { checkFile, stopChecking } from '../../workers/verify-client.ts';

const LARGEST = 200 * 1000 * 1000 + 1_000_000;
const ORDER = { bad: 0, warn: 1, unknown: 2, ok: 3 };

export interface Checked {
  id: number;
  bytes: Uint8Array;
  report: CheckedFile;
}

class Checks {
  done = $state.raw<Checked[]>([]);
  waiting = $state.raw<File[]>([]);
  current = $state<string | null>(null);
  #next = 1;

  add(files: File[]): void {
    this.waiting = [...this.waiting, ...files];
    if (this.current === null) void this.#work();
  }

  clear(): void {
    this.done = [];
  }

  stop(): void {
    this.waiting = [];
    stopChecking();
  }

  async unlock(checked: Checked, password: string): Promise<void> {
    const report = await checkFile(checked.report.name, checked.bytes, password);
    this.done = this.done.map((each) => (each.id === checked.id ? { ...each, report } : each));
  }

  async #work(): Promise<void> {
    for (;;) {
      const [file, ...rest] = this.waiting;
      this.waiting = rest;
      if (!file) break;
      this.current = file.name;
      try {
        this.#put(await one(file));
      } catch {
        // Stopped by hand.
      }
    }
    this.current = null;
  }

  #put({ bytes, report }: { bytes: Uint8Array; report: CheckedFile }): void {
    const entry = { id: this.#next++, bytes, report };
    this.done = [...this.done, entry].sort(
      (a, b) => ORDER[TONES[a.report.situation]] - ORDER[TONES[b.report.situation]],
    );
    const { name, situation, checkedAt } = report;
    rememberCheck({ name, situation, tone: TONES[situation], at: checkedAt });
  }
}

async function one(file: File): Promise<{ bytes: Uint8Array; report: CheckedFile }> {
  if (file.size <= LARGEST) {
    try {
      const bytes = new Uint8Array(await file.arrayBuffer());
      return { bytes, report: await checkFile(file.name, bytes) };
    } catch (error) {
      if ((error as { code?: string }).code === 'cancelled') throw error;
    }
  }
  const situation = file.size > LARGEST ? 'too-large' : 'unreadable';
  return { bytes: new Uint8Array(), report: { ...BLANK, name: file.name, situation } };
}

const BLANK: CheckedFile = {
  name: '',
  kind: 'unknown',
  situation: 'unreadable',
  integrity: 'unreadable',
  verdict: 'INDETERMINATE',
  params: {},
  signers: [],
  findings: [],
  trusted: false,
  checkedAt: new Date().toISOString(),
  pdf: null,
  paths: [],
  seal: null,
  record: null,
  certificates: [],
  chains: [],
  crl: null,
};

export const checks = new Checks();
