/** Everything that the pages of the certification authority show. */
import { fromBase64, toBase64 } from '../../crypto/index.ts';
import {
  attributeOf,
  certificateId,
  nameText,
  readCertificate,
  readStatusList,
  SHARD_SIZE,
  statusAt,
} from '../../pki/index.ts';
import type { EnterpriseCase } from '../../workflow/index.ts';
import type { AuthorityView, PublishedList, SignedStep } from '../api/index.ts';
import type { DeskContext } from '../context.ts';
import { authorityKeys } from '../crls.ts';
import { DeskError } from '../refusals.ts';
import { roleKeyViews } from '../role-keys/index.ts';
import { verificationTrust } from '../trust.ts';
import { holdings, issuedView, listsInForce } from './books.ts';
import { concernsOf, draftRoster, plannedRoster } from './roster.ts';

export async function authorityView(context: DeskContext): Promise<AuthorityView> {
  const state = await context.state();
  const bundle = await context.bundle();
  const deployment = await context.deployment();
  const lists = await listsInForce(context);
  const distrusted = new Map(state.distrusted.map((each) => [each.certificate, each.from]));
  const now = context.now();
  const certificates = await Promise.all(
    (await holdings(context)).map((each) => issuedView(each, bundle, lists, distrusted, now)),
  );
  const draft = await draftRoster(context);
  const places = [...state.steps.values()].flat().map(({ place }) => place ?? -1);
  return {
    keys: await authorityKeys(context),
    root: (await rootHere(context)) ? 'here' : 'none',
    nextRoot: deployment.nextRoot ? 'here' : bundle.nextRoot ? 'elsewhere' : 'none',
    requests: [...state.enterprises.values()].flatMap(requestsOf),
    certificates: certificates.sort((a, b) => (a.notBefore < b.notBefore ? 1 : -1)),
    crls: await crlViews(context, now),
    statusLists: await statusViews(context, now),
    roster: draft.map(({ entry, change }) => {
      const { id, name, organization, roles } = entry;
      return { id, name, organization, roles, change };
    }),
    roleKeys: await roleKeyViews(context),
    concerns: concernsOf(await plannedRoster(context)),
    logSize: Math.max(-1, ...places) + 1,
  };
}

/** A registration, or a change of name, that waits for certificates. */
function requestsOf(found: EnterpriseCase): AuthorityView['requests'] {
  const { case: caseId, name, uscc, since, change } = found;
  if (change) return [{ caseId, name: change.name, uscc, since: change.since, kind: 'rename' }];
  return found.state === 'waiting' ? [{ caseId, name, uscc, since, kind: 'new' }] : [];
}

/** The identity of this device that holds the root's key, or null. */
export async function rootHere(context: DeskContext): Promise<string | null> {
  const { root } = await context.bundle();
  for (const { id, certificates } of await context.vault.list()) {
    if (certificates.signing && toBase64(certificates.signing) === root) return id;
  }
  return null;
}

async function crlViews(context: DeskContext, now: string): Promise<PublishedList[]> {
  const bundle = await context.bundle();
  const lists = await listsInForce(context);
  const views: PublishedList[] = [];
  for (const text of [...bundle.anchors.map((each) => each.certificate), ...bundle.intermediates]) {
    const der = fromBase64(text) as Uint8Array;
    const id = await certificateId(der);
    const list = lists.get(id);
    if (!list) continue;
    const { number, thisUpdate, nextUpdate, revoked } = list;
    const { subject } = readCertificate(der);
    const name = attributeOf(subject, '2.5.4.3') ?? nameText(subject);
    const stale = Date.parse(nextUpdate) < Date.parse(now);
    views.push({ id, name, number, thisUpdate, nextUpdate, stale, listed: revoked.size });
  }
  return views;
}

async function statusViews(context: DeskContext, now: string): Promise<PublishedList[]> {
  const trust = await verificationTrust(context);
  const views = await Promise.all(
    (trust?.statusLists ?? []).map(async (text) => {
      const list = await readStatusList(fromBase64(text) as Uint8Array);
      const { seq, thisUpdate, nextUpdate, bits, issuer } = list;
      const known = [...(trust?.roster ?? []), ...(trust?.former ?? [])];
      const name = known.find(({ id }) => id === issuer)?.name ?? '';
      const stale = Date.parse(nextUpdate) < Date.parse(now);
      let listed = 0;
      for (const [at, octet] of bits.entries()) {
        if (octet === 0) continue;
        for (let i = 4 * at; i < Math.min(4 * at + 4, SHARD_SIZE); i++) {
          if (statusAt(bits, i) !== 'valid') listed++;
        }
      }
      return { id: list.list, name, number: seq, thisUpdate, nextUpdate, stale, listed };
    }),
  );
  return views.sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** What a holder signed, newest first. */
export async function signedSteps(context: DeskContext, id: string): Promise<SignedStep[]> {
  const { steps } = await context.state();
  return [...steps.values()]
    .flat()
    .filter(({ by }) => by === id)
    .map(({ place, type, at }) => ({ place, type, at }))
    .sort((a, b) => (b.place ?? Number.POSITIVE_INFINITY) - (a.place ?? Number.POSITIVE_INFINITY));
}

/** The certificate of anybody, DER. */
export async function certificateFile(context: DeskContext, id: string): Promise<Uint8Array> {
  const found = (await holdings(context)).find((each) => each.id === id);
  if (!found) throw new DeskError('unknown-certificate', 'no such certificate here');
  return found.signing;
}

/** The newest revocation list of an authority, DER. */
export async function crlFile(context: DeskContext, authority: string): Promise<Uint8Array> {
  const list = (await listsInForce(context)).get(authority);
  if (!list) throw new DeskError('unknown-certificate', 'this authority published no list');
  return list.der;
}
