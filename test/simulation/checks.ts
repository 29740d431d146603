/** What must hold once a run has come to rest. */
import { createHash } from 'node:crypto';
import { DeskContext } from '../../src/desk/context.ts';
import type { DeploymentRecord } from '../../src/desk/device-records.ts';
import { readLicenceToken } from '../../src/licence/index.ts';
import { openPackage, type Package } from '../../src/packages/index.ts';
import { verifyPdf } from '../../src/pdf/index.ts';
import { certificateId, type Role } from '../../src/pki/index.ts';
import { fold, ROLE_GROUPS, type RoleGroup, type State } from '../../src/workflow/index.ts';
import type { Forged } from './attacks.ts';
import type { Device } from './device.ts';
import { loadFont } from './fonts.ts';
import { FIRMS } from './people.ts';

/** A device at rest: its packages, and the state that their heads alone amount to. */
export interface Rested {
  device: Device;
  uscc: string | null;
  roles: Role[];
  packages: Map<string, { pkg: Package; place: number | null; bytes: Uint8Array }>;
  state: State;
}

export async function rested(device: Device): Promise<Rested> {
  const stored = await device.store.packages();
  const record = (await device.store.record('settings', 'deployment')) as DeploymentRecord;
  const places = new Map(stored.flatMap(({ id, place }) => (place === null ? [] : [[id, place]])));
  const read = new Map<string, Package>();
  const state = await fold(
    stored.map(({ bytes }) => bytes),
    { trust: record.bundle, trustId: record.package, places: places as Map<string, number>, read },
  );
  const desk = await device.desk();
  const roles = (await desk.overview()).people.flatMap((each) => each.roles);
  return {
    device,
    uscc: FIRMS.find((firm) => firm.device === device.name)?.uscc ?? null,
    roles: roles.filter((role): role is Role => role !== 'enterprise'),
    packages: new Map(
      stored.map(({ id, place, bytes }) => [id, { pkg: read.get(id) as Package, place, bytes }]),
    ),
    state,
  };
}

/** Staff read every head, a party those of its own cases, everybody what concerns trust. */
function concerns({ uscc, roles }: Rested, { record }: Package): boolean {
  if (/^(trust\/|seal\/authority|licence\/(number-|status-))/.test(record.type)) return true;
  return roles.length > 0 || (uscc !== null && record.party === uscc);
}

const text = (value: unknown): string =>
  JSON.stringify(value, (_, each) => {
    if (each instanceof Map) return [...each].sort(([a], [b]) => (a < b ? -1 : 1));
    if (each instanceof Set) return [...each].sort();
    if (each instanceof Uint8Array) return createHash('sha256').update(each).digest('hex');
    return each as unknown;
  });

/** By name, what a device must agree on with every other that may see it. */
function facts(state: State, party: string | null): Map<string, string> {
  const out = new Map<string, string>();
  const mine = (uscc: string | null | undefined) => party === null || uscc === party;
  const put = (name: string, value: unknown) => out.set(name, text(value));
  for (const part of ['bundles', 'crls', 'distrusted', 'blocks', 'statusLists'] as const) {
    put(part, state[part]);
  }
  put('authoritySeals', state.authoritySeals);
  for (const [id, each] of state.applications) if (mine(each.uscc)) put(`application ${id}`, each);
  for (const [id, each] of state.licences) if (mine(each.uscc)) put(`licence ${id}`, each);
  for (const [id, each] of state.seals) if (mine(each.uscc)) put(`seal ${id}`, each);
  for (const [id, each] of state.enterprises) if (mine(each.uscc)) put(`enterprise ${id}`, each);
  for (const [id, steps] of state.steps) {
    const application = state.applications.get(id);
    const [licence] = [...state.licences.values()].filter(({ number }) => number === id);
    const owner = application?.uscc ?? licence?.uscc ?? state.parties.get(id);
    const logged = steps.filter(({ place }) => place !== null);
    if (mine(owner) && logged.length > 0) put(`steps ${id}`, logged);
  }
  return out;
}

