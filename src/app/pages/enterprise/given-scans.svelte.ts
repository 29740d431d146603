/** The scans of one letter: looked at one after another, the best of them chosen, kept over a reload. */
import type { SealShape } from '../../../seal/scan/index.ts';
import { desk } from '../../workers/desk-client.ts';
import { type Refusal, refusalOf } from '../../workers/rpc.ts';
import { examineScan, type GivenScan } from './scan-input.ts';

/** As many as the desk keeps. */
const MOST = 8;

export class GivenScans {
  readonly #caseId: string;
  readonly #shape: SealShape;
  list = $state.raw<GivenScan[]>([]);
  chosen = $state(0);
  /** Which of how many files is being looked at. */
  looking = $state.raw<{ at: number; of: number } | null>(null);
  /** Names of files that are no pictures. */
  unreadable = $state.raw<string[]>([]);
  /** Files beyond those that fit. */
  left = $state(0);
  /** Why they are not kept over a reload. */
  refusal = $state.raw<Refusal | null>(null);

  constructor(caseId: string, shape: SealShape) {
    this.#caseId = caseId;
    this.#shape = shape;
  }

  get current(): GivenScan | null {
    return this.list[this.chosen] ?? null;
  }

  /** What was chosen before a reload, looked at anew. */
  async restore(): Promise<void> {
    const kept = await desk.keptScans(this.#caseId).catch(() => []);
    if (this.list.length > 0 || this.looking) return;
    await this.#look(
      kept.map(({ bytes, type, name }) => new File([bytes as BlobPart], name, { type })),
    );
  }

  async add(files: File[]): Promise<void> {
    if (this.looking) return;
    const room = Math.max(0, MOST - this.list.length);
    this.left = Math.max(0, files.length - room);
    await this.#look(files.slice(0, room));
    await this.#keep();
  }

  async remove(scan: GivenScan): Promise<void> {
    this.list = this.list.filter((each) => each !== scan);
    this.chosen = best(this.list);
    await this.#keep();
  }

  async #look(files: File[]): Promise<void> {
    this.unreadable = [];
    for (const [i, file] of files.entries()) {
      this.looking = { at: i + 1, of: files.length };
      try {
        this.list = [...this.list, await examineScan(file, this.#shape)];
      } catch {
        this.unreadable = [...this.unreadable, file.name];
      }
    }
    this.looking = null;
    this.chosen = best(this.list);
  }

  async #keep(): Promise<void> {
    const scans = this.list.map(({ bytes, type, name }) => ({ bytes, type, name }));
    try {
      await desk.keepScans(this.#caseId, scans);
      this.refusal = null;
    } catch (error) {
      this.refusal = refusalOf(error);
    }
  }
}

/** Accepted before refused, then with a seal before without, then with fewer faults. */
function best(scans: readonly GivenScan[]): number {
  const rank = ({ findings: { accept, seals, reasons } }: GivenScan) =>
    (accept ? 100 : 0) + (seals.length > 0 ? 50 : 0) - reasons.length;
  let first = 0;
  scans.forEach((scan, i) => {
    if (rank(scan) > rank(scans[first] as GivenScan)) first = i;
  });
  return first;
}
