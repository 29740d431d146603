/** The trust data of the deployment at the desk: join, show, publish, and what verifying uses. */
import { fromBase64, type Signer, toBase64 } from '../crypto/index.ts';
import { readPackage } from '../packages/index.ts';
import {
  acceptFirst,
  acceptUpdate,
  bundleAge,
  bundleFingerprint,
  certificateId,
  type DeploymentPolicy,
  nameText,
  newestCrls,
  readCertificate,
  readStatusList,
  type TrustAnchorEntry,
  type TrustBundle,
} from '../pki/index.ts';
import { bundleIn, type State, trustWithLists } from '../workflow/index.ts';
import type { JoinPreview, TrustView } from './api/index.ts';
import { crlsForBundle } from './authority/revoking.ts';
import { draftChange, nextRoster } from './authority/roster.ts';
import type { DeskContext } from './context.ts';
import { authorityKeys, ownCas } from './crls.ts';
import type { DeploymentRecord } from './device-records.ts';
import { checkEndpoint } from './foundation.ts';
import { DeskError } from './refusals.ts';

async function readBundle(bytes: Uint8Array): Promise<{ bundle: TrustBundle; id: string }> {
  let bundle: TrustBundle;
  let received: Awaited<ReturnType<typeof readPackage>>;
  try {
    received = await readPackage(bytes);
    if (received.record.type !== 'trust/bundle') throw new Error('another kind of package');
    bundle = bundleIn({ pkg: received });
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new DeskError('bundle-unreadable', message, { detail: message }, { cause });
  }
  const answer = await acceptFirst({ bundle, id: received.id, signer: received.signer });
  if (answer !== 'ok') {
    throw new DeskError('bundle-refused', 'the bundle is not in order', {
      detail: `bundle-${answer}`,
    });
  }
  return { bundle, id: received.id };
}

export async function previewJoin(context: DeskContext, bytes: Uint8Array): Promise<JoinPreview> {
  const { bundle } = await readBundle(bytes);
  const { name, authority, pilot, issuedAt, nextUpdate } = bundle;
  return {
    name,
    authority: { zh: authority.zh, en: authority.en },
    pilot,
    fingerprint: await bundleFingerprint(bundle),
    issuedAt,
    nextUpdate,
    stale: bundleAge(bundle, context.now()).state === 'stale',
  };
}

export async function join(context: DeskContext, bytes: Uint8Array): Promise<void> {
  if (await context.hasDeployment()) {
    throw new DeskError('deployment-exists', 'leave the present deployment first');
  }
  const { bundle, id } = await readBundle(bytes);
  const value: DeploymentRecord = { bundle, package: id, cas: null };
  await context.store.commit({
    packages: [{ id, bytes, place: null, arrivedAt: context.now() }],
    // An endpoint that is still empty learns from it whose it is.
    outbox: [id],
    records: [{ namespace: 'settings', id: 'deployment', value }],
  });
  await context.restoreLock();
  context.changed();
}

/** The newest status list of an id: from a record, or from the bundle; null where there is none. */
export async function statusListBytes(
  context: DeskContext,
  list: string,
): Promise<Uint8Array | null> {
  const trust = await trustWithLists(await context.bundle(), await context.state());
  for (const text of trust.statusLists) {
    const bytes = fromBase64(text) as Uint8Array;
    if ((await readStatusList(bytes)).list === list) return bytes;
  }
  return null;
}

/** The bundle with the newest status lists; one object as long as nothing changes. */
export async function verificationTrust(context: DeskContext): Promise<TrustBundle | null> {
  if (!(await context.hasDeployment())) return null;
  const state = await context.state();
  let trust = merged.get(state);
  if (!trust) {
    trust = trustWithLists(await context.bundle(), state);
    merged.set(state, trust);
  }
  return trust;
}

const merged = new WeakMap<State, Promise<TrustBundle>>();

export async function trustView(context: DeskContext): Promise<TrustView> {
  const state = await context.state();
  const bundle = await context.bundle();
  const anchors = await Promise.all(
    bundle.anchors.map(async ({ certificate, certifies }) => {
      const der = fromBase64(certificate) as Uint8Array;
      const read = readCertificate(der);
      return {
        subject: nameText(read.subject),
        certifies,
        id: await certificateId(der),
        notAfter: new Date(read.notAfter).toISOString(),
      };
    }),
  );
  return {
    root: await bundleFingerprint(bundle),
    seq: bundle.seq,
    issuedAt: bundle.issuedAt,
    nextUpdate: bundle.nextUpdate,
    anchors,
    roster: bundle.roster.map(({ name, organization, roles, id }) => ({
      name,
      organization,
      roles,
      id,
    })),
    policy: bundle.policy,
    endpoints: bundle.endpoints,
    revoked: [...(await newestCrls(bundle)).values()].reduce(
      (n, { revoked }) => n + revoked.size,
      0,
    ),
    records: {
      accepted: state.accepted,
      refused: [
        ...state.refused.map(({ id, type, refusal }) => ({
          id,
          type,
          refusal: refusal ?? { code: 'unknown', message: '' },
        })),
        ...state.unreadable.map(({ id, code, message }) => ({
          id,
          type: 'unreadable',
          refusal: { code, message },
        })),
      ],
    },
  };
}

