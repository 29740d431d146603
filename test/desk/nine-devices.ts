/**
 * A deployment of nine people on nine devices, each with a store and keys of its own: root and
 * registrar, seal reviewer, seal maker, first and second reviewer, issuer, inspector, two enterprises.
 */
import { createServer } from 'node:http';
import type { Desk } from '../../src/desk/index.ts';
import { openEndpoint } from '../../src/endpoint/index.ts';
import type { Role } from '../../src/pki/index.ts';
import { type Clock, filledDraft, findings, SCAN } from './device.ts';

export const PASSWORD = 'correct horse battery';
export const SECRET = {
  root: 'root of all trust',
  authority: 'issues and revokes',
  founder: 'the first of us',
};
const STAFF = {
  sealReviewer: ['乙印审', 'seal-reviewer'],
  sealMaker: ['丙制章', 'seal-maker'],
  first: ['丁初审', 'first-review'],
  second: ['戊复审', 'second-review'],
  issuer: ['己出证', 'issuer'],
  inspector: ['庚查验', 'inspector'],
} as const satisfies Record<string, readonly [string, Role]>;

export const FIRMS = {
  one: { name: '甲示例贸易有限公司', uscc: '91310000MA1FL0T285' },
  two: { name: '乙示例机械有限公司', uscc: '91110000MA01ABCD1M' },
} as const;

export type Seat = 'root' | keyof typeof STAFF | keyof typeof FIRMS;

