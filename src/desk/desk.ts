/** The desk: one object that offers every act, each refusing in the desk's own words. */
import type { Desk, Progress } from './api.ts';
import { correct, previewDraft, submitDraft, withdraw } from './applications.ts';
import {
  applicationView,
  binding,
  issueQueue,
  licenceRegister,
  licenceView,
  reviewQueue,
  sealCaseView,
  sealQueue,
  sealRegister,
} from './cases.ts';
import { DeskContext, type DeskOptions } from './context.ts';
import { checkDraft, deleteDraft, draftOf, drafts, newDraft, saveDraft } from './drafts.ts';
import {
  type ExchangeMemory,
  exportPackages,
  importPackages,
  setEndpoint,
  syncNow,
  syncState,
} from './exchange.ts';
import { recordUse } from './inspecting.ts';
import { collect, issue, issueByItself, issuePaper, revokeLicence } from './issuing.ts';
import { exportPerson, importKey } from './key-files.ts';
import { overview, sitDown } from './people.ts';
import { asRefusal, DeskError } from './refusals.ts';
import {
  adoptCertificates,
  createEnterprise,
  decideRegistration,
  register,
} from './registration.ts';
import { review } from './reviews.ts';
import {
  applyForSeal,
  decideSeal,
  drawnSvg,
  letterPdf,
  produceSeal,
  revokeSeal,
  sealAct,
  sendLetter,
} from './seals.ts';
import {
  join,
  previewJoin,
  publishTrust,
  trustBundle,
  trustView,
  verificationTrust,
} from './trust.ts';
import { applicationSummary, licenceSummary } from './views.ts';

const NO_PROGRESS: Progress = () => {};

/** Opens the desk of one device over its store. Nobody sits at it yet. */
export async function openDesk(options: DeskOptions): Promise<Desk> {
  const context = new DeskContext(options);
  const memory: ExchangeMemory = { running: null, problem: null, last: null };

  /** After anything that may have brought news: adopt certificates, issue what is due. */
  const settle = async () => {
    if (!(await context.hasDeployment())) return;
    await adoptCertificates(context);
    await issueByItself(context);
  };
  const own = async () => (await context.person()).uscc;

  const desk: Desk = {
    overview: () => overview(context, memory),

    async createPilot(_options, progress = NO_PROGRESS) {
      const { createPilot } = await import('./pilot.ts');
      await createPilot(context, progress);
    },
    previewJoin: (bundle) => previewJoin(context, bundle),
    join: (bundle) => join(context, bundle),
    async leave() {
      context.vault.lock();
      context.seat(null);
      await context.clear();
      context.changed();
    },
    createEnterprise: (made) => createEnterprise(context, made),
    importKey: (pfx, password, newPassword) => importKey(context, pfx, password, newPassword),
    exportPerson: (person, password) => exportPerson(context, person, password),
    async sitDown(person, unlocking) {
      await sitDown(context, person, unlocking);
      await settle();
    },
    async lock() {
      context.vault.lock();
      context.seat(null);
      options.onChange?.();
    },
    async changePassword(oldPassword, newPassword) {
      const { id } = await context.person();
      await context.vault.changeSecret(
        id,
        { kind: 'password', password: oldPassword },
        { kind: 'password', password: newPassword },
      );
    },
    async setLockMinutes(minutes) {
      context.vault.lockAfter(Math.max(0, Math.round(minutes)) * 60_000);
    },

    binding: () => binding(context),
    register: (form) => register(context, form),
    drawSealPreview: (form) => drawnSvg(context, form),
    applyForSeal: (form) => applyForSeal(context, form),
    letterPdf: (caseId) => letterPdf(context, caseId),
    sendLetter: (caseId, scan, findings) => sendLetter(context, caseId, scan, findings),
    sealAct: (act, reason) => sealAct(context, act, reason),

    drafts: () => drafts(context),
    newDraft: (licenceType) => newDraft(context, licenceType),
    saveDraft: (draft) => saveDraft(context, draft),
    deleteDraft: (id) => deleteDraft(context, id),
    checkDraft: async (id) => checkDraft(context, await draftOf(context, id)),
    previewDraft: (id) => previewDraft(context, id),
    submitDraft: (id, stamp, progress = NO_PROGRESS) => submitDraft(context, id, stamp, progress),
    correct: (caseId) => correct(context, caseId),
    withdraw: (caseId, reason) => withdraw(context, caseId, reason),
    async applications() {
      const uscc = await own();
      return [...(await context.state()).applications.values()]
        .filter((each) => each.uscc === uscc)
        .map(applicationSummary)
        .sort((a, b) => (a.submittedAt < b.submittedAt ? 1 : -1));
    },
    application: (caseId) => applicationView(context, caseId),
    async licences() {
      const uscc = await own();
      return [...(await context.state()).licences.values()]
        .filter((each) => each.uscc === uscc)
        .map((each) => licenceSummary(each, context.now()))
        .sort((a, b) => (a.issuedAt < b.issuedAt ? 1 : -1));
    },
    licence: (caseId) => licenceView(context, caseId),

    sealQueue: () => sealQueue(context),
    sealCase: (caseId) => sealCaseView(context, caseId),
    decideRegistration: (caseId, approve, reasons) =>
      decideRegistration(context, caseId, approve, reasons),
    decideSeal: (caseId, approve, reasons) => decideSeal(context, caseId, approve, reasons),
    produceSeal: (caseId) => produceSeal(context, caseId),
    revokeSeal: (caseId, reason) => revokeSeal(context, caseId, reason),
    sealRegister: () => sealRegister(context),

    reviewQueue: (stage) => reviewQueue(context, stage),
    async review(stage, caseIds, verdict, reasons, progress = NO_PROGRESS) {
      const outcome = await review(context, stage, caseIds, verdict, reasons, progress);
      await settle();
      return outcome;
    },
    issueQueue: () => issueQueue(context),
    issue: (caseIds, progress = NO_PROGRESS) => issue(context, caseIds, progress),
    issuePaper: (caseId, serial) => issuePaper(context, caseId, serial),
    collect: (caseId, collector) => collect(context, caseId, collector),
    revokeLicence: (caseId, reason) => revokeLicence(context, caseId, reason),
    licenceRegister: () => licenceRegister(context),

    recordUse: (number, use) => recordUse(context, number, use),

    trust: () => trustView(context),
    verificationTrust: () => verificationTrust(context),
    trustBundle: () => trustBundle(context),
    publishTrust: (policy) => publishTrust(context, policy),

    async syncNow() {
      await syncNow(context, memory);
      await settle();
      return syncState(context, memory);
    },
    setEndpoint: (url) => setEndpoint(context, url),
    exportPackages: (which) => exportPackages(context, which),
    async importPackages(files) {
      const outcome = await importPackages(context, files);
      await settle();
      return outcome;
    },
  };
  return refusing(desk);
}

/** Whatever is thrown below leaves as a `DeskError`. */
function refusing(desk: Desk): Desk {
  const wrapped: Record<string, unknown> = {};
  for (const [name, act] of Object.entries(desk)) {
    wrapped[name] = async (...args: unknown[]) => {
      try {
        return await (act as (...given: unknown[]) => Promise<unknown>)(...args);
      } catch (error) {
        throw error instanceof DeskError ? error : asRefusal(error);
      }
    };
  }
  return wrapped as unknown as Desk;
}
