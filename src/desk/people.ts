/** Who may sit at this desk, and the overview of everything for whoever does. */
import { toBase64 } from '../crypto/index.ts';
import {
  actingEntry,
  bundleAge,
  bundleFingerprint,
  certificateId,
  type Role,
} from '../pki/index.ts';
import type { Overview, Person, Unlocking, Workspace } from './api/index.ts';
import { issueQueue, reviewQueue } from './cases.ts';
import type { DeskContext } from './context.ts';
import { lockAuthority } from './crls.ts';
import type { PersonRecord } from './device-records.ts';
import { drafts } from './drafts.ts';
import { type ExchangeMemory, syncState } from './exchange.ts';
import { secretOf } from './key-ways.ts';
import { newPeople, waitsForContents } from './parties/view.ts';
import { DeskError } from './refusals.ts';
import { revokedSince } from './revoked.ts';
import { waitsForKeys } from './role-keys/index.ts';
import { sealQueue } from './seal-cases.ts';
import { ownRefused } from './standing.ts';
import { keepTime } from './station.ts';
import { openUKey } from './ukey.ts';

const WORKSPACES: Record<Role, Workspace[]> = {
  root: ['root'],
  registrar: ['seal-review', 'root'],
  'seal-reviewer': ['seal-review'],
  'seal-maker': ['seal-review'],
  'first-review': ['first-review'],
  'second-review': ['second-review'],
  issuer: ['issue'],
  inspector: ['inspect'],
};

export async function people(context: DeskContext): Promise<Person[]> {
  if (!(await context.hasDeployment())) return [];
  const bundle = await context.bundle();
  const { root } = bundle;
  const records = await context.store.records('people');
  return Promise.all(
    records.map(async ({ id, value }) => {
      const record = value as PersonRecord;
      const identity = await context.vault.identity(id);
      const { signing } = identity.certificates;
      const certificate = signing ? await certificateId(signing) : null;
      const revoked = signing ? await revokedSince(bundle, signing) : null;
      const isRoot = signing !== undefined && toBase64(signing) === root;
      const found = (certificate ? actingEntry(bundle, certificate)?.roles : null) ?? [];
      // Staff without certificate or role works nowhere yet.
      const own: Person['roles'] = record.uscc === null ? [] : ['enterprise'];
      const roles: Person['roles'] = isRoot ? ['root'] : found.length > 0 ? found : own;
      const workspaces = new Set(
        roles.flatMap((role) =>
          role === 'enterprise' ? ['enterprise' as const] : WORKSPACES[role],
        ),
      );
      return {
        id,
        name: record.name,
        organization: record.organization,
        uscc: record.uscc,
        roles,
        workspaces: [...workspaces],
        certificate,
        standing: revoked ? ('revoked' as const) : standingOf(record, certificate, roles),
        revokedSince: revoked,
        unlocked: context.vault.session(id) !== null,
        unlocks: record.ukey
          ? ['ukey' as const]
          : [...new Set(identity.unlocks.map(({ kind }) => kind))],
      };
    }),
  );
}

/** Somebody of the authority is nobody before a published roster names his certificate. */
function standingOf(
  { uscc }: PersonRecord,
  certificate: string | null,
  roles: readonly unknown[],
): Person['standing'] {
  if (certificate === null) return 'no-certificate';
  return uscc === null && roles.length === 0 ? 'not-on-roster' : 'known';
}

export async function sitDown(
  context: DeskContext,
  person: string,
  unlocking: Unlocking = {},
): Promise<void> {
  if (!(await context.store.record('people', person))) {
    throw new DeskError('unknown-person', 'this person is not on this device');
  }
  const record = (await context.store.record('people', person)) as PersonRecord;
  if (!context.vault.session(person)) {
    if (record.ukey) await openUKey(context, person, unlocking.pin ?? '');
    else await context.vault.unlock(person, secretOf(unlocking));
  }
  const before = context.current;
  if (before && before !== person) {
    context.vault.lock(before);
    // Whoever opened the authority's keys has left the desk.
    if (await context.hasDeployment()) lockAuthority(context, await context.deployment());
  }
  context.seat(person);
  // At an issuing station the key stays open as long as the station runs.
  await context.restoreLock();
  await keepTime(context);
  context.options.onChange?.();
}

export async function overview(context: DeskContext, memory: ExchangeMemory): Promise<Overview> {
  const sync = await syncState(context, memory);
  if (!(await context.hasDeployment())) {
    return {
      deployment: null,
      people: [],
      current: null,
      locksAt: null,
      lockMinutes: 0,
      sync,
      refusedSteps: [],
      waitsForKeys: [],
      waitsForContents: null,
      newPeople: [],
      counts: {},
    };
  }
  const bundle = await context.bundle();
  const everyone = await people(context);
  const { name, authority, pilot, seq, issuedAt, nextUpdate, policy, deployment } = bundle;
  return {
    deployment: {
      id: deployment,
      name,
      authority: { zh: authority.zh, en: authority.en },
      pilot,
      fingerprint: await bundleFingerprint(bundle),
      seq,
      issuedAt,
      nextUpdate,
      stale: bundleAge(bundle, context.now()).state === 'stale',
      policy,
    },
    people: everyone,
    waitsForKeys: await waitsForKeys(context),
    waitsForContents: context.current ? await waitsForContents(context) : null,
    newPeople: await newPeople(context),
    current: context.current,
    locksAt: context.locksAt(),
    lockMinutes: context.lockMinutes,
    sync,
    refusedSteps: await ownRefused(context),
    counts: await counts(context, everyone),
  };
}

async function counts(context: DeskContext, everyone: Person[]): Promise<Overview['counts']> {
  const person = everyone.find(({ id }) => id === context.current);
  const out: Overview['counts'] = {};
  if (!person?.unlocked) return out;
  for (const workspace of person.workspaces) {
    if (workspace === 'seal-review') out[workspace] = (await sealQueue(context)).length;
    else if (workspace === 'first-review')
      out[workspace] = (await reviewQueue(context, 'first')).length;
    else if (workspace === 'second-review') {
      out[workspace] = (await reviewQueue(context, 'second')).length;
    } else if (workspace === 'issue') out[workspace] = (await issueQueue(context)).length;
    else if (workspace === 'enterprise') {
      const returned = [...(await context.state()).applications.values()].filter(
        ({ uscc, state }) => uscc === person.uscc && state === 'returned',
      );
      out[workspace] = returned.length + (await drafts(context)).length;
    }
  }
  return out;
}