/** An endpoint in this process, over a clock. */
export async function serve(directory: string, clock: Clock) {
  const endpoint = await openEndpoint({ directory, now: clock.now });
  const server = createServer((request, response) => void endpoint.handle(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as { port: number }).port}`;
  const { key } = (await (await fetch(`${url}/v1/healthz`)).json()) as { key: string };
  return {
    url,
    key,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await endpoint.close();
    },
  };
}

/** A desk in this process, or one in a browser. */
export interface Seated {
  desk: Desk;
}

/** How packages go from device to device. */
export interface Carrier {
  endpoint: { url: string; checkpointKey: string } | null;
  /** Everybody has what anybody wrote. */
  exchange(devices: readonly Seated[]): Promise<void>;
}

export const byEndpoint = ({ url, key }: { url: string; key: string }): Carrier => ({
  endpoint: { url, checkpointKey: key },
  async exchange(devices) {
    const sync = async ({ desk }: Seated) => {
      const { problem } = await desk.syncNow();
      if (problem) throw new Error(`${problem.code}: ${problem.message}`);
    };
    // Who has something to send goes first: what the last one sends, the first one fetches.
    const waiting = await Promise.all(devices.map(({ desk }) => desk.overview()));
    for (const [i, each] of devices.entries()) {
      if ((waiting[i]?.sync.waiting ?? 0) > 0) await sync(each);
    }
    await Promise.all(devices.map(sync));
  },
});

/** Files on a stick that goes round, each time in another order. @param random from 0 up to 1 */
export function byFiles(random: () => number): Carrier {
  const stick = new Map<string, Uint8Array>();
  const taken = new Map<Seated, Set<string>>();
  return {
    endpoint: null,
    async exchange(devices) {
      for (const each of [...devices, ...devices]) {
        const known = taken.get(each) ?? new Set();
        taken.set(each, known);
        const files = shuffled(
          [...stick.keys()].filter((name) => !known.has(name)),
          random,
        );
        for (const name of files) {
          const bytes = stick.get(name) as Uint8Array;
          const { refused } = await each.desk.importPackages([{ name, bytes }]);
          if (refused[0])
            throw new Error(`${refused[0].refusal.code} ${refused[0].refusal.message}`);
          known.add(name);
        }
        for (const { name, bytes } of await each.desk.exportPackages('all')) {
          known.add(name);
          if (!stick.has(name)) stick.set(name, bytes);
        }
      }
    },
  };
}

export function shuffled<T>(items: T[], random: () => number): T[] {
  for (let i = items.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [items[i], items[j]] = [items[j] as T, items[i] as T];
  }
  return items;
}

export class Deployment<Device extends Seated> {
  readonly carrier: Carrier;
  readonly seats = new Map<string, Device>();
  readonly #open: (seat: string) => Promise<Device>;
  /** The trust bundle of the first day. */
  invite = new Uint8Array();

  /** @param open a new device, on which nobody has joined anything */
  constructor(carrier: Carrier, open: (seat: string) => Promise<Device>) {
    this.carrier = carrier;
    this.#open = open;
  }

  device(seat: Seat | 'late'): Device {
    return this.seats.get(seat) as Device;
  }

  at(seat: Seat | 'late') {
    return this.device(seat).desk;
  }

  exchange(): Promise<void> {
    return this.carrier.exchange([...this.seats.values()]);
  }

  /** Sits down at the first device as `root` or `registrar`. */
  async office(who: 'root' | 'registrar') {
    const desk = this.at('root');
    const name = who === 'root' ? '信任根' : '甲登记';
    const person = (await desk.overview()).people.find((each) => each.name === name);
    const password = who === 'root' ? SECRET.root : SECRET.founder;
    await desk.sitDown(person?.id ?? '', { password });
    if (who === 'registrar') await desk.openAuthority(SECRET.authority);
    return desk;
  }

  async found(): Promise<void> {
    this.seats.set('root', await this.#open('root'));
    await this.at('root').startDeployment({
      name: { zh: '某省许可证', en: 'Province Licensing' },
      authority: { zh: '某省许可证事务局', en: 'Province Licensing Bureau', code: '320000' },
      suite: 'P-256',
      numberIssuer: 'JS',
      founder: { name: '甲登记' },
      passwords: SECRET,
      staff: [],
      endpoint: this.carrier.endpoint,
      policy: {
        sealCompulsoryFrom: '2030-01-01T00:00:00Z',
        issuing: 'automatic',
        bundleDays: 60,
      },
    });
    this.invite = Uint8Array.from(await this.at('root').trustBundle());
    await this.exchange();
    const asked = [];
    for (const [seat, [name, role]] of Object.entries(STAFF)) {
      asked.push({ seat, name, role, file: await this.hire(seat, name) });
    }
    await this.certify(asked);
  }

  /** Joins by the invite of the first day, and makes a key. @returns the request */
  async hire(seat: string, name: string): Promise<Uint8Array> {
    const made = await this.#open(seat);
    this.seats.set(seat, made);
    await made.desk.join(this.invite);
    const { person } = await made.desk.createStaff({ name, password: PASSWORD });
    await made.desk.sitDown(person, { password: PASSWORD });
    return made.desk.requestFile();
  }

  async certify(
    asked: { seat: string; name: string; role: Role; file: Uint8Array }[],
  ): Promise<void> {
    const office = await this.office('registrar');
    for (const { seat, name, role, file } of asked) {
      const answer = await office.issueStaff({ file, name, serialNumber: '', roles: [role] });
      await this.seats.get(seat)?.desk.installCertificates(answer);
    }
    await this.office('root');
    await office.publishTrust({});
    await this.exchange();
  }

  /**
   * Enterprises from joining to the seals that are bound.
   * @param approve how the seal reviewer approves
   */
  async enrol(
    seats: readonly (keyof typeof FIRMS)[],
    approve = (caseId: string): Promise<void> =>
      this.at('sealReviewer').decideSeal(caseId, true, []),
  ): Promise<void> {
    for (const seat of seats) await this.#register(seat);
    await this.exchange();
    const office = await this.office('registrar');
    for (const { caseId, kind } of await office.sealQueue()) {
      if (kind === 'registration') await office.decideRegistration(caseId, true, []);
    }
    await this.exchange();
    const cases = await Promise.all(seats.map((seat) => this.#applyForSeal(seat)));
    await this.exchange();
    for (const caseId of cases) await approve(caseId);
    await this.exchange();
    for (const caseId of cases) await this.at('sealMaker').produceSeal(caseId);
    await this.exchange();
  }

  async #register(seat: keyof typeof FIRMS): Promise<void> {
    const made = await this.#open(seat);
    this.seats.set(seat, made);
    const { desk } = made;
    await desk.join(this.invite);
    const { name, uscc } = FIRMS[seat];
    const { person } = await desk.createEnterprise({ name, uscc, password: PASSWORD });
    await desk.sitDown(person, { password: PASSWORD });
    await desk.register({
      name,
      uscc,
      nameEn: 'Sample Trading Co., Ltd.',
      address: '上海市示例路 2 号',
      contact: '吴示例',
      phone: '021-55550000',
      email: 'b@example.com',
    });
  }

  async #applyForSeal(seat: keyof typeof FIRMS): Promise<string> {
    const desk = this.at(seat);
    const { name } = FIRMS[seat];
    const caseId = await desk.applyForSeal({ kind: 'round', name, lower: '', code: '' });
    await desk.sendLetter(caseId, SCAN, findings(caseId));
    return caseId;
  }

  /** A stamped application. @returns the case */
  async apply(seat: keyof typeof FIRMS, flow: 'electronic' | 'paper' = 'electronic') {
    const desk = this.at(seat);
    const draft = await filledDraft(desk, { flow });
    return desk.submitDraft(draft.id, 'seal');
  }
}
