/** The issuing station: licences issued by themselves, all day, after one unlocking. */
import type { DeskRefusal } from './refusal.ts';

export interface StationEntry {
  id: string;
  at: string;
  /**
   * `started`, `stopped` by hand, `ended` when its time was over, `restarted` after a run that waited
   * too long; `issued` and `held` name a case.
   */
  kind: 'started' | 'stopped' | 'ended' | 'restarted' | 'issued' | 'held';
  caseId: string | null;
  /** Of the licence. */
  number: string | null;
  /** Why it was not issued. */
  refusal: DeskRefusal | null;
}

export interface StationView {
  /**
   * `attended`: issues while an issuer is signed in; `running`: until a time, whoever passes by;
   * `locked`: would run, and waits for its key; `stopped`: nothing is issued here by itself.
   */
  state: 'attended' | 'running' | 'locked' | 'stopped';
  since: string | null;
  until: string | null;
  /** Newest first. */
  log: StationEntry[];
}

export interface StationActs {
  station(): Promise<StationView>;
  /** The key of the issuer at the desk stays open for so many hours, at most 24, and issues. */
  startStation(hours: number): Promise<void>;
  /** Nothing is issued here by itself any more; by hand it is. */
  stopStation(): Promise<void>;
}
