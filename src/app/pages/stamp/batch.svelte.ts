/** A batch of files that are sealed one after the other: each by itself, stopped and resumed between two. */
import type { Placement, StampLevel } from '../../../desk/index.ts';
import { desk } from '../../workers/desk-client.ts';
import { type Refusal, refusalOf } from '../../workers/rpc.ts';

export interface Given {
  name: string;
  bytes: Uint8Array;
  /** Of an encrypted file, once it has been opened with it. */
  password?: string;
}

export type Row = { name: string } & (
  | { state: 'waiting' | 'working' }
  /** Not sealed, and may be when the batch goes on; `refusal` says what stopped it, if not the person. */
  | { state: 'stopped'; refusal: Refusal | null }
  | { state: 'done'; sealed: Given; level: StampLevel; shortfall: Refusal | null }
  | { state: 'refused'; refusal: Refusal }
);

export type DoneRow = Extract<Row, { state: 'done' }>;

export interface Wish {
  /** Where the seal goes in a file; null where it finds no place. */
  place: (file: Given) => Promise<Placement | null>;
  reason: string;
  level: StampLevel;
}

export class StampBatch {
  rows = $state.raw<Row[]>([]);
  running = $state(false);
  #stopping = $state(false);
  #files: readonly Given[] = [];
  #wish: Wish | null = null;

  get stopping(): boolean {
    return this.running && this.#stopping;
  }

  get done(): DoneRow[] {
    return this.rows.filter((row) => row.state === 'done');
  }

  /** Files that are through, one way or another. */
  get through(): number {
    return this.rows.filter(({ state }) => state !== 'waiting' && state !== 'working').length;
  }

  /** What is sealed by then stays; the file under way is finished. */
  stop(): void {
    this.#stopping = true;
  }

  clear(): void {
    if (this.running) return;
    this.rows = [];
    this.#files = [];
    this.#wish = null;
  }

  async run(files: readonly Given[], wish: Wish): Promise<void> {
    if (this.running) return;
    this.#files = files;
    this.#wish = wish;
    this.rows = files.map(({ name }) => ({ name, state: 'waiting' }));
    await this.#goOn(wish);
  }

  /** Seals what the stop left over, as it was asked for; what is sealed already is left alone. */
  async resume(): Promise<void> {
    if (this.running || !this.#wish) return;
    this.rows = this.rows.map((row) =>
      row.state === 'stopped' ? { name: row.name, state: 'waiting' } : row,
    );
    await this.#goOn(this.#wish);
  }

  async #goOn(wish: Wish): Promise<void> {
    this.running = true;
    this.#stopping = false;
    for (const [index, file] of this.#files.entries()) {
      if (this.#stopping) break;
      if (this.rows[index]?.state !== 'waiting') continue;
      this.#put(index, { name: file.name, state: 'working' });
      this.#put(index, await this.#seal(file, wish));
    }
    this.rows = this.rows.map((row) =>
      row.state === 'waiting' ? { name: row.name, state: 'stopped', refusal: null } : row,
    );
    this.running = false;
  }

  async #seal(file: Given, { place, reason, level }: Wish): Promise<Row> {
    const { name } = file;
    const refused = (refusal: Refusal): Row => ({ name, state: 'refused', refusal });
    try {
      const placement = await place(file);
      if (!placement) return refused({ code: 'keyword-not-found', message: 'no such keyword' });
      const outcome = await desk.stampFiles([{ ...file, placement }], reason, { level });
      const [sealed] = outcome.done;
      if (sealed) {
        const { level: reached, shortfall, ...pdf } = sealed;
        return { name, state: 'done', sealed: pdf, level: reached, shortfall };
      }
      return refused(outcome.refused[0]?.refusal ?? { code: 'unexpected', message: 'no answer' });
    } catch (error) {
      // Not this file but the desk refused (locked, no seal): the next would fare no better.
      this.stop();
      return { name, state: 'stopped', refusal: refusalOf(error) };
    }
  }

  #put(index: number, row: Row): void {
    this.rows = this.rows.with(index, row);
  }
}
