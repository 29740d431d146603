/** The trust data of the deployment at the desk: join, show, publish, and what verifying uses. */
import { fromBase64, toBase64 } from '../crypto/index.ts';
import { readPackage } from '../packages/index.ts';
import {
  acceptFirst,
  bundleAge,
  bundleFingerprint,
  certificateId,
  type DeploymentPolicy,
  nameText,
  readCertificate,
  readStatusList,
  type TrustBundle,
} from '../pki/index.ts';
import { bundleIn, type State, trustWithLists } from '../workflow/index.ts';
import type { JoinPreview, TrustView } from './api/index.ts';
import type { DeskContext } from './context.ts';
import { ownCas, signCrls } from './crls.ts';
import type { DeploymentRecord } from './device-records.ts';
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
    throw new DeskError('bundle-refused', 'the bundle is not in order', { detail: answer });
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
    revoked: bundle.crls.length,
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

/** A new bundle with a changed policy and the newest status lists, signed by the root. */
export async function publishTrust(
  context: DeskContext,
  policy: Partial<DeploymentPolicy>,
): Promise<void> {
  const signer = context.signer();
  const current = await verificationTrust(context);
  const previous = (await context.state()).bundles.at(-1)?.id;
  if (!current || !previous) throw new DeskError('no-deployment', 'nothing to publish');
  if (toBase64(signer.certificate) !== current.root) {
    throw new DeskError('not-permitted', 'only the deployment root publishes trust data');
  }
  const now = context.now();
  const span = Date.parse(current.nextUpdate) - Date.parse(current.issuedAt);
  const nextUpdate = new Date(Date.parse(now) + span).toISOString();
  const seq = current.seq + 1;
  const cas = await ownCas(context);
  const { writeBundle } = await import('./pilot.ts');
  const next: TrustBundle = {
    ...current,
    seq,
    previous,
    issuedAt: now,
    nextUpdate,
    ...(cas.length > 0 ? { crls: await signCrls(cas, { number: seq, now, nextUpdate }) } : {}),
    policy: { ...current.policy, ...policy },
  };
  const written = await writeBundle(next, signer, now);
  await context.store.commit({
    packages: [{ ...written, place: null, arrivedAt: now }],
    outbox: [written.id],
  });
  context.changed();
}
