/** What the shell shows: deployment, people, exchange. */
import type { DeploymentPolicy } from '../../pki/index.ts';
import type { WaitsForKey } from './authority.ts';
import type { OwnRefused, RefusedWaiting } from './exchange.ts';
import type { NewPerson, WaitsForContents } from './parties.ts';
import type { Person, Workspace } from './people.ts';
import type { DeskRefusal } from './refusal.ts';

export interface SyncState {
  endpoint: string | null;
  state: 'none' | 'idle' | 'sending' | 'offline' | 'attention';
  waiting: number;
  lastExchange: string | null;
  problem: DeskRefusal | null;
  /** Milliseconds by which the clock of this device is ahead of the server's; 0 where that does not matter. */
  clockAhead: number;
  /** Places in the log that this device has read. */
  logSize: number;
  /** False while the person here does not have everything of the log that he may read. */
  complete: boolean;
  /** Heads and contents that are missing here; see `ExchangeActs.gaps`. */
  missing: number;
  /** What the endpoint does not take: it waits until it is taken or dropped. */
  refused: RefusedWaiting[];
}

export interface Overview {
  deployment: {
    id: string;
    name: { zh: string; en: string };
    authority: { zh: string; en: string };
    pilot: boolean;
    fingerprint: string;
    seq: number;
    issuedAt: string;
    nextUpdate: string;
    stale: boolean;
    policy: DeploymentPolicy;
  } | null;
  people: Person[];
  /** Id of the person at the desk. */
  current: string | null;
  /** When the unlocked key locks by itself. */
  locksAt: string | null;
  /** Minutes without an act after which it does; 0: never. */
  lockMinutes: number;
  sync: SyncState;
  /** Things waiting for the current person, per workspace. */
  /** Steps of the current person that did not count, until he has seen it. */
  refusedSteps: OwnRefused[];
  /** Groups of readers whose key the current person has not got yet. */
  waitsForKeys: WaitsForKey[];
  /** What the current person, of an enterprise, does not open yet of the time before he was bound. */
  waitsForContents: WaitsForContents | null;
  /** People who were bound to the current person's enterprise, until he has seen it. */
  newPeople: NewPerson[];
  counts: Partial<Record<Workspace, number>>;
}
