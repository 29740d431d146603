/**
 * How complete what a device shows is: who asks the endpoint and how far that came, which heads and
 * contents are missing, which own steps did not count.
 */
import { canonicalJson, sha256Hex, utf8 } from '../crypto/index.ts';
import { certificateId } from '../pki/index.ts';
import { type LogStanding, logStanding } from '../sync/index.ts';
import { type State, speaksFor } from '../workflow/index.ts';
import type { Gap, OwnRefused } from './api/index.ts';
import type { DeskContext } from './context.ts';
import type { PersonRecord } from './device-records.ts';

/** The signing certificate by which the person here asks: his own, or the one that he registered with. */
export async function askingCertificate(context: DeskContext): Promise<Uint8Array | null> {
  const session = context.current ? context.vault.session(context.current) : null;
  if (!session) return null;
  const record = (await context.store.record('people', session.id)) as PersonRecord | undefined;
  return session.certificates.signing ?? record?.selfSigned ?? null;
}

/**
 * Certificates and role keys of the person at the desk, by which contents name him: earlier ones, and
 * those of his party too, whose contents' keys are handed to him.
 */
export async function readerIds(context: DeskContext): Promise<string[]> {
  const session = context.current ? context.vault.session(context.current) : null;
  const { signing, encryption } = session?.certificates ?? {};
  const record = (await context.store.record('people', session?.id ?? '')) as
    | PersonRecord
    | undefined;
  const all = [signing, encryption, ...(record?.earlier ?? [])].flatMap((each) => each ?? []);
  // The role keys come with the state.
  const state = await context.state();
  const own = await Promise.all(all.map(certificateId));
  const party = own.map((id) => state.bindings.get(id)?.party).find((code) => code !== undefined);
  const shared = [...state.bindings.values()].flatMap((each) =>
    party !== undefined && speaksFor(state, party, each.party) ? [each.receiver] : [],
  );
  return [...new Set([...own, ...shared]), ...context.roleKeys.ids];
}

/** Changes with the person and with what he may read: a roster or a registrar may have made him somebody. */
export async function askerOf(context: DeskContext): Promise<string> {
  const certificate = await askingCertificate(context);
  if (!certificate) return '';
  const roles = [...(await context.rolesOf(certificate))].sort();
  const id = await certificateId(certificate);
  const state = await context.state();
  const parties = partyKeys(state, id);
  if (parties.length === 0) {
    // An answer to a registration may rest on what bound others to the same enterprise before.
    const { registration } = await context.person();
    parties.push(...(state.steps.get(registration ?? '') ?? []).map((step) => step.id));
  }
  const rights = [id, roles, parties, (await readerIds(context)).sort()];
  return sha256Hex(utf8(canonicalJson(rights)));
}

const LINKS = ['enterprise/mandate', 'enterprise/succeed'];

/**
 * What of a person's party decides which heads logged before he may read: what links it to another one,
 * though here it may not count before those heads have come. The endpoint knows it once it is logged.
 */
function partyKeys(state: State, certificate: string): string[] {
  const party = state.bindings.get(certificate)?.party;
  if (!party) return [];
  const links = [...state.steps.values()]
    .flat()
    .filter(({ type, place }) => LINKS.includes(type) && place !== null);
  return [party, ...links.map(({ id }) => id)];
}

/** How far the person here has come with the log of the endpoint; null without one. */
export async function standingHere(context: DeskContext): Promise<LogStanding | null> {
  const endpoint = await context.endpoint();
  if (!endpoint || !(await context.hasDeployment())) return null;
  return logStanding(context.store, endpoint, await askerOf(context));
}

/** Heads that others name and that are not here, and contents that could not be got, by case. */
export async function gaps(context: DeskContext): Promise<Gap[]> {
  const { missing, steps } = await context.state();
  const found = new Map<string, Gap>();
  const of = (caseId: string): Gap => {
    const known = found.get(caseId) ?? { caseId, heads: 0, contents: 0, damaged: 0 };
    found.set(caseId, known);
    return known;
  };
  for (const each of missing) of(each.case).heads++;
  const standing = await standingHere(context);
  const caseOf = new Map([...steps.values()].flat().map((step) => [step.id, step.case]));
  for (const { id, digest, damaged } of standing?.missing ?? []) {
    const pkg = await context.reading(id);
    if (!pkg) continue;
    // A file may have brought it since.
    const { present } = pkg;
    const name = pkg.contents.find((each) => each.digest === digest)?.name;
    if (name === undefined || present.has(name)) continue;
    const gap = of(caseOf.get(id) ?? id);
    gap.contents++;
    if (damaged) gap.damaged++;
  }
  return [...found.values()];
}

/** Namespace of the refused steps that their author has seen. */
const SEEN = 'refusals-seen';

/** Steps of the person here that did not count, until he has seen it. */
export async function ownRefused(context: DeskContext): Promise<OwnRefused[]> {
  const certificate = await askingCertificate(context);
  if (!certificate) return [];
  const own = await certificateId(certificate);
  const seen = new Set((await context.store.records(SEEN)).map(({ id }) => id));
  return (await context.state()).refused.flatMap(({ id, by, type, case: caseId, at, refusal }) =>
    by === own && refusal && !seen.has(id)
      ? [{ id, type, caseId, at, refusal: recordRefusal(refusal) }]
      : [],
  );
}

const recordRefusal = ({ code, message }: { code: string; message: string }) => ({
  code: 'record-refused',
  message,
  params: { detail: code },
});

export async function refusedSeen(context: DeskContext, ids: readonly string[]): Promise<void> {
  const records = ids.map((id) => ({ namespace: SEEN, id, value: true }));
  await context.store.commit({ records });
  context.changed();
}
