/** Stamping PDFs from elsewhere. */
import type { DeskRefusal, Progress } from './refusal.ts';
import type { BoundSeal } from './seals.ts';

/** Where a seal goes: its middle in points of the page (from 0), an empty field, or the seam. */
export type Placement =
  | { kind: 'point'; page: number; x: number; y: number }
  | { kind: 'field'; name: string }
  | { kind: 'seam' };

export interface FileToStamp {
  name: string;
  bytes: Uint8Array;
  /** Of an encrypted file, the owner's or one that permits signing. */
  password?: string;
  placement: Placement;
}

/** Baseline levels of PAdES: T with a time stamp, LT with evidence too, LTA with an archive stamp. */
export type StampLevel = 'B' | 'T' | 'LT' | 'LTA';

export interface StampOutcome {
  /** With the level that was reached; `shortfall` says why it is not the one asked for. */
  done: { name: string; bytes: Uint8Array; level: StampLevel; shortfall: DeskRefusal | null }[];
  /** With the file's place in the list: two may have one name. */
  refused: { name: string; index: number; refusal: DeskRefusal }[];
}

export interface StampActs {
  /** The seal that the person at the desk may stamp with, now; null: none. */
  stampSeal(): Promise<BoundSeal | null>;
  /** Stamps each file by itself: one that is refused holds up none of the others. */
  stampFiles(
    files: FileToStamp[],
    reason: string,
    options?: { level?: StampLevel },
    progress?: Progress,
  ): Promise<StampOutcome>;
}
