/** One simulated device: a store, a clock, the keys of one or two people, and the project's own desk. */
import { type Desk, openDesk } from '../../src/desk/index.ts';
import type { WorldTime } from './clock.ts';
import { DeviceStore, type SharedBytes, type StoreImage } from './device-store.ts';
import { loadFont } from './fonts.ts';
import type { FaultPlan, Network } from './network.ts';

/** Somebody whose key is on a device, and the secret of the passkey that opens it. */
export interface Owner {
  id: string;
  name: string;
  prf: Uint8Array;
}

/** A device that is switched off. */
export interface DeviceImage {
  name: string;
  owners: Owner[];
  store: StoreImage;
}

/** How an act ended: the desk's refusal where it refused. */
export type Outcome =
  | { end: 'done' | 'crashed' }
  | { end: 'refused'; code: string; detail: string };

export class Device {
  readonly name: string;
  readonly owners: readonly Owner[];
  readonly #network: Network;
  readonly #bytes: SharedBytes;
  readonly now: () => Date;
  store: DeviceStore;
  #desk: Desk | null = null;
  #seated: string | null = null;
  #plan: FaultPlan = new Map();
  #fetch: typeof fetch | null = null;
  /** An older state of its store, for a restore. */
  backup: StoreImage | null = null;

  private constructor(
    { name, owners }: DeviceImage,
    store: DeviceStore,
    world: { network: Network; bytes: SharedBytes; time: WorldTime },
    skew: number,
  ) {
    this.name = name;
    this.owners = owners;
    this.store = store;
    this.#network = world.network;
    this.#bytes = world.bytes;
    this.now = world.time.clock(skew);
  }

  static async from(
    image: DeviceImage,
    world: { network: Network; bytes: SharedBytes; time: WorldTime },
    skew: number,
  ): Promise<Device> {
    return new Device(image, await DeviceStore.of(image.store, world.bytes), world, skew);
  }

  /** Switches it on where it is off. */
  async desk(): Promise<Desk> {
    if (!this.#desk) {
      const { store, now } = this;
      this.#fetch = null;
      const fetcher: typeof fetch = (input, init) => {
        this.#fetch ??= this.#network.fetchFor(() => !store.dead, this.#plan);
        return this.#fetch(input, init);
      };
      this.#desk = await openDesk({ store, now, loadFont, fetch: fetcher });
    }
    return this.#desk;
  }

  /** Sits down as one of its owners. */
  async as(owner = 0): Promise<Desk> {
    const who = this.owners[owner];
    if (!who) throw new RangeError(`${this.name} has no owner ${owner}`);
    const desk = await this.desk();
    if (this.#seated !== who.id) {
      await desk.sitDown(who.id, { prf: who.prf.slice() });
      this.#seated = who.id;
    }
    return desk;
  }

  /** Exchanges with the endpoint, under the faults of the plan. */
  async exchange(owner = 0, plan: FaultPlan = new Map()) {
    const desk = await this.as(owner);
    this.#plan = plan;
    this.#fetch = null;
    return desk.syncNow().finally(() => {
      this.#plan = new Map();
      this.#fetch = null;
    });
  }

  /** @param diesAfter so many writes, if any */
  async attempt(act: () => Promise<unknown>, diesAfter: number | null = null): Promise<Outcome> {
    this.store.diesAfter = diesAfter;
    try {
      await act();
      return this.store.dead ? { end: 'crashed' } : { end: 'done' };
    } catch (error) {
      if (this.store.dead) return { end: 'crashed' };
      const { code, params, message } = error as {
        code?: string;
        params?: Record<string, string>;
        message: string;
      };
      if (code === undefined) throw error;
      return { end: 'refused', code, detail: String(params?.['detail'] ?? message) };
    } finally {
      this.store.diesAfter = null;
      if (this.store.dead) await this.#startAgain(await this.store.image());
    }
  }

  /** Puts back what was saved before. */
  async restore(image: StoreImage): Promise<void> {
    this.store.dead = true;
    await this.#startAgain(image);
  }

  /** Its process ends without warning, nothing being written. */
  async restart(): Promise<void> {
    await this.restore(await this.store.image());
  }

  async #startAgain(image: StoreImage): Promise<void> {
    this.#desk = null;
    this.#seated = null;
    this.store = await DeviceStore.of(image, this.#bytes);
  }
}
