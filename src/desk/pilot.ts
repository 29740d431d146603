/**
 * Try it: a whole deployment on this device, with real keys, certificates and packages, marked as a
 * pilot everywhere. Root, two CAs, the staff of an authority and one registered enterprise.
 */
import { type Signer, type Suite, toBase64 } from '../crypto/index.ts';
import type { NewSecret } from '../keys/index.ts';
import {
  certificateId,
  createStatusList,
  emptyStatuses,
  type Role,
  type RosterEntry,
} from '../pki/index.ts';
import { ALL_GROUPS } from '../workflow/index.ts';
import type { Progress } from './api/index.ts';
import { produceAuthoritySeal } from './authority-seal.ts';
import { writeBundle } from './bundle-package.ts';
import type { DeskContext } from './context.ts';
import type { DeploymentRecord, PersonRecord } from './device-records.ts';
import { caRecord, firstBundle, makeAuthorities, NUMBER_PATTERN } from './foundation.ts';
import { type Issuer, makeIdentity, termFrom } from './identities.ts';
import { PILOT_ENTERPRISE } from './pilot-enterprise.ts';
import { DeskError } from './refusals.ts';
import { makeRoleKey } from './role-keys/index.ts';

const AUTHORITY = { zh: '示例许可证事务局', en: 'Sample Licensing Bureau', code: '110000' };

const STAFF: { name: string; roles: Role[]; maker?: boolean }[] = [
  { name: '林清', roles: ['registrar', 'seal-reviewer'] },
  { name: '周砚', roles: ['seal-maker'], maker: true },
  { name: '沈初', roles: ['first-review'] },
  { name: '何复', roles: ['second-review', 'first-review'] },
  { name: '许证', roles: ['issuer'] },
  { name: '秦验', roles: ['inspector'] },
];

const DEVICE: NewSecret[] = [{ kind: 'device' }];
const MONTH = 30 * 86_400_000;

/** @param suite in which all of it signs */
export async function createPilot(
  context: DeskContext,
  suite: Suite,
  progress: Progress,
): Promise<void> {
  if (await context.hasDeployment()) {
    throw new DeskError('deployment-exists', 'leave the present deployment first');
  }
  try {
    await makePilot(context, suite, progress);
  } catch (error) {
    // Half a pilot is none: keys without a deployment would stay behind.
    context.vault.lock();
    await context.clear().catch(() => {});
    throw error;
  }
}