/**
 * All devices that may see a case show the same state.
 * @param forged a case that one of them opens and the log does not take stays provisional where it is
 */
export function sameState(all: readonly Rested[], forged: ReadonlySet<string>): string[] {
  const faults: string[] = [];
  const whole = all.find(({ roles }) => roles.includes('first-review'));
  if (!whole) return ['no device of a reviewer'];
  for (const one of all) {
    const party = one.roles.length > 0 ? null : (one.uscc ?? 'nobody');
    const [expected, actual] = [facts(whole.state, party), facts(one.state, party)];
    for (const name of new Set([...expected.keys(), ...actual.keys()])) {
      const [a, b] = [expected.get(name), actual.get(name)];
      if (a === b) continue;
      const [, id = ''] = name.split(' ');
      const waits = [one, whole].some(({ packages }) => packages.get(id)?.place === null);
      if (forged.has(id) && waits) continue;
      const at = [...(a ?? '')].findIndex((character, i) => character !== b?.[i]);
      const from = Math.max(0, at - 60);
      faults.push(
        `${one.device.name} differs from ${whole.device.name} in ${name}: ` +
          `${a?.slice(from, at + 160)} | ${b?.slice(from, at + 160)}`,
      );
    }
  }
  return faults;
}

/** Nothing that was acknowledged is missing, from the log or from those whom it concerns. */
export function nothingLost(
  all: readonly Rested[],
  acknowledged: ReadonlyMap<string, number>,
): string[] {
  const faults: string[] = [];
  const anywhere = new Map<string, Package>();
  for (const { packages } of all) for (const [id, { pkg }] of packages) anywhere.set(id, pkg);
  for (const [id, index] of acknowledged) {
    const pkg = anywhere.get(id);
    if (!pkg) {
      faults.push(`${id} was acknowledged at ${index} and is on no device`);
      continue;
    }
    for (const one of all) {
      if (!concerns(one, pkg)) continue;
      const held = one.packages.get(id);
      if (held?.place === index) continue;
      const where = held ? `at ${held.place}` : 'not there';
      faults.push(`${one.device.name}: ${pkg.record.type} ${id} of index ${index} is ${where}`);
    }
  }
  return faults;
}

/** Nothing that an honest device wrote still waits. */
export async function nothingWaits(
  all: readonly Rested[],
  forged: ReadonlySet<string>,
): Promise<string[]> {
  const faults: string[] = [];
  for (const { device, packages } of all) {
    for (const id of await device.store.outbox()) {
      if (forged.has(id)) continue;
      const type = packages.get(id)?.pkg.record.type;
      faults.push(`${device.name}: ${type} ${id} still waits to be sent`);
    }
  }
  return faults;
}

/** No number, licence or decision is double. */
export function nothingDouble({ state }: Rested): string[] {
  const faults: string[] = [];
  for (const [number, issued] of state.numbers) {
    if (issued.length > 1) faults.push(`number ${number} was issued ${issued.length} times`);
  }
  for (const application of state.applications.values()) {
    const standing = [...state.licences.values()].filter(
      (each) => each.case === application.case && each.replacedBy === null,
    );
    if (standing.length > 1)
      faults.push(`case ${application.case} has ${standing.length} licences`);
    const decided = new Set<string>();
    for (const { type, refusal } of state.steps.get(application.case) ?? []) {
      if (refusal) continue;
      if (type === 'application/submit') decided.clear();
      else if (decided.has(type)) faults.push(`case ${application.case}: ${type} counts twice`);
      else decided.add(type);
    }
  }
  return faults;
}

