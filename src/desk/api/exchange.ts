/** Exchange of packages. */
import type { SyncState } from './overview.ts';
import type { DeskRefusal } from './refusal.ts';

export interface ImportOutcome {
  accepted: number;
  known: number;
  refused: { name: string; refusal: DeskRefusal }[];
}

/** Something that waits to be sent, and why the endpoint does not take it. */
export interface RefusedWaiting {
  /** Id of the head. */
  id: string;
  /** Type of the record; `unreadable` where it cannot be read. */
  type: string;
  caseId: string | null;
  at: string | null;
  byName: string;
  refusal: DeskRefusal;
}

/** An own step that breaks a rule, so that it counts nowhere. */
export interface OwnRefused {
  id: string;
  type: string;
  caseId: string;
  at: string;
  refusal: DeskRefusal;
}

/** What of a case is missing on this device. */
export interface Gap {
  caseId: string;
  /** Heads that others name and that are not here. */
  heads: number;
  /** Contents meant for the person here that could not be got; `damaged` are lost at the endpoint. */
  contents: number;
  damaged: number;
}

/** Packages going and coming, by network or by file. */
export interface ExchangeActs {
  syncNow(): Promise<SyncState>;
  gaps(): Promise<Gap[]>;
  /** Forgets something that waits and was never taken: the step was not taken then. */
  dropWaiting(id: string): Promise<void>;
  /** The person here has seen that these steps of his did not count. */
  refusedSeen(ids: string[]): Promise<void>;
  setEndpoint(url: string | null): Promise<void>;
  /** Packages as files: everything of the given cases, everything not yet logged, or all. */
  exportPackages(
    which: string[] | 'waiting' | 'all',
  ): Promise<{ name: string; bytes: Uint8Array }[]>;
  importPackages(files: { name: string; bytes: Uint8Array }[]): Promise<ImportOutcome>;
}
