/** One run: a schedule drawn from a seed, then rest, then everything that must hold. */
import type { DeploymentRecord } from '../../src/desk/device-records.ts';
import { duties, type Plans } from './acts.ts';
import { ATTACK_NAMES, attack, type Forged } from './attacks.ts';
import {
  documentsVerify,
  nothingDouble,
  nothingForged,
  nothingLost,
  nothingWaits,
  onlyReaders,
  type Rested,
  rested,
  sameState,
} from './checks.ts';
import { HOUR, MINUTE, WorldTime } from './clock.ts';
import { Device, type Outcome } from './device.ts';
import { SharedBytes } from './device-store.ts';
import { deployment, discard, type Founded, type Suite, scratch } from './founding.ts';
import { FAULTS, type Fault, faultPlan, Network } from './network.ts';
import { FIRMS } from './people.ts';
import { Random } from './random.ts';
import { stillWorks } from './still-works.ts';

export interface RunReport {
  seed: number;
  suite: Suite;
  /** What did not hold; empty is good. */
  faults: string[];
  /** The schedule as it went, a line for each event. */
  events: string[];
}

/** One seed in ten runs the Chinese suite. */
export const suiteOf = (seed: number): Suite => (seed % 10 === 9 ? 'SM2' : 'P-256');

export async function simulate(seed: number, suite = suiteOf(seed)): Promise<RunReport> {
  const founded = await deployment(suite);
  const run = await Run.begin(seed, founded);
  const report: RunReport = { seed, suite, faults: run.faults, events: run.events };
  try {
    await run.play();
    await run.rest();
    if (run.faults.length === 0) await run.check();
  } catch (error) {
    run.faults.push(error instanceof Error ? (error.stack ?? error.message) : String(error));
  } finally {
    await run.end();
  }
  return report;
}

/** Refusals that people meet in an honest run: somebody was quicker, or something has not come yet. */
const HONEST = new Set([
  'record-refused',
  'unknown-case',
  'unknown-licence',
  'licence-unread',
  'contents-unread',
  'report-missing',
  'not-permitted',
  'no-certificate',
  'no-authority-seal',
  'numbers-spent',
  'seal-not-bound',
  'seal-exists',
  'already-registered',
  'unknown-draft',
]);

/** What goes wrong between a device and the endpoint, and passes. */
const PASSING = new Set(['endpoint-offline', 'endpoint-bad-answer', 'endpoint-busy']);

class Run {
  readonly faults: string[] = [];
  readonly events: string[] = [];
  readonly #random: Random;
  readonly #founded: Founded;
  readonly #time: WorldTime;
  readonly #network: Network;
  readonly #devices: Device[] = [];
  readonly #directory: string;
  readonly #networkFaults: Fault[];
  readonly #attacks: string[];
  readonly #crashes: number;
  readonly #forged: Forged[] = [];
  readonly #plans: Plans;
  readonly #warnings: string[];
  /** Devices that were put back and have not exchanged since: nobody issues on them before. */
  readonly #behind = new Set<Device>();

