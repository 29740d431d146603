/** A second home for keys: copies of a person's key, or of the authority's, to and from another device. */
import { equal, fromBase64 } from '../crypto/index.ts';
import {
  KeyRefused,
  newRecoveryCode,
  readKeyCopy,
  readRecoveryCode,
  type Secret,
  writeKeyCopy,
} from '../keys/index.ts';
import { readCertificate, type TrustBundle } from '../pki/index.ts';
import { adoptCertificates } from './adopting.ts';
import type { KeyCopyTaken, Unlocking } from './api/index.ts';
import type { DeskContext } from './context.ts';
import type { CaRecord, DeploymentRecord, PersonRecord } from './device-records.ts';
import { newcomer } from './key-files.ts';
import { secretOf } from './key-ways.ts';
import { DeskError } from './refusals.ts';

/**
 * Both keys and both certificates of a person, under the password and the recovery code of this device.
 * @throws {DeskError} `key-copy-unopenable` where nothing but this device opens the key
 */
export async function copyPerson(
  context: DeskContext,
  person: string,
  opening: Unlocking,
): Promise<Uint8Array> {
  const { deployment } = await context.bundle();
  const form = await context.store.record('registration', person);
  const record = (await context.store.record('people', person)) as PersonRecord | undefined;
  const identity = await openableElsewhere(() =>
    context.vault.copy(person, secretOf(opening), null),
  );
  const facts: Record<string, string> = {
    name: record?.name ?? identity.label,
    ...(form ? { registration: JSON.stringify(form) } : {}),
  };
  return writeKeyCopy({ kind: 'person', deployment, identities: [identity], facts });
}

async function openableElsewhere<T>(act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    if (!(error instanceof KeyRefused) || error.code !== 'unknown-wrapper') throw error;
    throw new DeskError('key-copy-unopenable', 'set a password or a recovery code first');
  }
}

/**
 * The keys of both CAs of this device, under a password of the file's own and a code of its own.
 * @param opening of the authority: its password here, or nothing in a pilot
 */
export async function copyAuthority(
  context: DeskContext,
  opening: Unlocking,
  password: string,
): Promise<{ file: Uint8Array; recoveryCode: string }> {
  await context.demandRole('registrar', 'root');
  const { cas } = await context.deployment();
  if (!cas) throw new DeskError('not-permitted', 'the authority is on another device');
  const { deployment, name, authority } = await context.bundle();
  const recoveryCode = await newRecoveryCode();
  const known = [name.zh, name.en, authority.zh, authority.en];
  const identities = [];
  for (const { identity } of [cas.enterprise, cas.staff]) {
    identities.push(
      await context.vault.copy(identity, secretOf(opening), [
        { kind: 'password', password, known },
        { kind: 'recovery', code: recoveryCode },
      ]),
    );
  }
  const file = writeKeyCopy({ kind: 'authority', deployment, identities, facts: {} });
  return { file, recoveryCode };
}

/**
 * Takes a copy on this device.
 * @param typed password or recovery code that opens it, here from now on as well
 * @throws {DeskError} `key-file-unreadable`, `key-copy-deployment`, `key-file-password`,
 * `person-exists`, and for strangers as `importKey`
 */
export async function takeKeyCopy(
  context: DeskContext,
  file: Uint8Array,
  typed: string,
): Promise<KeyCopyTaken> {
  const bundle = await context.bundle();
  const copy = await ofCopies(async () => readKeyCopy(file));
  if (copy.deployment !== bundle.deployment) {
    throw new DeskError('key-copy-deployment', 'keys of another deployment');
  }
  const secret = await secretTyped(typed);
  if (copy.kind === 'authority') {
    await takeAuthority(context, bundle, copy.identities, secret);
    return { kind: 'authority', person: null };
  }
  const [identity] = copy.identities;
  const { signing, chain } = identity?.certificates ?? { chain: [] };
  if (!identity || !signing) throw new DeskError('key-file-no-certificate', 'not certified yet');
  const who = await newcomer(context, signing, chain, 'pfx-refused');
  await ofCopies(() => context.vault.take(identity, secret));
  const record: PersonRecord = { ...who, registration: null, selfSigned: null, brought: true };
  const form = formIn(copy.facts['registration']);
  await context.store.commit({
    records: [
      { namespace: 'people', id: identity.id, value: record },
      ...(form ? [{ namespace: 'registration', id: identity.id, value: form }] : []),
    ],
  });
  context.changed();
  await adoptCertificates(context);
  context.changed();
  return { kind: 'person', person: identity.id };
}