export async function trustBundle(context: DeskContext): Promise<Uint8Array> {
  const last = (await context.state()).bundles.at(-1);
  const id = last?.id ?? (await context.deployment()).package;
  const stored = await context.store.package(id);
  if (!stored) throw new DeskError('no-deployment', 'the bundle package is not on this device');
  return stored.bytes;
}

export interface BundleChange {
  policy?: Partial<DeploymentPolicy>;
  endpoints?: TrustBundle['endpoints'];
  /** Certificates of time-stamp authorities to trust from now on; none is taken out. */
  timeStampAuthorities?: readonly Uint8Array[];
  /** SubjectPublicKeyInfo, base64, of the key that opens every role key from now on. */
  recoveryKey?: string;
  /** SHA-256 hex of the key that is announced; null takes it back. */
  nextRoot?: string | null;
  /** The root that takes over, and signs. */
  root?: Signer;
}

/**
 * A new bundle: what is asked for, and everything that waited for one: changes of the roster, the
 * newest status and revocation lists, and the compromised keys.
 */
export async function publishBundle(context: DeskContext, change: BundleChange): Promise<void> {
  const current = await verificationTrust(context);
  const state = await context.state();
  const previous = state.bundles.at(-1)?.id;
  if (!current || !previous) throw new DeskError('no-deployment', 'nothing to publish');
  if (toBase64(context.signer().certificate) !== current.root) {
    throw new DeskError('not-permitted', 'only the deployment root publishes trust data');
  }
  for (const each of change.endpoints ?? []) checkEndpoint(current.policy.suite, each);
  const signer = change.root ?? context.signer();
  const now = context.now();
  const span = Date.parse(current.nextUpdate) - Date.parse(current.issuedAt);
  const open = (await authorityKeys(context)) === 'open' ? await ownCas(context) : [];
  const { nextRoot: announced, ...rest } = current;
  const nextRoot = change.nextRoot === undefined ? announced : change.nextRoot;
  const next: TrustBundle = {
    ...rest,
    seq: current.seq + 1,
    previous,
    issuedAt: now,
    nextUpdate: new Date(Date.parse(now) + span).toISOString(),
    root: toBase64(signer.certificate),
    anchors: withAuthorities(current.anchors, change.timeStampAuthorities ?? []),
    ...(nextRoot ? { nextRoot } : {}),
    ...(change.recoveryKey ? { recoveryKey: change.recoveryKey } : {}),
    ...(await nextRoster(context, now)),
    crls: (await crlsForBundle(context, open, now)).map(toBase64),
    ...(state.distrusted.length > 0 ? { distrusted: state.distrusted } : {}),
    endpoints: change.endpoints ?? current.endpoints,
    policy: { ...current.policy, ...change.policy },
  };
  const { writeBundle } = await import('./bundle-package.ts');
  const written = await writeBundle(next, signer, now);
  // As every other device will judge it: a clock that is behind would publish a rollback.
  const answer = await acceptUpdate(
    { bundle: current, id: previous },
    { bundle: next, id: written.id, signer: signer.certificate },
  );
  if (answer !== 'ok') {
    throw new DeskError('bundle-refused', 'nobody would accept it', { detail: `bundle-${answer}` });
  }
  await context.store.commit({
    packages: [{ id: written.id, bytes: written.bytes, place: null, arrivedAt: now }],
    outbox: [written.id],
    records: [draftChange(undefined)],
  });
  context.changed();
}

function withAuthorities(
  anchors: readonly TrustAnchorEntry[],
  added: readonly Uint8Array[],
): TrustAnchorEntry[] {
  const listed = new Set(anchors.map(({ certificate }) => certificate));
  const fresh = added.map(toBase64).filter((certificate) => !listed.has(certificate));
  return [
    ...anchors,
    ...fresh.map((certificate) => ({ certificate, certifies: ['time-stamp' as const] })),
  ];
}
