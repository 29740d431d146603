/** Keys made here and certified elsewhere: the request, and the answer to it. */
import { equal } from '../crypto/index.ts';
import {
  certificatesIn,
  judgeCertificate,
  nameText,
  normaliseTrust,
  readCertificate,
  writePem,
} from '../pki/index.ts';
import { adopt } from './adopting.ts';
import type { DeskContext } from './context.ts';
import type { PersonRecord } from './device-records.ts';
import { DeskError } from './refusals.ts';

/** Makes the electronic key of a person of the authority on this device. */
export async function createStaff(
  context: DeskContext,
  { name, password }: { name: string; password?: string },
): Promise<{ person: string; recoveryCode: string | null }> {
  const bundle = await context.bundle();
  if (name.trim() === '') throw new DeskError('name-empty', 'the name is empty');
  const { identity, recoveryCode } = await context.vault.create({
    label: name.trim(),
    suite: bundle.policy.suite,
    pilot: bundle.pilot,
    secrets: password
      ? [{ kind: 'password', password }, { kind: 'recovery' }]
      : [{ kind: 'device' }],
  });
  const record: PersonRecord = {
    name: name.trim(),
    organization: bundle.authority.zh,
    uscc: null,
    registration: null,
    selfSigned: null,
  };
  await context.store.commit({
    records: [{ namespace: 'people', id: identity.id, value: record }],
  });
  context.changed();
  return { person: identity.id, recoveryCode };
}

/** PEM with one request for signing and one for encryption, each signed by its own key. */
export async function requestFile(context: DeskContext): Promise<Uint8Array> {
  const session = context.session();
  const { name, organization, uscc } = await context.person();
  const { createCsr } = await import('../pki/issuing/index.ts');
  const subject = { organization, commonName: name, ...(uscc ? { uscc } : {}) };
  const requests = [];
  for (const purpose of ['signing', 'encryption'] as const) {
    const der = await createCsr({ subject, key: session.keySigner(purpose) });
    requests.push({ label: 'CERTIFICATE REQUEST' as const, der });
  }
  return writePem(requests);
}

/**
 * Puts certificates to the keys of the person at the desk: those whose keys are his, and the rest as
 * the chain above them.
 * @throws {DeskError} `certificates-refused` where none is for his signing key,
 * `certificates-unknown` where no path leads from it to an anchor of the deployment
 */
export async function installCertificates(context: DeskContext, file: Uint8Array): Promise<void> {
  const session = context.session();
  const { id } = await context.person();
  const certificates = certificatesIn(file);
  const isFor = (purpose: 'signing' | 'encryption') => (der: Uint8Array) =>
    equal(readCertificate(der).spki, session.keySigner(purpose).spki);
  const signing = certificates.find(isFor('signing'));
  const encryption = certificates.find(isFor('encryption'));
  if (!signing) {
    throw new DeskError('certificates-refused', 'none of the certificates is for this key');
  }
  const chain = certificates.filter((der) => der !== signing && der !== encryption);
  const judged = await judgeCertificate({
    certificate: signing,
    pool: chain,
    time: context.now(),
    trust: normaliseTrust(await context.bundle()),
    purpose: 'any',
  });
  if (judged.verdict !== 'TOTAL-PASSED') {
    throw new DeskError('certificates-unknown', `no path to the deployment: ${judged.code}`, {
      issuer: nameText(readCertificate(signing).issuer),
    });
  }
  await adopt(context, id, { signing, ...(encryption ? { encryption } : {}), chain });
  context.changed();
}
