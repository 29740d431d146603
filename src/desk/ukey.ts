/**
 * People whose keys are in a UKey. The device remembers their certificates; the keys are there
 * while the UKey is plugged in and its PIN was given, and gone the moment it is pulled out.
 */
import { equal } from '../crypto/index.ts';
import type { LiveKey, LockTimer, Purpose } from '../keys/index.ts';
import type { UKeyProvider } from '../keys/ukey.ts';
import { certificateId, readCertificate, signerName } from '../pki/index.ts';
import type { UKeyCertificate } from './api/index.ts';
import type { DeskContext } from './context.ts';
import type { PersonRecord } from './device-records.ts';
import { newcomer } from './key-files.ts';
import { DeskError } from './refusals.ts';

/** Where the UKey service of a machine listens; the content security policy names it, too. */
const SERVICE = 'ws://127.0.0.1:18710';

type UKey = Awaited<ReturnType<UKeyProvider['list']>>[number];

const TIMER: LockTimer = {
  set: (run, milliseconds) => setTimeout(run, milliseconds),
  clear: (handle) => clearTimeout(handle as ReturnType<typeof setTimeout>),
};

async function connect(context: DeskContext, onRemoved?: () => void): Promise<UKeyProvider> {
  const { connectUKey } = await import('../keys/ukey.ts');
  return connectUKey(context.options.ukey?.() ?? SERVICE, TIMER, onRemoved);
}

/** @throws {KeyRefused} `ukey-unreachable`, `ukey-removed`, `ukey-protocol` */
export async function ukeyCertificates(context: DeskContext): Promise<UKeyCertificate[]> {
  const provider = await connect(context);
  try {
    const keys = await provider.list();
    return await Promise.all(
      keys.filter(({ purpose }) => purpose === 'signing').map(certificateOf),
    );
  } finally {
    provider.close();
  }
}

async function certificateOf({ certificate, label }: UKey): Promise<UKeyCertificate> {
  const who = signerName(readCertificate(certificate));
  const name = who.name || label;
  return { id: await certificateId(certificate), name, organization: who.organization ?? name };
}

/**
 * Remembers the holder of a certificate in the UKey, unlocked.
 * @throws {DeskError} `ukey-unknown` where the deployment does not know it; `person-exists`
 */
export async function addUKey(
  context: DeskContext,
  certificate: string,
  pin: string,
): Promise<string> {
  const { pilot } = await context.bundle();
  const provider = await connect(context);
  let person: string;
  try {
    const keys = await provider.list();
    const signing = await find(keys, certificate);
    if (!signing) throw new DeskError('ukey-unknown', 'this certificate is not in the UKey');
    const who = await newcomer(context, signing.certificate, [], 'ukey-unknown');
    await provider.unlock(pin);
    const encryption = keys.find(
      (key) => key.purpose === 'encryption' && sameSubject(key, signing),
    )?.certificate;
    const { id } = await context.vault.remember(who.name, signing.suite, pilot, {
      signing: signing.certificate,
      ...(encryption ? { encryption } : {}),
      chain: [],
    });
    const record: PersonRecord = { ...who, registration: null, selfSigned: null, ukey: true };
    await context.store.commit({ records: [{ namespace: 'people', id, value: record }] });
    person = id;
  } finally {
    provider.close();
  }
  await openUKey(context, person, pin);
  context.changed();
  return person;
}

async function find(keys: readonly UKey[], id: string): Promise<UKey | null> {
  for (const key of keys) {
    if (key.purpose === 'signing' && (await certificateId(key.certificate)) === id) return key;
  }
  return null;
}

const sameSubject = (a: UKey, b: UKey): boolean =>
  equal(readCertificate(a.certificate).subject.raw, readCertificate(b.certificate).subject.raw);

/**
 * Opens the keys of somebody whose UKey is plugged in.
 * @throws {KeyRefused} `ukey-*`; `no-key` where another UKey is plugged in
 */
export async function openUKey(context: DeskContext, person: string, pin: string): Promise<void> {
  const provider = await connect(context, () => context.vault.lock(person));
  try {
    const { certificates } = await context.vault.identity(person);
    const live = new Map<Purpose, LiveKey>();
    await provider.unlock(pin);
    for (const key of await provider.list()) {
      const own = certificates[key.purpose];
      if (own && equal(own, key.certificate)) live.set(key.purpose, liveKeyOf(provider, key));
    }
    if (!live.has('signing')) throw new DeskError('ukey-unknown', 'another UKey is plugged in');
    await context.vault.admit(person, live);
  } catch (error) {
    provider.close();
    throw error;
  }
}

function liveKeyOf(provider: UKeyProvider, { id, suite, certificate }: UKey): LiveKey {
  return {
    suite,
    spki: readCertificate(certificate).spki,
    sign: async (data) => (await provider.signer(id)).sign(data),
    agree: async (point) => (await provider.decrypter(id)).agree(point),
    open: async (encryptedKey) =>
      (await (await provider.decrypter(id)).open?.(encryptedKey)) ?? null,
    drop: () => {
      provider.lock();
      provider.close();
    },
  };
}
