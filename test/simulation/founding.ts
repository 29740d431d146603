/**
 * The deployment that every run starts from: founded once for each suite through the desk, with its
 * staff certified, two enterprises that have their seals, an enterprise and a reviewer who are about to
 * join, and everything exchanged. Runs start from copies of it.
 */
import { rmSync } from 'node:fs';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Signer } from '../../src/crypto/index.ts';
import type { PersonRecord } from '../../src/desk/device-records.ts';
import { keyStorage } from '../../src/desk/key-storage.ts';
import { KeyVault } from '../../src/keys/index.ts';
import { applyForSeal, registrationOf } from './acts.ts';
import { WorldTime } from './clock.ts';
import { Device, type DeviceImage, type Owner } from './device.ts';
import { emptyImage, SharedBytes } from './device-store.ts';
import { Network, ORIGIN } from './network.ts';
import { AUTHORITY_PASSWORD, FIRMS, NEWCOMER, STAFF } from './people.ts';
import { quickCrypto } from './quick-crypto.ts';

export type Suite = 'P-256' | 'SM2';

const PASSWORDS = {
  root: 'root of all trust',
  authority: AUTHORITY_PASSWORD,
  founder: 'the first of us',
};
const FOUNDER = '甲登记';
const AUTHORITY = { zh: '某省许可证事务局', en: 'Province Licensing Bureau', code: '320000' };

export interface Founded {
  suite: Suite;
  devices: readonly DeviceImage[];
  /** Data directory of the endpoint; copied, never opened. */
  directory: string;
  bytes: SharedBytes;
  time: number;
  /** Of everybody who has a certificate, by device: for those who turn dishonest. */
  signers: ReadonlyMap<string, Signer>;
}

const founded = new Map<Suite, Promise<Founded>>();

/** Founded once in a process. */
export function deployment(suite: Suite): Promise<Founded> {
  quickCrypto();
  const known = founded.get(suite) ?? found(suite);
  founded.set(suite, known);
  return known;
}

const scratches = new Set<string>();

/** A directory for an endpoint, in memory where the machine offers that. */
export async function scratch(from?: string): Promise<string> {
  const directory = await mkdtemp('/dev/shm/simulation-').catch(() =>
    mkdtemp(join(tmpdir(), 'simulation-')),
  );
  if (scratches.size === 0) process.once('exit', () => scratches.forEach(removeNow));
  scratches.add(directory);
  if (from) await cp(from, directory, { recursive: true });
  return directory;
}

const removeNow = (directory: string) => rmSync(directory, { recursive: true, force: true });

export async function discard(directory: string): Promise<void> {
  await rm(directory, { recursive: true, force: true });
  scratches.delete(directory);
}

/** Forgets what was founded, and removes every directory that is left. */
export async function discardAll(): Promise<void> {
  founded.clear();
  for (const directory of scratches) await discard(directory);
}

async function found(suite: Suite): Promise<Founded> {
  const time = new WorldTime(Date.parse('2026-03-02T01:00:00Z'));
  const directory = await scratch();
  const bytes = new SharedBytes();
  const network = await Network.over(directory, time.clock(), []);
  const world = { network, bytes, time };
  const blank = (name: string, owners: Owner[]) =>
    Device.from({ name, owners, store: emptyImage() }, world, 0);

  const office = await foundOffice(await blank('office', []), suite, world);
  await office.exchange(0);
  const invite = await (await office.as(0)).trustBundle();
  const devices: Device[] = [office];
  const signers = new Map<string, Signer>();

  const joined = async (name: string, who: string, uscc: string | null) => {
    const bare = await blank(name, []);
    const desk = await bare.desk();
    await desk.join(invite);
    await desk.setEndpoint(ORIGIN);
    const owner = await makeOwner(bare, who, uscc, suite);
    const device = await Device.from(
      { name, owners: [owner], store: await bare.store.image() },
      world,
      0,
    );
    devices.push(device);
    return device;
  };

  for (const { device, name } of [...STAFF, NEWCOMER]) await joined(device, name, null);
  const named = (name: string) => devices.find((each) => each.name === name) as Device;
  const requests = new Map<string, Uint8Array>();
  for (const { device } of STAFF) {
    requests.set(device, await (await named(device).as()).requestFile());
  }
  const registrar = await office.as(1);
  await registrar.openAuthority(PASSWORDS.authority);
  for (const [i, { device, name, roles }] of STAFF.entries()) {
    const file = requests.get(device) as Uint8Array;
    await registrar.issueStaff({ file, name, serialNumber: `S${i}`, roles });
  }
  const root = await office.as(0);
  await root.publishTrust({});
  await settle([office, ...STAFF.map(({ device }) => named(device))], time);
  await (await named('maker').as()).produceAuthoritySeals();

  for (const { device, name, uscc } of FIRMS) await joined(device, name, uscc);
  await settle(devices, time);
  for (const firm of FIRMS.slice(0, 2)) {
    const device = named(firm.device);
    await (await device.as()).register(registrationOf(firm));
    await settle([device, office], time);
    const approving = await office.as(1);
    await approving.openAuthority(PASSWORDS.authority);
    for (const { caseId } of await approving.sealQueue()) {
      await approving.decideRegistration(caseId, true, []);
    }
    await settle([office, device], time);
    await applyForSeal(await device.as(), firm);
    await settle([device, office], time);
    const reviewing = await office.as(1);
    for (const { caseId } of await reviewing.sealQueue()) {
      await reviewing.decideSeal(caseId, true, []);
    }
    await settle([office, named('maker')], time);
    const making = await named('maker').as();
    for (const { caseId } of await making.sealQueue()) await making.produceSeal(caseId);
  }
  await settle(devices, time);
  const images: DeviceImage[] = [];
  for (const device of devices) {
    signers.set(device.name, await signerOf(device));
    images.push({
      name: device.name,
      owners: [...device.owners],
      store: await device.store.image(),
    });
  }
  await network.close();
  return { suite, devices: images, directory, bytes, time: time.now, signers };
}

