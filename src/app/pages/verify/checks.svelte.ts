/** The files of this page, checked one after another, worst first. */
import { SvelteMap } from 'svelte/reactivity';
import { rememberCheck } from '../../state/recent.ts';
import { blankReport, type CheckedFile, TONES } from '../../workers/checked-file.ts';
import { checkFile, stopChecking } from '../../workers/verify-client.ts';
import type { PageDifference } from './page-differences.ts';

const LARGEST = 200 * 1000 * 1000 + 1_000_000;
const ORDER = { bad: 0, warn: 1, unknown: 2, ok: 3 };

export interface Checked {
  id: number;
  /** Read again when its pages are looked at: a hundred files are not kept in memory. */
  file: File;
  password?: string;
  report: CheckedFile;
}

class Checks {
  /** What comparing two versions of a file found, by its id. */
  readonly differences = new SvelteMap<number, PageDifference[]>();
  done = $state.raw<Checked[]>([]);
  waiting = $state.raw<File[]>([]);
  current = $state<File | null>(null);
  #next = 1;

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

  clear(): void {
    this.done = [];
    this.differences.clear();
  }

  stop(): void {
    this.waiting = [];
    stopChecking();
  }

  async unlock(checked: Checked, password: string): Promise<void> {
    const report = await checkFile(checked.report.name, checked.file, password);
    const { id } = checked;
    this.done = this.done.map((each) => (each.id === id ? { ...each, report, password } : each));
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
    this.done = this.done.toSpliced(at, 0, { id: this.#next++, file, report });
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
