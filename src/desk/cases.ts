/** Reading cases: queues, registers and whole cases for the person at the desk. */
import { checkUscc } from '../licence/index.ts';
import { certificateId, type Role } from '../pki/index.ts';
import { MissingGlyph } from '../seal/index.ts';
import { boundSeal } from '../workflow/index.ts';
import type {
  ApplicationCase,
  Check,
  DeskRefusal,
  LicenceCase,
  RegistrationForm,
  SealBinding,
  SealCase,
  SealForm,
  Step,
} from './api/index.ts';
import { applicationCase, submittedFiles } from './applications.ts';
import type { DeskContext } from './context.ts';
import { licencePdf } from './issuing.ts';
import { DeskError } from './refusals.ts';
import { automaticReport } from './report.ts';
import { drawnSvg, ownSeal, scanOf } from './seals.ts';
import {
  applicationSummary,
  boundSealView,
  licenceSummary,
  registrationSummary,
  sealSummary,
  stepView,
} from './views.ts';

async function historyOf(context: DeskContext, caseId: string): Promise<Step[]> {
  return ((await context.state()).steps.get(caseId) ?? []).map(stepView);
}

/** What the person at the desk is told on entry. */
export async function binding(context: DeskContext): Promise<SealBinding> {
  const person = await context.person();
  const state = await context.state();
  const now = context.now();
  const { sealCompulsoryFrom } = (await context.bundle()).policy;
  const enterprises = [...state.enterprises.values()];
  const registration =
    (person.registration ? state.enterprises.get(person.registration) : undefined) ??
    enterprises.find(({ uscc, state: status }) => uscc === person.uscc && status === 'approved');
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
    compulsoryFrom: sealCompulsoryFrom,
    compulsory: Date.parse(now) >= Date.parse(sealCompulsoryFrom),
    history: seal ? await historyOf(context, seal.case) : [],
  };
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

export async function sealRegister(context: DeskContext) {
  const state = await context.state();
  return [
    ...[...state.enterprises.values()].map(registrationSummary),
    ...[...state.seals.values()].map((each) => sealSummary(each, context.now())),
  ].sort((a, b) => (a.since < b.since ? 1 : -1));
}

export async function sealCaseView(context: DeskContext, caseId: string): Promise<SealCase> {
  const state = await context.state();
  const history = await historyOf(context, caseId);
  const enterprise = state.enterprises.get(caseId);
  if (enterprise) {
    const { change } = enterprise;
    const form = (change ?? enterprise).form as unknown as RegistrationForm | null;
    const checks = registrationChecks(enterprise.uscc, enterprise.case, [
      ...state.enterprises.values(),
    ]);
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
      blocked: await blockedBy(context, 'registrar'),
    };
  }
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
    checks.push({ code: 'glyph-missing', severity: 'bad', params: { detail: error.message } });
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
    blocked: await blockedBy(
      context,
      found.state === 'approved' || found.renewing ? 'seal-maker' : 'seal-reviewer',
    ),
  };
}

function registrationChecks(
  uscc: string,
  caseId: string,
  all: { uscc: string; case: string; state: string }[],
): Check[] {
  const checked = checkUscc(uscc);
  const twice = all.some(
    (each) => each.uscc === uscc && each.case !== caseId && each.state === 'approved',
  );
  return [
    { code: 'uscc', severity: checked.ok ? 'ok' : 'warn' },
    { code: 'registered-before', severity: twice ? 'warn' : 'ok' },
  ];
}

async function rolesHere(context: DeskContext): Promise<Set<Role>> {
  const { roster } = await context.bundle();
  const session = context.current ? context.vault.session(context.current) : null;
  const certificate = session?.certificates.signing;
  if (!certificate) return new Set();
  const id = await certificateId(certificate);
  return new Set(roster.find((entry) => entry.id === id)?.roles ?? []);
}

async function blockedBy(context: DeskContext, role: Role): Promise<DeskRefusal | null> {
  if ((await rolesHere(context)).has(role)) return null;
  return { code: 'not-permitted', message: `needs the role ${role}`, params: { role } };
}

export async function reviewQueue(context: DeskContext, stage: 'first' | 'second') {
  const wanted = stage === 'first' ? 'submitted' : 'first-passed';
  return [...(await context.state()).applications.values()]
    .filter(({ state }) => state === wanted)
    .map(applicationSummary)
    .sort((a, b) => (a.submittedAt < b.submittedAt ? -1 : 1));
}

export async function issueQueue(context: DeskContext) {
  return [...(await context.state()).applications.values()]
    .filter(({ state }) => state === 'second-passed' || state === 'issued-paper')
    .map(applicationSummary);
}

export async function applicationView(
  context: DeskContext,
  caseId: string,
): Promise<ApplicationCase> {
  const found = await applicationCase(context, caseId);
  const { pdf, attachments } = await submittedFiles(context, caseId);
  const roles = await rolesHere(context);
  const reviewing = roles.has('first-review') || roles.has('second-review');
  const session = context.current ? context.vault.session(context.current) : null;
  const own = session?.certificates.signing
    ? await certificateId(session.certificates.signing)
    : '';
  const same = found.state === 'first-passed' && found.firstReviewer === own;
  return {
    ...applicationSummary(found),
    data: (found.application ?? {}) as never,
    pdf,
    attachments,
    report: reviewing
      ? await automaticReport(context, caseId)
      : (found.report as unknown as ApplicationCase['report']),
    history: await historyOf(context, caseId),
    blocked: same
      ? { code: 'same-reviewer', message: 'you are the first reviewer of this application' }
      : null,
  };
}

export async function licenceRegister(context: DeskContext) {
  return [...(await context.state()).licences.values()]
    .map((each) => licenceSummary(each, context.now()))
    .sort((a, b) => (a.issuedAt < b.issuedAt ? 1 : -1));
}

export async function licenceView(context: DeskContext, caseId: string): Promise<LicenceCase> {
  const found = (await context.state()).licences.get(caseId);
  if (!found) throw new DeskError('unknown-licence', 'no licence was issued');
  const { policy } = await context.bundle();
  const originals = found.prints.filter(({ kind }) => kind === 'original').length;
  const copies = found.prints.length - originals;
  return {
    ...licenceSummary(found, context.now()),
    pdf: await licencePdf(context, caseId),
    prints: { originals, copies, left: Math.max(0, policy.clearPrints - originals) },
    token: found.token,
    data: (found.licence ?? {}) as never,
    useLog: found.uses.map(({ declaration, customs, date, quantity, by }) => ({
      declaration,
      customs,
      date,
      quantity,
      by,
    })),
    history: await historyOf(context, caseId),
  };
}
