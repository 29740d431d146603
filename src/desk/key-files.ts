/** Electronic keys as files: carried to another device, deliberately, or handed out by an authority. */
import { equal, toBase64 } from '../crypto/index.ts';
import { type KeyRefusalCode, KeyRefused } from '../keys/index.ts';
import {
  judgeCertificate,
  normaliseTrust,
  organizationOf,
  readCertificate,
  signerName,
} from '../pki/index.ts';
import type { KeyImport, Progress, Unlocking } from './api/index.ts';
import type { DeskContext } from './context.ts';
import { type PersonRecord, ROOT_NAME } from './device-records.ts';
import { secretOf } from './key-ways.ts';
import { DeskError, type RefusalCode } from './refusals.ts';

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
  const certificate = readCertificate(signing);
  const { name, organization = name } = signerName(certificate);
  const { uscc } = organizationOf(certificate.subject);
  return { name: isRoot ? ROOT_NAME : name, organization, uscc };
}

/** Longest wait that anybody is asked for: a file beyond it is refused. */
const MOST_SECONDS = 300;

/** What a refusal of the key room means where a file was given. */
const FILE_REFUSALS: Partial<Record<KeyRefusalCode, RefusalCode>> = {
  'wrong-secret': 'key-file-password',
  'key-mismatch': 'key-file-pairing',
  'key-usage': 'key-file-usage',
  'no-key': 'key-file-no-key',
  'no-certificate': 'key-file-no-certificate',
  'enveloped-key': 'key-file-enveloped',
  'too-costly': 'key-file-costly',
  'unsupported-alg': 'key-unsupported',
  malformed: 'key-file-unreadable',
  cancelled: 'cancelled',
};

async function ofFiles<T>(act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    const code = error instanceof KeyRefused ? FILE_REFUSALS[error.code] : undefined;
    if (!code) throw error;
    throw new DeskError(code, (error as Error).message, {}, { cause: error });
  }
}

/** @returns estimated seconds; 0 for what cannot be read, which importing then says. */
export async function keyFileSeconds(files: Uint8Array[]): Promise<number> {
  const { keyFileSeconds: estimate } = await import('../keys/pfx/index.ts');
  try {
    return estimate(files);
  } catch {
    return 0;
  }
}

/** The opening that runs, which the person may stop. */
let running: AbortController | null = null;

export function cancelImport(): void {
  running?.abort();
}

export async function importKey(
  context: DeskContext,
  { files, password, newPassword, patient = false }: KeyImport,
  progress: Progress,
): Promise<{ person: string; recoveryCode: string | null; warnings: string[] }> {
  const bundle = await context.bundle();
  const { importKeyFiles } = await import('../keys/pfx/index.ts');
  running = new AbortController();
  const { suite, keys, certificates, warnings } = await ofFiles(() =>
    importKeyFiles(files, password, {
      ...(patient ? { seconds: MOST_SECONDS } : {}),
      onProgress: (done) => progress('key-file', done),
      signal: (running as AbortController).signal,
    }),
  );
  running = null;
  if (!certificates.signing)
    throw new DeskError('key-file-no-certificate', 'the file holds no signing certificate');
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
  const record: PersonRecord = {
    name,
    organization,
    uscc,
    registration: null,
    selfSigned: null,
    brought: true,
  };
  await context.store.commit({
    records: [{ namespace: 'people', id: identity.id, value: record }],
  });
  context.changed();
  return { person: identity.id, recoveryCode, warnings };
}

/**
 * The encryption key that an authority made and sent under the envelope of GB/T 35276.
 * @param opening asked for once more: the key is wrapped with the others
 */
export async function takeEnvelopedKey(
  context: DeskContext,
  files: Uint8Array[],
  opening: Unlocking,
): Promise<void> {
  const session = context.session();
  const { id } = await context.person();
  const { importEnvelopedKey } = await import('../keys/pfx/index.ts');
  const { key, certificate } = await ofFiles(() =>
    importEnvelopedKey(files, (point) => session.agree(point)),
  );
  await context.vault.takeEncryptionKey(id, secretOf(opening), key);
  await context.vault.setCertificates(id, { encryption: certificate });
  context.forget();
  context.changed();
}
