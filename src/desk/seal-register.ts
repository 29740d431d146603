/** The register of seals: registrations, seals of enterprises, the authority's own; and each seal itself. */
import { readSeal } from '../seal/index.ts';
import type { AuthoritySealState } from '../workflow/index.ts';
import type { BoundSeal, SealCase, SealCaseSummary, SealUse } from './api/index.ts';
import { authoritySealDer } from './authority-seal.ts';
import { historyOf } from './case-access.ts';
import type { DeskContext } from './context.ts';
import { SEAL_FILE } from './seal-making.ts';
import { sealCase } from './seals.ts';
import { boundSealView, registrationSummary, sealSummary } from './views.ts';

/** @returns latest first */
export async function sealRegister(context: DeskContext): Promise<SealCaseSummary[]> {
  const state = await context.state();
  const own = [...state.authoritySeals.values()];
  return [
    ...[...state.enterprises.values()].map(registrationSummary),
    ...[...state.seals.values()].map((each) => sealSummary(each, context.now())),
    ...(await Promise.all(own.map((each) => authoritySummary(context, each)))),
  ].sort((a, b) => (a.since < b.since ? 1 : -1));
}

/** The seal that was made in a case, as its maker signed it; null where it cannot be opened here. */
export async function producedSeal(
  context: DeskContext,
  caseId: string,
): Promise<BoundSeal | null> {
  const own = await authoritySealIn(context, caseId);
  if (own) return boundSealView(await authoritySealDer(context, own));
  const { seal } = await sealCase(context, caseId);
  const der = seal && (await context.files(seal.package))?.get(SEAL_FILE);
  return der ? boundSealView(der) : null;
}

/** The authority's own seal that was made in a case, or null. */
export async function authoritySealIn(
  context: DeskContext,
  caseId: string,
): Promise<AuthoritySealState | null> {
  const { authoritySeals } = await context.state();
  return [...authoritySeals.values()].find((each) => each.case === caseId) ?? null;
}

export async function authoritySealCase(
  context: DeskContext,
  found: AuthoritySealState,
): Promise<SealCase> {
  return {
    ...(await authoritySummary(context, found)),
    registration: null,
    sealForm: null,
    scan: null,
    scanFindings: null,
    drawn: null,
    checks: [],
    history: await historyOf(context, found.case),
  };
}

async function authoritySummary(
  context: DeskContext,
  found: AuthoritySealState,
): Promise<SealCaseSummary> {
  const { info } = readSeal(await authoritySealDer(context, found));
  const { esID: esId, validStart, validEnd, name } = info;
  return {
    caseId: found.case,
    enterprise: name,
    uscc: await holderName(context, found),
    kind: 'authority',
    state: Date.parse(validEnd) < Date.parse(context.now()) ? 'expired' : 'bound',
    renewing: false,
    suspendedByAuthority: false,
    since: found.at,
    shape: 'round',
    made: { esId, validStart, validEnd },
  };
}

async function holderName(context: DeskContext, { holder }: AuthoritySealState): Promise<string> {
  const { roster, former } = await context.bundle();
  return [...roster, ...former].find(({ id }) => id === holder)?.name ?? '';
}

/** Licences that the seal of an issuer stands on, latest first. */
export async function authoritySealUses(
  context: DeskContext,
  found: AuthoritySealState,
): Promise<SealUse[]> {
  const { licences } = await context.state();
  const by = await holderName(context, found);
  return [...licences.values()]
    .filter(({ issuer, issuedAt }) => issuer === found.holder && issuedAt >= found.at)
    .map(
      (each): SealUse => ({
        at: each.issuedAt,
        esId: found.esId,
        kind: 'licence',
        caseId: each.case,
        name: each.number,
        digest: null,
        by,
        record: each.issued,
        verdict: null,
      }),
    )
    .sort((a, b) => (a.at < b.at ? 1 : -1));
}