/** A code tells by its check characters that it is one. */
async function secretTyped(typed: string): Promise<Secret> {
  try {
    await readRecoveryCode(typed);
    return { kind: 'recovery', code: typed };
  } catch {
    return { kind: 'password', password: typed };
  }
}

async function takeAuthority(
  context: DeskContext,
  bundle: TrustBundle,
  identities: Parameters<DeskContext['vault']['take']>[0][],
  secret: Secret,
): Promise<void> {
  const deployment = await context.deployment();
  if (deployment.cas)
    throw new DeskError('person-exists', 'the authority is on this device already');
  const records: CaRecord[] = [];
  for (const [i, { id, keys }] of identities.entries()) {
    const signing = keys.find(({ purpose }) => purpose === 'signing');
    const certificate = authorityCertificate(bundle, signing?.spki, i);
    records.push({ identity: id, certificate, chain: chainOf(bundle, certificate) });
  }
  const [enterprise, staff] = records as [CaRecord, CaRecord];
  try {
    for (const identity of identities) {
      // What an attempt that broke off left behind is nobody's.
      await context.vault.delete(identity.id);
      await ofCopies(() => context.vault.take(identity, secret));
    }
  } catch (error) {
    for (const { id } of identities) await context.vault.delete(id);
    throw error;
  }
  const value: DeploymentRecord = { ...deployment, cas: { enterprise, staff } };
  await context.store.commit({
    records: [{ namespace: 'settings', id: 'deployment', value }],
  });
  context.changed();
}

/** The anchor that a key certifies by: the first key enterprises, the second staff. */
function authorityCertificate(
  { anchors }: TrustBundle,
  spki: Uint8Array | undefined,
  i: number,
): Uint8Array {
  const certifies = i === 0 ? 'enterprise' : 'staff';
  for (const anchor of anchors) {
    const der = fromBase64(anchor.certificate) as Uint8Array;
    const fits = spki !== undefined && equal(readCertificate(der).spki, spki);
    if (fits && anchor.certifies.includes(certifies)) return der;
  }
  throw new DeskError('pfx-refused', 'not the key of an authority of this deployment', {
    detail: 'unknown-authority',
  });
}

/** With the root above it, where that is still the one that certified it. */
function chainOf({ root }: TrustBundle, certificate: Uint8Array): Uint8Array[] {
  const above = fromBase64(root) as Uint8Array;
  const { issuer } = readCertificate(certificate);
  return equal(readCertificate(above).subject.raw, issuer.raw)
    ? [certificate, above]
    : [certificate];
}

/** What a form in a copy says; null where it is none. */
function formIn(text: string | undefined): unknown {
  try {
    return text === undefined ? null : JSON.parse(text);
  } catch {
    return null;
  }
}

async function ofCopies<T>(act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    if (!(error instanceof KeyRefused)) throw error;
    const code = REFUSED[error.code];
    if (!code) throw error;
    throw new DeskError(code, error.message, {}, { cause: error });
  }
}

const REFUSED = {
  'wrong-secret': 'key-file-password',
  'unknown-wrapper': 'key-file-password',
  malformed: 'key-file-unreadable',
  damaged: 'key-file-unreadable',
  'identity-exists': 'person-exists',
} as const as Partial<Record<KeyRefused['code'], DeskError['code']>>;
