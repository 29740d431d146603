/** The deployment root: announced and changed, taken offline and brought back for a ceremony. */
import { type Bytes, equal, fromBase64, type Signer } from '../../crypto/index.ts';
import type { NewSecret } from '../../keys/index.ts';
import { certificateId, keyId, readCertificate } from '../../pki/index.ts';
import { produceAuthoritySeal } from '../authority-seal.ts';
import type { DeskContext } from '../context.ts';
import type { DeploymentRecord, PersonRecord } from '../device-records.ts';
import { makeRoot, termFrom } from '../identities.ts';
import { DeskError } from '../refusals.ts';
import { publishBundle } from '../trust.ts';

const YEARS = 12;

/** The first secret of a key that is made here: the device itself in a pilot, else a password. */
export function secretsFor(pilot: boolean, password: string | undefined): NewSecret[] {
  if (pilot && !password) return [{ kind: 'device' }];
  return [{ kind: 'password', password: password ?? '' }, { kind: 'recovery' }];
}

/** Makes the next root's key here and announces it in a bundle that the present root signs. */
export async function announceRoot(
  context: DeskContext,
  password: string | undefined,
): Promise<{ recoveryCode: string | null }> {
  await context.demandRole('root');
  const deployment = await context.deployment();
  if (deployment.nextRoot) throw new DeskError('root-announced', 'a next root was announced');
  const { pilot, policy } = await context.bundle();
  const { name, organization } = await context.person();
  const { subjectOf } = await import('../../pki/issuing/index.ts');
  const subject = subjectOf(readCertificate(context.signer().certificate).subject);
  const made = await makeRoot(
    context,
    { label: name, subject, suite: policy.suite, pilot, secrets: secretsFor(pilot, password) },
    termFrom(context.now(), YEARS),
  );
  const { spki } = readCertificate(made.certificate);
  await publishBundle(context, { nextRoot: await keyId(spki) });
  const next: DeploymentRecord = { ...deployment, nextRoot: made.id };
  const record: PersonRecord = {
    name,
    organization,
    uscc: null,
    registration: null,
    selfSigned: null,
  };
  await context.store.commit({
    records: [
      { namespace: 'settings', id: 'deployment', value: next },
      { namespace: 'people', id: made.id, value: record },
    ],
  });
  context.changed();
  return { recoveryCode: made.recoveryCode };
}

/** The announced root signs the next bundle, and is the root from then on. */
export async function rotateRoot(
  context: DeskContext,
  password: string | undefined,
): Promise<void> {
  await context.demandRole('root');
  const { nextRoot, ...deployment } = await context.deployment();
  if (!nextRoot) throw new DeskError('no-next-root', 'announce the next root first');
  const session =
    context.vault.session(nextRoot) ??
    (await context.vault.unlock(
      nextRoot,
      password === undefined ? { kind: 'device' } : { kind: 'password', password },
    ));
  const root: Signer = session.signerOf();
  await publishBundle(context, { root, nextRoot: null });
  await context.store.commit({
    records: [{ namespace: 'settings', id: 'deployment', value: deployment }],
  });
  context.changed();
}

/**
 * Deletes the root's key from this device, after its backup was opened once more.
 * @throws {DeskError} `backup-unusable` where the file does not hold that key
 */
export async function takeRootOffline(
  context: DeskContext,
  file: Uint8Array,
  password: string,
): Promise<void> {
  await context.demandRole('root');
  const { id } = await context.person();
  const own = context.signer().certificate;
  const { importPfx } = await import('../../keys/pfx/index.ts');
  const { keys, certificates } = await importPfx({ pfx: file, password });
  if (!keys.signing || !certificates.signing || !equal(certificates.signing, own)) {
    throw new DeskError('backup-unusable', 'the file does not hold the key of the root');
  }
  if (keys.signing.suite === 'SM2') keys.signing.pkcs8.fill(0);
  context.seat(null);
  await context.vault.delete(id);
  await context.store.commit({ records: [{ namespace: 'people', id, value: undefined }] });
  context.changed();
}

/** The seal of the authority for every issuer who has none. @returns how many were made */
export async function produceAuthoritySeals(context: DeskContext): Promise<number> {
  await context.demandRole('seal-maker');
  const { authoritySeals } = await context.state();
  const { roster } = await context.bundle();
  const maker = context.signer();
  let made = 0;
  for (const { roles, signing } of roster) {
    const holder = fromBase64(signing) as Bytes;
    if (!roles.includes('issuer') || authoritySeals.has(await certificateId(holder))) continue;
    await produceAuthoritySeal(context, holder, maker);
    made++;
  }
  return made;
}