  private constructor(
    seed: number,
    founded: Founded,
    world: { network: Network; time: WorldTime; directory: string; warnings: string[] },
  ) {
    const random = new Random(seed);
    this.#random = random;
    this.#founded = founded;
    this.#time = world.time;
    this.#network = world.network;
    this.#directory = world.directory;
    this.#warnings = world.warnings;
    // Each run has some of the faults, so that it is seen what each does when others are away.
    this.#networkFaults = FAULTS.filter(() => random.chance(0.5));
    this.#attacks = ATTACK_NAMES.filter(() => random.chance(0.4));
    this.#crashes = random.pick([0, 0.1, 0.3]);
    this.#plans = {
      random,
      applications: 2 + random.below(2),
      declarations: 0,
      request: null,
      policies: random.chance(0.5) ? ['automatic', 'confirmed'] : ['automatic'],
    };
  }

  static async begin(seed: number, founded: Founded): Promise<Run> {
    const time = new WorldTime(founded.time);
    const directory = await scratch(founded.directory);
    const warnings: string[] = [];
    const network = await Network.over(directory, time.clock(), warnings);
    const run = new Run(seed, founded, { network, time, directory, warnings });
    const world = { network, time, bytes: new SharedBytes(founded.bytes) };
    for (const image of founded.devices) {
      const skew = run.#random.below(4 * MINUTE) - 2 * MINUTE;
      run.#devices.push(await Device.from(image, world, skew));
    }
    return run;
  }

  async play(): Promise<void> {
    const length = 30 + this.#random.below(26);
    for (let i = 0; i < length; i++) {
      this.#time.pass(this.#random.below(this.#random.chance(0.1) ? 8 * HOUR : 20 * MINUTE));
      await this.#event();
    }
  }

  async #event(): Promise<void> {
    const random = this.#random;
    const device = random.pick(this.#devices);
    const what = random.weighted([
      ['work', 60],
      ['exchange', 12],
      ['files', 8],
      ['attack', this.#attacks.length > 0 ? 6 : 0],
      ['save', 4],
      ['restore', 2],
      ['switch off', 3],
      ['endpoint', 3],
      ['late', 3],
    ] as const);
    switch (what) {
      case 'work':
        return this.#work(device);
      case 'exchange':
        return this.#exchange(device);
      case 'files':
        return this.#files(device, random.pick(this.#devices));
      case 'attack':
        return this.#attack(random.pick(this.#attacks), device);
      case 'save':
        device.backup = await device.store.image();
        return this.#say(device.name, 'is saved');
      case 'restore':
        if (!device.backup) return;
        await device.restore(device.backup);
        this.#behind.add(device);
        return this.#say(device.name, 'is put back to what was saved');
      case 'switch off':
        await device.restart();
        return this.#say(device.name, 'is switched off and on');
      case 'endpoint':
        await this.#network.restart();
        return this.#say('endpoint', 'starts again');
      case 'late':
        return this.#say('network', `delivers ${await this.#network.deliverLate()} late requests`);
    }
  }

  /** Somebody comes to his desk: news first, most of the time; then an act; then it is sent. */
  async #work(device: Device): Promise<void> {
    const random = this.#random;
    const [before, after] = [random.chance(0.6), random.chance(0.7)];
    const dies = random.chance(this.#crashes) ? random.below(4) : null;
    if (before || this.#behind.has(device)) await this.#exchange(device);
    if (this.#behind.has(device)) return;
    const outcome = await device.attempt(async () => {
      const acts = await duties(device, this.#plans);
      if (acts.length === 0) return;
      const act = random.pick(acts);
      this.#say(device.name, `${act.name}${dies === null ? '' : `, dying after ${dies} writes`}`);
      device.store.diesAfter = dies;
      await act.run();
    });
    this.#judge(device, outcome, HONEST);
    if (after) await this.#exchange(device);
  }

  async #exchange(device: Device): Promise<void> {
    const random = this.#random;
    const plan = random.chance(0.35) ? faultPlan(random, this.#networkFaults) : new Map();
    const dies = random.chance(this.#crashes) ? random.below(8) : null;
    const owner = random.below(device.owners.length);
    let problem: string | null = null;
    const outcome = await device.attempt(async () => {
      await device.as(owner);
      device.store.diesAfter = dies;
      const state = await device.exchange(owner, plan);
      problem = state.problem && `${state.problem.code} ${state.problem.message}`;
    });
    const faulty = plan.size > 0 ? `, ${plan.size} faults` : '';
    this.#say(device.name, `exchanges${faulty}${problem ? `: ${problem}` : ''}`);
    this.#judge(device, outcome, HONEST);
    if (problem && !this.#passing(problem)) this.faults.push(`${device.name}: ${problem}`);
    if (outcome.end === 'done' && !problem) this.#behind.delete(device);
  }

  /** A refusal by the endpoint is in order for what was forged. */
  #passing(problem: string): boolean {
    const code = problem.split(' ')[0] ?? '';
    // The network said everything twice: the endpoint takes no signature twice.
    if (problem.includes('401') && this.#networkFaults.includes('doubled')) return true;
    // A refusal that was cut says no code; what it was about is sent again.
    const cut = this.#networkFaults.some((fault) => fault === 'short' || fault === 'cut');
    if (cut && /^endpoint-refused \d{3}$/.test(problem)) return true;
    return PASSING.has(code) || (code === 'endpoint-refused' && this.#forged.length > 0);
  }

  /** Packages carried as files: some or all of them, in any order. */
  async #files(from: Device, to: Device): Promise<void> {
    if (from === to) return;
    const random = this.#random;
    const which = random.pick(['waiting', 'all'] as const);
    const outcome = await to.attempt(async () => {
      const sorted = (await (await from.desk()).exportPackages(which)).slice(-40);
      const carried = random.shuffled(sorted).filter(() => random.chance(0.8));
      this.#say(to.name, `takes ${carried.length} files of ${from.name}`);
      const desk = await to.as();
      await desk.importPackages(carried);
    });
    this.#judge(to, outcome, HONEST);
  }

  async #attack(name: string, device: Device): Promise<void> {
    const { state, packages } = await rested(this.#devices[2] as Device);
    const record = (await device.store.record('settings', 'deployment')) as DeploymentRecord;
    const forged = await attack(name, {
      founded: this.#founded,
      random: this.#random,
      state,
      packages: new Map([...packages].map(([id, { bytes }]) => [id, bytes])),
      deployment: record.bundle.deployment,
      at: new Date(this.#time.now).toISOString(),
    });
    if (!forged) return;
    this.#forged.push(forged);
    const way = this.#random.pick(['endpoint', 'file'] as const);
    this.#say(device.name, `attack "${name}" by ${way}`);
    if (way === 'endpoint') await this.#network.push(forged.bytes);
    else {
      const files = [{ name: 'x.asice', bytes: forged.bytes }];
      const outcome = await device.attempt(async () => (await device.as()).importPackages(files));
      this.#judge(device, outcome, HONEST);
    }
  }

  /** Everybody exchanges over a good network until nothing is new. */
  async rest(): Promise<void> {
    await this.#network.deliverLate();
    for (let round = 0; round < 8; round++) {
      const before = await this.#fingerprint();
      for (const device of this.#devices) {
        for (const owner of device.owners.keys()) {
          this.#time.pass(1000);
          const { problem } = await device.exchange(owner);
          if (problem && !(problem.code === 'endpoint-refused' && this.#forged.length > 0)) {
            this.faults.push(`${device.name} at rest: ${problem.code} ${problem.message}`);
            return;
          }
        }
      }
      if ((await this.#fingerprint()) === before) return;
    }
    this.faults.push('the devices do not come to rest');
  }

  async #fingerprint(): Promise<string> {
    const parts = await Promise.all(
      this.#devices.map(async ({ store }) => {
        const all = await store.packages();
        const size = all.reduce((sum, { bytes, place }) => sum + bytes.length + (place ?? 0), 0);
        return `${all.length} ${size} ${(await store.outbox()).length}`;
      }),
    );
    return parts.join();
  }

  async check(): Promise<void> {
    const all: Rested[] = [];
    for (const device of this.#devices) all.push(await rested(device));
    const forged = new Set(this.#forged.map(({ id }) => id));
    const firms = this.#devices.filter(({ name }) => FIRMS.some((each) => each.device === name));
    const [office] = all;
    this.faults.push(
      ...sameState(all, forged),
      ...nothingLost(all, this.#network.acknowledged),
      ...(await nothingWaits(all, forged)),
      ...(office ? nothingDouble(office) : []),
      ...nothingForged(all, this.#forged),
      ...(await documentsVerify(firms)),
      ...this.#warnings,
    );
    for (const one of all) {
      for (const owner of one.device.owners.keys()) {
        this.faults.push(...(await onlyReaders(one, owner, forged)));
      }
    }
    this.faults.push(...(await stillWorks(this.#devices, forged)));
  }

  async end(): Promise<void> {
    await this.#network.close();
    await discard(this.#directory);
  }

  #judge(device: Device, outcome: Outcome, fine: ReadonlySet<string>): void {
    if (outcome.end === 'done') return;
    const said = outcome.end === 'refused' ? `${outcome.code} (${outcome.detail})` : outcome.end;
    this.#say(device.name, `… ${said}`);
    if (outcome.end === 'refused' && !fine.has(outcome.code)) {
      this.faults.push(`${device.name}: ${said} after ${this.events.at(-2)}`);
    }
  }

  #say(who: string, what: string): void {
    this.events.push(`${new Date(this.#time.now).toISOString()} ${who} ${what}`);
  }
}
