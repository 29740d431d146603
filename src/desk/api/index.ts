/**
 * What a person can do at a desk: the one interface between the pages and the core. All values
 * are plain and structured-cloneable, because the desk lives in a worker of its own together with
 * the unlocked keys and everything decrypted. Times are ISO 8601 strings, files are bytes.
 */

import type { ApplicationActs } from './applications.ts';
import type { AuthorityActs } from './authority.ts';
import type { ExchangeActs } from './exchange.ts';
import type { LicenceActs } from './licences.ts';
import type { Overview } from './overview.ts';
import type { PartyActs } from './parties.ts';
import type { PeopleActs } from './people.ts';
import type { PilotActs } from './pilot.ts';
import type { SealActs } from './seals.ts';
import type { StampActs } from './stamping.ts';
import type { StationActs } from './station.ts';
import type { TrustActs } from './trust.ts';

export type * from './applications.ts';
export type * from './authority.ts';
export type * from './exchange.ts';
export type * from './licences.ts';
export type * from './overview.ts';
export type * from './parties.ts';
export type * from './people.ts';
export type * from './pilot.ts';
export type * from './refusal.ts';
export type * from './seals.ts';
export type * from './stamping.ts';
export type * from './station.ts';
export type * from './trust.ts';

/**
 * Every method rejects with a `DeskRefusal`-shaped error (`code`, `message`, `params`) and leaves
 * what was stored untouched when it does.
 */
export interface Desk
  extends PeopleActs,
    SealActs,
    PartyActs,
    ApplicationActs,
    LicenceActs,
    StampActs,
    StationActs,
    TrustActs,
    AuthorityActs,
    ExchangeActs,
    PilotActs {
  overview(): Promise<Overview>;
}