/** Root and registrar share the device on which the deployment was founded. */
async function foundOffice(
  bare: Device,
  suite: Suite,
  world: { network: Network; bytes: SharedBytes; time: WorldTime },
): Promise<Device> {
  const desk = await bare.desk();
  await desk.startDeployment({
    name: { zh: '某省许可证', en: 'Province Licensing' },
    authority: AUTHORITY,
    suite,
    numberIssuer: 'JS',
    founder: { name: FOUNDER },
    passwords: PASSWORDS,
    staff: [],
    endpoint: null,
    policy: { sealCompulsoryFrom: '2027-01-01T00:00:00Z', issuing: 'confirmed', bundleDays: 300 },
  });
  await desk.setEndpoint(ORIGIN);
  const vault = new KeyVault({ storage: keyStorage(bare.store) });
  const owners: Owner[] = [];
  const { people } = await desk.overview();
  for (const password of [PASSWORDS.root, PASSWORDS.founder]) {
    const isRoot = password === PASSWORDS.root;
    const person = people.find(({ name }) => (name === FOUNDER) !== isRoot);
    if (!person) throw new Error('the founders are not on their device');
    const passkey = newPasskey();
    await vault.addSecret(person.id, { kind: 'password', password }, passkey);
    owners.push({ id: person.id, name: person.name, prf: passkey.prf });
  }
  return Device.from({ name: 'office', owners, store: await bare.store.image() }, world, 0);
}

const newPasskey = () => ({
  kind: 'passkey' as const,
  credential: crypto.getRandomValues(new Uint8Array(16)),
  salt: crypto.getRandomValues(new Uint8Array(32)),
  prf: crypto.getRandomValues(new Uint8Array(32)),
});

/** A key under a passkey alone: no password, whose slow derivation every run would pay for. */
async function makeOwner(
  device: Device,
  name: string,
  uscc: string | null,
  suite: Suite,
): Promise<Owner> {
  const vault = new KeyVault({ storage: keyStorage(device.store) });
  const passkey = newPasskey();
  const { identity } = await vault.create({ label: name, suite, secrets: [passkey] });
  const record: PersonRecord = {
    name,
    organization: uscc === null ? AUTHORITY.zh : name,
    uscc,
    registration: null,
    selfSigned: null,
  };
  await device.store.commit({ records: [{ namespace: 'people', id: identity.id, value: record }] });
  return { id: identity.id, name, prf: passkey.prf };
}

/** Everybody exchanges, twice: what one sends the others have afterwards. */
async function settle(devices: readonly Device[], time: WorldTime): Promise<void> {
  for (const device of [...devices, ...devices]) {
    for (const owner of device.owners.keys()) {
      const { problem } = await device.exchange(owner);
      if (problem) throw new Error(`${device.name}: ${problem.code} ${problem.message}`);
      time.pass(1000);
    }
  }
}

/** The key of a device's last owner, in the hands of whoever is dishonest. */
async function signerOf(device: Device): Promise<Signer> {
  const owner = device.owners.at(-1) as Owner;
  const vault = new KeyVault({ storage: keyStorage(device.store) });
  const session = await vault.unlock(owner.id, { kind: 'passkey', prf: owner.prf.slice() });
  if (session.certificates.signing) return session.signerOf();
  const key = session.keySigner('signing');
  return {
    certificate: new Uint8Array(),
    chain: [],
    suite: session.suite,
    sign: (data) => key.sign(data),
  };
}
