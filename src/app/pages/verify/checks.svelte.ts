/** The files of this page, checked one after another, worst first. */
import { SvelteMap } from 'svelte/reactivity';
import type { TimeOfCheck } from '../../../pdf/index.ts';
import type { TrustBundle } from '../../../pki/index.ts';
import { rememberCheck } from '../../state/recent.ts';
import { blankReport, type CheckedFile, TONES } from '../../workers/checked-file.ts';
import { checkFile, stopChecking } from '../../workers/verify-client.ts';
import type { PageDifference } from './page-differences.ts';
import type { SampleName } from './samples/samples.ts';

const LARGEST = 200 * 1000 * 1000 + 1_000_000;
const ORDER = { bad: 0, warn: 1, unknown: 2, ok: 3 };

export interface Checked {
  id: number;
  /** Read again when its pages are looked at: a hundred files are not kept in memory. */
  file: File;
  password?: string;
  /** Which of the files that the page offers to try. */
  sample?: SampleName;
  /** Judged by these, and not by the device's own. */
  trust?: TrustBundle;
  timeOfCheck?: TimeOfCheck;
  report: CheckedFile;
}

class Checks {
  /** What comparing two versions of a file found, by its id. */
  readonly differences = new SvelteMap<number, PageDifference[]>();
  done = $state.raw<Checked[]>([]);
  waiting = $state.raw<File[]>([]);
  current = $state<File | null>(null);
  #next = 1;
  readonly #samples = new WeakMap<File, SampleName>();

  /** Of the files under way and those before them, since the last pause. */
  get total(): number {
    return this.#finished + this.waiting.length + (this.current ? 1 : 0);
  }

  get finished(): number {
    return this.#finished;
  }

  #finished = $state(0);

  add(files: File[]): void {
    this.waiting = [...this.waiting, ...files];
    if (this.current === null) void this.#work();
  }

  addSample(file: File, name: SampleName): void {
    this.#samples.set(file, name);
    this.add([file]);
  }

  clear(): void {
    this.done = [];
    this.differences.clear();
  }

  stop(): void {
    this.waiting = [];
    stopChecking();
  }

  async unlock(checked: Checked, password: string): Promise<void> {
    await this.#again({ ...checked, password });
  }

  /** Judges the signers of a file anew, as of another moment. */
  async judgeAt(checked: Checked, timeOfCheck: TimeOfCheck): Promise<void> {
    await this.#again({ ...checked, timeOfCheck });
  }

  /** @param trust null: the device's own, as for every file */
  async judgeBy({ trust: _, ...checked }: Checked, trust: TrustBundle | null): Promise<void> {
    await this.#again({ ...checked, ...(trust ? { trust } : {}) });
  }

  async #again(checked: Checked): Promise<void> {
    const { file, password, timeOfCheck, trust } = checked;
    const report = await checkFile(checked.report.name, file, {
      ...(password === undefined ? {} : { password }),
      ...(timeOfCheck ? { timeOfCheck } : {}),
      ...(trust ? { trust } : {}),
    });
    const { id } = checked;
    this.done = this.done.map((each) => (each.id === id ? { ...checked, report } : each));
  }

  async #work(): Promise<void> {
    this.#finished = 0;
    for (;;) {
      const [file, ...rest] = this.waiting;
      this.waiting = rest;
      if (!file) break;
      this.current = file;
      try {
        this.#put(file, await one(file));
      } catch {
        // Stopped by hand.
      }
      this.#finished++;
    }
    this.current = null;
  }

  #put(file: File, report: CheckedFile): void {
    const rank = ORDER[TONES[report.situation]];
    const after = this.done.findIndex((each) => ORDER[TONES[each.report.situation]] > rank);
    const at = after < 0 ? this.done.length : after;
    const sample = this.#samples.get(file);
    const checked = { id: this.#next++, file, report, ...(sample ? { sample } : {}) };
    this.done = this.done.toSpliced(at, 0, checked);
    if (sample) return;
    const { name, situation, checkedAt } = report;
    rememberCheck({ name, situation, tone: TONES[situation], at: checkedAt });
  }
}

/** What goes wrong with one file is said of that file; only stopping ends the rest. */
async function one(file: File): Promise<CheckedFile> {
  const { name } = file;
  const blank = blankReport(name, file.size);
  if (file.size > LARGEST) return { ...blank, situation: 'too-large' };
  try {
    return await checkFile(name, file);
  } catch (error) {
    if ((error as { code?: string }).code === 'cancelled') throw error;
    return blank;
  }
}

export const checks = new Checks();
