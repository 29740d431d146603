/** Registrations and seals as the person at the desk reads them: binding, queue, cases. */
import { MissingGlyph } from '../seal/index.ts';
import { boundSeal, type EnterpriseCase, isEnded, type SealCaseState } from '../workflow/index.ts';
import type { Check, RegistrationForm, SealBinding, SealCase, SealForm } from './api/index.ts';
import { historyOf, rolesHere } from './case-access.ts';
import type { DeskContext } from './context.ts';
import { ownRegistration } from './parties/own.ts';
import { DeskError } from './refusals.ts';
import { registrationChecks } from './registration-checks.ts';
import { ownSeal } from './seal-making.ts';
import { authoritySealCase, authoritySealIn } from './seal-register.ts';
import { drawnSvg, scanOf } from './seals.ts';
import { boundSealView, registrationSummary, sealSummary } from './views.ts';

/** What the person at the desk is told on entry. */
export async function binding(context: DeskContext): Promise<SealBinding> {
  const person = await context.person();
  const state = await context.state();
  const now = context.now();
  const { sealCompulsoryFrom } = (await context.bundle()).policy;
  const registration = await ownRegistration(context);
  const cases = [...state.seals.values()].filter(({ uscc }) => uscc === person.uscc);
  const seal = boundSeal(cases, person.uscc ?? '', now) ?? cases.at(-1) ?? null;
  const own = await ownSeal(context, person.uscc ?? '');
  const form = (await context.store.record('registration', person.id)) as
    | RegistrationForm
    | undefined;
  return {
    registration: registration?.state ?? 'none',
    registrationReasons: registration?.reasons ?? [],
    form: (registration?.form as unknown as RegistrationForm | null) ?? form ?? null,
    renaming: registration?.change?.name ?? null,
    state: seal ? (sealSummary(seal, now).state as SealBinding['state']) : 'none',
    caseId: seal?.case ?? null,
    reasons: seal?.reasons ?? [],
    sealForm: (seal?.form as unknown as SealForm | undefined) ?? null,
    seal: own ? boundSealView(own.der) : null,
    renewing: seal?.renewing ?? false,
    suspendedByAuthority: seal?.suspendedByAuthority ?? false,
    rebind: wantsHolder(seal, registration, now),
    compulsoryFrom: sealCompulsoryFrom,
    compulsory: Date.parse(now) >= Date.parse(sealCompulsoryFrom),
    history: seal ? await historyOf(context, seal.case) : [],
  };
}

/** The person may stamp, and the seal in use was made for others, or for the certificate before. */
function wantsHolder(
  seal: SealCaseState | null,
  registration: EnterpriseCase | null,
  now: string,
): boolean {
  if (!seal?.seal || seal.state !== 'bound' || isEnded(seal, now)) return false;
  const { certificate = null, rights = [] } = registration ?? {};
  return rights.includes('stamp') && !seal.seal.holders.includes(certificate ?? '');
}

export async function sealQueue(context: DeskContext) {
  const state = await context.state();
  const roles = await rolesHere(context);
  const queue = [];
  if (roles.has('registrar')) {
    for (const each of state.enterprises.values()) {
      if (each.state === 'waiting' || each.change) queue.push(registrationSummary(each));
    }
  }
  for (const each of state.seals.values()) {
    const mine =
      (each.state === 'letter-sent' && roles.has('seal-reviewer')) ||
      ((each.state === 'approved' || each.renewing) && roles.has('seal-maker'));
    if (mine) queue.push(sealSummary(each, context.now()));
  }
  return queue.sort((a, b) => (a.since < b.since ? -1 : 1));
}

export async function sealCaseView(context: DeskContext, caseId: string): Promise<SealCase> {
  const state = await context.state();
  const history = await historyOf(context, caseId);
  const enterprise = state.enterprises.get(caseId);
  if (enterprise) {
    const { change } = enterprise;
    const form = (change ?? enterprise).form as unknown as RegistrationForm | null;
    const checks = registrationChecks(enterprise, [...state.enterprises.values()]);
    if (change) {
      const params = { before: enterprise.name, after: change.name };
      checks.push({ code: 'name-changes', severity: 'warn', params });
    }
    return {
      ...registrationSummary(enterprise),
      registration: form,
      sealForm: null,
      scan: null,
      scanFindings: null,
      drawn: null,
      checks,
      history,
    };
  }
  const authority = await authoritySealIn(context, caseId);
  if (authority) return authoritySealCase(context, authority);
  const found = state.seals.get(caseId);
  if (!found) throw new DeskError('unknown-case', 'no such case');
  const registration = [...state.enterprises.values()].find(
    ({ uscc, state: status }) => uscc === found.uscc && status === 'approved',
  );
  const form = found.form as unknown as SealForm | null;
  const letter = await scanOf(context, found);
  const checks: Check[] = [];
  let drawn: string | null = null;
  try {
    drawn = form && (await drawnSvg(context, form));
  } catch (error) {
    if (!(error instanceof MissingGlyph)) throw error;
    checks.push({
      code: 'glyph-missing',
      severity: 'bad',
      params: { detail: error.characters.join(' ') },
    });
  }
  if (letter) {
    const { findings } = letter;
    checks.push({ code: 'scan-accepted', severity: findings.accept ? 'ok' : 'bad' });
    const matched =
      findings.letterCase === null ? 'unknown' : findings.letterCase === caseId ? 'ok' : 'bad';
    checks.push({ code: 'letter-matches', severity: matched });
  }
  if (form && registration) {
    checks.push({
      code: 'name-registered',
      severity: form.name === registration.name ? 'ok' : 'warn',
    });
  }
  return {
    ...sealSummary(found, context.now()),
    registration: (registration?.form as unknown as RegistrationForm | undefined) ?? null,
    sealForm: form,
    scan: letter?.scan ?? null,
    scanFindings: letter?.findings ?? null,
    drawn,
    checks,
    history,
  };
}
