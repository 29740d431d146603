/** Electronic keys as PKCS#12 files: carried to another device, deliberately. */
import { equal, toBase64 } from '../crypto/index.ts';
import {
  attributeOf,
  judgeCertificate,
  normaliseTrust,
  organizationOf,
  readCertificate,
} from '../pki/index.ts';
import type { Unlocking } from './api/index.ts';
import type { DeskContext } from './context.ts';
import type { PersonRecord } from './device-records.ts';
import { secretOf } from './key-ways.ts';
import { DeskError } from './refusals.ts';

/**
 * @param password protects the file
 * @param opening asked for once more: what leaves the device leaves it deliberately
 */
export async function exportPerson(
  context: DeskContext,
  person: string,
  password: string,
  opening: Unlocking,
): Promise<Uint8Array> {
  const { exportIdentity } = await import('../keys/pfx/index.ts');
  return exportIdentity(context.vault, person, secretOf(opening), password);
}

/**
 * Who a certificate makes its holder, where the deployment knows it and this device does not yet.
 * @throws {DeskError} `refusal` for a stranger, `person-exists`
 */
export async function newcomer(
  context: DeskContext,
  signing: Uint8Array,
  chain: readonly Uint8Array[],
  refusal: 'pfx-refused' | 'ukey-unknown',
): Promise<{ name: string; organization: string; uscc: string | null }> {
  const bundle = await context.bundle();
  const judged = await judgeCertificate({
    certificate: signing,
    pool: [...chain],
    time: context.now(),
    trust: normaliseTrust(bundle),
    purpose: 'any',
  });
  const isRoot = toBase64(signing) === bundle.root;
  if (judged.verdict !== 'TOTAL-PASSED' && !isRoot) {
    throw new DeskError(refusal, 'the deployment does not know this certificate', {
      detail: judged.code,
    });
  }
  for (const { certificates } of await context.vault.list()) {
    if (certificates.signing && equal(certificates.signing, signing)) {
      throw new DeskError('person-exists', 'this person is on this device already');
    }
  }
  const { subject } = readCertificate(signing);
  const { organization, uscc } = organizationOf(subject);
  const name = attributeOf(subject, '2.5.4.3') ?? organization ?? '';
  return { name, organization: organization ?? name, uscc };
}

export async function importKey(
  context: DeskContext,
  pfx: Uint8Array,
  password: string,
  newPassword: string,
): Promise<{ person: string; recoveryCode: string | null }> {
  const bundle = await context.bundle();
  const { importPfx } = await import('../keys/pfx/index.ts');
  const { suite, keys, certificates } = await importPfx({ pfx, password });
  if (!certificates.signing)
    throw new DeskError('pfx-refused', 'the file holds no signing certificate');
  const { name, organization, uscc } = await newcomer(
    context,
    certificates.signing,
    certificates.chain,
    'pfx-refused',
  );
  const { identity, recoveryCode } = await context.vault.create({
    label: name,
    suite,
    pilot: bundle.pilot,
    keys,
    secrets:
      bundle.pilot && newPassword === ''
        ? [{ kind: 'device' }]
        : [{ kind: 'password', password: newPassword }, { kind: 'recovery' }],
  });
  const { signing, encryption, chain } = certificates;
  await context.vault.setCertificates(identity.id, {
    signing,
    ...(encryption ? { encryption } : {}),
    chain,
  });
  const record: PersonRecord = { name, organization, uscc, registration: null, selfSigned: null };
  await context.store.commit({
    records: [{ namespace: 'people', id: identity.id, value: record }],
  });
  context.changed();
  return { person: identity.id, recoveryCode };
}