async function makePilot(context: DeskContext, suite: Suite, progress: Progress): Promise<void> {
  const now = context.now();
  const common = { suite, pilot: true, secrets: DEVICE };
  const subject = (commonName: string) => ({ organization: AUTHORITY.zh, commonName });
  progress('pilot-root', 0);
  const { root, enterpriseCa, staffCa } = await makeAuthorities(
    context,
    { suite, pilot: true, organization: AUTHORITY.zh, name: '朱砂试点', now },
    { root: DEVICE, authority: DEVICE },
  );

  const roster: RosterEntry[] = [];
  const people: { id: string; record: PersonRecord }[] = [];
  const person = (id: string, name: string, organization: string, uscc: string | null) =>
    people.push({
      id,
      record: { name, organization, uscc, registration: null, selfSigned: null },
    });
  person(root.id, '信任根', AUTHORITY.zh, null);
  for (const [i, each] of STAFF.entries()) {
    progress('pilot-staff', 0.15 + (0.4 * i) / STAFF.length);
    const made = await makeIdentity(
      context,
      {
        ...common,
        label: each.name,
        subject: { ...subject(each.name), serialNumber: `S${i + 1}` },
      },
      { signing: each.maker ? 'seal-maker' : 'staff-signing', encryption: 'staff-encryption' },
      staffCa,
      termFrom(now, 5),
    );
    person(made.id, each.name, AUTHORITY.zh, null);
    const id = await certificateId(made.signing);
    roster.push({
      id,
      person: id,
      since: now,
      name: each.name,
      organization: AUTHORITY.zh,
      roles: each.roles,
      signing: toBase64(made.signing),
      encryption: toBase64(made.encryption as Uint8Array),
    });
  }

  progress('pilot-trust', 0.6);
  const signerNamed = (role: Role) => {
    const entry = roster.find(({ roles }) => roles.includes(role));
    const found = people.find(({ record }) => record.name === entry?.name);
    const session = found && context.vault.session(found.id);
    if (!session) throw new DeskError('locked', 'the new keys are not open');
    return session.signerOf();
  };
  const issuerSigner = signerNamed('issuer');
  const statusListId = `${now.slice(0, 4)}-${(await certificateId(issuerSigner.certificate)).slice(0, 8)}`;
  const nextUpdate = new Date(Date.parse(now) + 6 * MONTH).toISOString();
  const bundle = await firstBundle({
    now,
    nextUpdate,
    name: { zh: '朱砂试点', en: 'Cinnabar pilot' },
    authority: AUTHORITY,
    pilot: true,
    authorities: { root, enterpriseCa, staffCa },
    roster,
    statusLists: [
      toBase64(
        await createStatusList({
          signer: issuerSigner,
          list: statusListId,
          seq: 1,
          thisUpdate: now,
          nextUpdate: new Date(Date.parse(now) + 3 * MONTH).toISOString(),
          upTo: 0,
          bits: emptyStatuses(),
        }),
      ),
    ],
    policy: {
      sealCompulsoryFrom: new Date(Date.parse(now) + 6 * MONTH).toISOString(),
      issuing: 'automatic',
      suite,
      antiScreenshot: true,
      fogDegree: 70,
      clearPrints: 2,
      numbering: { pattern: NUMBER_PATTERN, issuer: 'AA' },
      sealTexture: true,
    },
    endpoints: [],
  });
  const rootSigner = root.session.signerOf();
  const first = await writeBundle(bundle, rootSigner, context.now());
  const deployment: DeploymentRecord = {
    bundle,
    package: first.id,
    cas: { enterprise: caRecord(enterpriseCa), staff: caRecord(staffCa) },
  };
  await context.store.commit({
    packages: [{ id: first.id, bytes: first.bytes, place: null, arrivedAt: now }],
    outbox: [first.id],
    records: [
      { namespace: 'settings', id: 'deployment', value: deployment },
      ...people.map(({ id, record }) => ({ namespace: 'people', id, value: record })),
      {
        namespace: 'issuing',
        id: statusListId,
        value: { key: crypto.getRandomValues(new Uint8Array(32)), count: 0 },
      },
    ],
  });
  context.changed();

  progress('pilot-enterprise', 0.75);
  await context.write({
    type: 'licence/number-block',
    prev: [],
    fields: {
      grantee: await certificateId(issuerSigner.certificate),
      issuer: 'AA',
      year: Number(now.slice(0, 4)),
      from: 1,
      count: 100_000,
      statusList: statusListId,
    },
    signer: rootSigner,
  });
  for (const group of ALL_GROUPS) await makeRoleKey(context, group, rootSigner);
  await produceAuthoritySeal(context, issuerSigner.certificate, signerNamed('seal-maker'));
  await addPilotEnterprise(context, suite, enterpriseCa, signerNamed('registrar'));
  progress('pilot-enterprise', 1);
  context.vault.lock();
}

/** The enterprise of the pilot is registered, its seal is still to be bound. */
async function addPilotEnterprise(
  context: DeskContext,
  suite: Suite,
  ca: Issuer,
  registrar: Signer,
): Promise<void> {
  const { registerKey } = await import('./registration.ts');
  const { approveRegistration } = await import('./registration-decisions.ts');
  const { name, uscc } = PILOT_ENTERPRISE;
  // Certified from the outset: every package of a pilot stands under its root.
  const { id } = await makeIdentity(
    context,
    {
      label: name,
      subject: { organization: name, uscc, commonName: name },
      suite,
      pilot: true,
      secrets: DEVICE,
    },
    { signing: 'enterprise-signing', encryption: 'enterprise-encryption' },
    ca,
    termFrom(context.now(), 3),
  );
  const record: PersonRecord = {
    name,
    organization: name,
    uscc,
    registration: null,
    selfSigned: null,
  };
  await context.store.commit({
    records: [{ namespace: 'people', id, value: record }],
  });
  const form = {
    name,
    nameEn: 'Sample Import and Export Trading Co., Ltd.',
    uscc,
    address: '北京市示例区朱砂路 1 号',
    contact: '苏示例',
    phone: '010-00000000',
    email: 'trade@example.com',
  };
  const caseId = await registerKey(context, id, form);
  await approveRegistration(context, caseId, ca, registrar);
  context.seat(null);
}
