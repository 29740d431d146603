/**
 * Starting a real deployment on this device: root and CAs under passwords, the founder as its first
 * registrar, and people by the request files of their own devices.
 */
import { toBase64 } from '../crypto/index.ts';
import { certificateId, type RosterEntry } from '../pki/index.ts';
import { ALL_GROUPS } from '../workflow/index.ts';
import type { Founded, Founding, Progress } from './api/index.ts';
import { certifyStaff } from './authority/issuing-staff.ts';
import { writeBundle } from './bundle-package.ts';
import type { DeskContext } from './context.ts';
import { type DeploymentRecord, type PersonRecord, ROOT_NAME } from './device-records.ts';
import {
  caRecord,
  checkEndpoint,
  firstBundle,
  makeAuthorities,
  NUMBER_PATTERN,
} from './foundation.ts';
import { makeIdentity, termFrom } from './identities.ts';
import { DeskError } from './refusals.ts';
import { makeRoleKey } from './role-keys/index.ts';

const DAY = 86_400_000;

export async function startDeployment(
  context: DeskContext,
  founding: Founding,
  progress: Progress,
): Promise<Founded> {
  if (await context.hasDeployment()) {
    throw new DeskError('deployment-exists', 'leave the present deployment first');
  }
  check(founding);
  try {
    return await found(context, founding, progress);
  } catch (error) {
    // Half a deployment is none: keys without one would stay behind.
    context.vault.lock();
    await context.clear().catch(() => {});
    throw error;
  }
}

function check({ authority, name, founder, numberIssuer, suite, endpoint }: Founding): void {
  if (endpoint) checkEndpoint(suite, endpoint);
  const texts = [authority.zh, authority.en, name.zh, name.en, founder.name];
  if (texts.some((text) => text.trim() === '')) {
    throw new DeskError('name-empty', 'every name is needed in both languages');
  }
  if (!/^[0-9A-Z]{1,8}$/.test(numberIssuer) || !/^[0-9A-Z]{1,32}$/.test(authority.code)) {
    throw new DeskError('malformed', 'codes are digits and capital letters', { detail: 'code' });
  }
}

async function found(
  context: DeskContext,
  { authority, name, suite, founder, passwords, staff, endpoint, policy, numberIssuer }: Founding,
  progress: Progress,
): Promise<Founded> {
  const now = context.now();
  const secrets = (password: string) => [
    { kind: 'password' as const, password },
    { kind: 'recovery' as const },
  ];
  progress('founding-root', 0);
  const authorities = await makeAuthorities(
    context,
    { suite, pilot: false, organization: authority.zh, name: name.zh, now },
    { root: secrets(passwords.root), authority: secrets(passwords.authority) },
  );
  const { root, enterpriseCa, staffCa } = authorities;
  progress('founding-staff', 0.5);
  const first = await makeIdentity(
    context,
    {
      label: founder.name,
      subject: { organization: authority.zh, commonName: founder.name, serialNumber: '1' },
      suite,
      pilot: false,
      secrets: secrets(passwords.founder),
    },
    { signing: 'staff-signing', encryption: 'staff-encryption' },
    staffCa,
    termFrom(now, 5),
  );
  const firstId = await certificateId(first.signing);
  const roster: RosterEntry[] = [
    {
      id: firstId,
      person: firstId,
      since: now,
      name: founder.name,
      organization: authority.zh,
      roles: ['registrar', 'seal-reviewer'],
      signing: toBase64(first.signing),
      encryption: toBase64(first.encryption as Uint8Array),
    },
  ];
  const answers: Founded['answers'] = [];
  for (const each of staff) {
    const { entry, answer } = await certifyStaff(context, staffCa, authority.zh, each);
    roster.push(entry);
    answers.push({ name: entry.name, file: answer });
  }
  progress('founding-trust', 0.8);
  const bundle = await firstBundle({
    now,
    nextUpdate: new Date(Date.parse(now) + policy.bundleDays * DAY).toISOString(),
    name,
    authority,
    pilot: false,
    authorities,
    roster,
    statusLists: [],
    policy: {
      sealCompulsoryFrom: policy.sealCompulsoryFrom,
      issuing: policy.issuing,
      suite,
      // Displays of this kind are patented in places: whoever runs a deployment switches it on.
      antiScreenshot: false,
      fogDegree: 70,
      clearPrints: 2,
      numbering: { pattern: NUMBER_PATTERN, issuer: numberIssuer },
    },
    endpoints: endpoint ? [endpoint] : [],
  });
  const written = await writeBundle(bundle, root.session.signerOf(), context.now());
  const person = (who: string): PersonRecord => ({
    name: who,
    organization: authority.zh,
    uscc: null,
    registration: null,
    selfSigned: null,
  });
  const deployment: DeploymentRecord = {
    bundle,
    package: written.id,
    cas: { enterprise: caRecord(enterpriseCa), staff: caRecord(staffCa) },
  };
  await context.store.commit({
    packages: [{ id: written.id, bytes: written.bytes, place: null, arrivedAt: now }],
    outbox: [written.id],
    records: [
      { namespace: 'settings', id: 'deployment', value: deployment },
      { namespace: 'people', id: root.id, value: person(ROOT_NAME) },
      { namespace: 'people', id: first.id, value: person(founder.name) },
    ],
  });
  context.changed();
  // The root makes the first key of every group that somebody reads for, so that nothing waits for it.
  for (const group of ALL_GROUPS) await makeRoleKey(context, group, root.session.signerOf());
  context.vault.lock();
  await context.restoreLock();
  context.changed();
  progress('founding-trust', 1);
  return {
    answers,
    recoveryCodes: {
      root: root.recoveryCode ?? '',
      authority: [enterpriseCa.recoveryCode ?? '', staffCa.recoveryCode ?? ''],
      founder: first.recoveryCode ?? '',
    },
  };
}
