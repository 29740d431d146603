/** Exchange of packages. */
import type { SyncState } from './overview.ts';
import type { DeskRefusal } from './refusal.ts';

export interface ImportOutcome {
  accepted: number;
  known: number;
  refused: { name: string; refusal: DeskRefusal }[];
}

/** Packages going and coming, by network or by file. */
export interface ExchangeActs {
  syncNow(): Promise<SyncState>;
  setEndpoint(url: string | null): Promise<void>;
  /** Packages as files: everything of the given cases, everything not yet logged, or all. */
  exportPackages(
    which: string[] | 'waiting' | 'all',
  ): Promise<{ name: string; bytes: Uint8Array }[]>;
  importPackages(files: { name: string; bytes: Uint8Array }[]): Promise<ImportOutcome>;
}