/** What was forged changes nothing anywhere. */
export function nothingForged(all: readonly Rested[], forged: readonly Forged[]): string[] {
  const faults: string[] = [];
  for (const { device, state } of all) {
    const counted = new Set(
      [...state.steps.values()].flat().flatMap(({ id, refusal }) => (refusal ? [] : [id])),
    );
    for (const { attack, id, mayCount } of forged) {
      if (!mayCount && counted.has(id)) faults.push(`${device.name}: "${attack}" counts (${id})`);
    }
  }
  return faults;
}

const READ_BY: [RegExp, readonly RoleGroup[]][] = [
  [/^(enterprise|seal)\//, ['registration-and-seals']],
  [/^application\//, ['review-and-issuing']],
  [/^licence\//, ['review-and-issuing', 'inspection']],
];

/** Groups of readers whom a record is for; role keys go to those who hold them. */
function readersOf({ type, group }: Package['record']): readonly RoleGroup[] {
  if (type === 'trust/role-key' || type === 'trust/grant') return [group as RoleGroup];
  return READ_BY.find(([form]) => form.test(type))?.[1] ?? [];
}

/**
 * Nobody opens what is not for him, and whoever it is for does.
 * @param owner of the device
 * @param forged packages whose author chose his readers as he liked
 */
export async function onlyReaders(
  { device, packages, uscc }: Rested,
  owner: number,
  forged: ReadonlySet<string>,
): Promise<string[]> {
  const who = device.owners[owner] as Device['owners'][0];
  const { store, now } = device;
  const context = new DeskContext({ store, now, loadFont });
  const session = await context.vault.unlock(who.id, { kind: 'passkey', prf: who.prf.slice() });
  context.seat(who.id);
  const { signing, encryption } = session.certificates;
  const keys = new Set(
    await Promise.all([signing, encryption].flatMap((each) => (each ? [certificateId(each)] : []))),
  );
  const roles = signing ? await context.rolesOf(signing) : [];
  const faults: string[] = [];
  for (const [id, { pkg }] of packages) {
    const { type, party, to } = pkg.record;
    if (!pkg.body || forged.has(id)) continue;
    const opened = await context.opened((decrypter) =>
      openPackage({ ...pkg, files: new Map() }, decrypter),
    );
    const byRole = readersOf(pkg.record).flatMap((group): readonly Role[] => ROLE_GROUPS[group]);
    const author = signing !== undefined && pkg.record.by === (await certificateId(signing));
    const own = (uscc !== null && party === uscc) || author;
    const may = own || byRole.some((role) => roles.includes(role));
    if (opened && !may) faults.push(`${device.name} opens ${type} ${id} of ${party}`);
    const named = to.some((each) => keys.has(each));
    if (!opened && named) {
      faults.push(`${device.name} cannot open ${type} ${id}, which names its key`);
    }
  }
  return faults;
}

/** Every document that was issued verifies, for its holder and for an inspector. */
export async function documentsVerify(firms: readonly Device[]): Promise<string[]> {
  const faults: string[] = [];
  for (const device of firms) {
    const desk = await device.as();
    const trust = await desk.verificationTrust();
    if (!trust) continue;
    for (const { caseId, number, state, flow } of await desk.licences()) {
      const { pdf, token } = await desk.licence(caseId);
      if (!pdf || !token) {
        faults.push(`${device.name}: licence ${number} has no document`);
        continue;
      }
      const time = device.now().toISOString();
      const report = await verifyPdf(pdf, { time, trust });
      if (report.verdict !== 'TOTAL-PASSED') {
        const codes = report.findings.map(({ code }) => code).join();
        faults.push(`${device.name}: licence ${number} (${flow}) is ${report.verdict}: ${codes}`);
      }
      const { verdict, findings } = await readLicenceToken(token, { time, trust });
      const wanted = state === 'revoked' ? 'revoked' : state === 'exhausted' ? 'used' : 'valid';
      if (verdict !== wanted) {
        const codes = findings.map(({ code }) => code).join();
        faults.push(`${device.name}: token of ${number} (${state}) is ${verdict}: ${codes}`);
      }
    }
  }
  return faults;
}
