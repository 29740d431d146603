/** The desk: one object that offers every act, each refusing in the desk's own words. */
import type { Desk, Progress } from './api/index.ts';
import { correct, previewDraft, submitDraft, withdraw } from './applications.ts';
import { attachmentProblem } from './attachments/index.ts';
import { authorityActs } from './authority/index.ts';
import { settle } from './automatic.ts';
import { applicationView, issueQueue, licenceRegister, licenceView, reviewQueue } from './cases.ts';
import { DeskContext } from './context.ts';
import type { DeskOptions } from './desk-options.ts';
import {
  checkDraft,
  deleteDraft,
  draftOf,
  drafts,
  newDraft,
  restoreDraft,
  saveDraft,
} from './drafts.ts';
import { openEnvelopes } from './envelopes.ts';
import {
  type ExchangeMemory,
  exportPackages,
  importPackages,
  setEndpoint,
  syncNow,
  syncState,
} from './exchange.ts';
import { recordsOf, recordUse, takeBackUse } from './inspecting.ts';
import { collect, issue, issuePaper, revokeLicence } from './issuing.ts';
import { keepScans, keptScans } from './kept-scans.ts';
import { copyPerson, takeKeyCopy } from './key-copies.ts';
import {
  cancelImport,
  exportPerson,
  importKey,
  keyFileSeconds,
  takeEnvelopedKey,
} from './key-files.ts';
import {
  addPasskey,
  addPassword,
  keyWays,
  newRecoveryCode,
  removeWay,
  renewPassword,
} from './key-ways.ts';
import { reportLost } from './lost-keys.ts';
import { clients, endMandate, giveMandate } from './parties/mandates.ts';
import { isHandled } from './parties/own.ts';
import { bindRequest, changeRights, succeed } from './parties/registrar.ts';
import { newPeopleSeen, partyView } from './parties/view.ts';
import { overview, sitDown } from './people.ts';
import { pilotStage } from './pilot-stage.ts';
import { printLicence } from './printing.ts';
import { asRefusal, DeskError } from './refusals.ts';
import { createEnterprise, register, updateRegistration } from './registration.ts';
import { decideRegistration } from './registration-decisions.ts';
import { review } from './reviews.ts';
import { binding, sealCaseView, sealQueue } from './seal-cases.ts';
import { produceSeal } from './seal-making.ts';
import { producedSeal, sealRegister } from './seal-register.ts';
import { sealUses } from './seal-uses.ts';
import {
  applyForSeal,
  decideSeal,
  drawnSvg,
  letterPdf,
  revokeSeal,
  sealAct,
  sendLetter,
  superviseSeal,
  withdrawSeal,
} from './seals.ts';
import { stampFiles, stampSeal } from './stamping.ts';
import { gaps, refusedSeen } from './standing.ts';
import { endStation, noteRestart, startStation, stationView, stopStation } from './station.ts';
import { authoritiesIn } from './time-stamps.ts';
import {
  join,
  previewJoin,
  publishBundle,
  trustBundle,
  trustView,
  verificationTrust,
} from './trust.ts';
import { addUKey, ukeyCertificates } from './ukey.ts';
import { unstampedLicences, unstampedSeen } from './unstamped.ts';
import { applicationSummary, licenceSummary } from './views.ts';
import { dropWaiting } from './waiting.ts';
import { Watchdog } from './watchdog.ts';

const NO_PROGRESS: Progress = () => {};

/** Opens the desk of one device over its store. Nobody sits at it yet. */
export async function openDesk(options: DeskOptions): Promise<Desk> {
  const watchdog = new Watchdog(options);
  const context = new DeskContext(watchdog.guarded());
  await context.restoreLock();
  const memory: ExchangeMemory = { running: null, problem: null, last: null, clockAhead: 0 };

  const own = async () => (await context.person()).uscc;

  const desk: Desk = {
    overview: () => overview(context, memory),

    async createPilot({ suite = 'P-256' }, progress = NO_PROGRESS) {
      const { createPilot } = await import('./pilot.ts');
      await createPilot(context, suite, progress);
      await settle(context);
      context.vault.lock();
    },
    pilotStage: () => pilotStage(context),
    async startDeployment(founding, progress = NO_PROGRESS) {
      const { startDeployment } = await import('./founding.ts');
      return startDeployment(context, founding, progress);
    },
    previewJoin: (bundle) => previewJoin(context, bundle),
    async join(bundle) {
      await join(context, bundle);
      // An invite is of its day: the newest trust data come at once where the endpoint answers.
      await syncNow(context, memory);
    },
    async leave() {
      context.vault.lock();
      context.seat(null);
      await context.clear();
      context.changed();
    },
    createEnterprise: (made) => createEnterprise(context, made),
    importKey: (given, progress = NO_PROGRESS) => importKey(context, given, progress),
    keyFileSeconds,
    cancelImport: async () => cancelImport(),
    takeEnvelopedKey: (files, opening) => takeEnvelopedKey(context, files, opening),
    exportPerson: (person, password, opening) => exportPerson(context, person, password, opening),
    reportLost: (since, note) => reportLost(context, since, note),
    copyPerson: (person, opening) => copyPerson(context, person, opening),
    takeKeyCopy: (file, typed) => takeKeyCopy(context, file, typed),
    keyWays: (person) => keyWays(context, person),
    addPasskey: (opening, passkey) => addPasskey(context, opening, passkey),
    addPassword: (opening, password) => addPassword(context, opening, password),
    newRecoveryCode: (opening) => newRecoveryCode(context, opening),
    removeWay: (opening, way) => removeWay(context, opening, way),
    ukeyCertificates: () => ukeyCertificates(context),
    async addUKey(certificate, pin) {
      const person = await addUKey(context, certificate, pin);
      await sitDown(context, person);
      return person;
    },
    async sitDown(person, unlocking) {
      await sitDown(context, person, unlocking);
      await settle(context);
    },
    async lock() {
      context.vault.lock();
      context.seat(null);
      options.onChange?.();
    },
    async changePassword(oldPassword, newPassword) {
      const { id } = await context.person();
      await renewPassword(context, id, { password: oldPassword }, newPassword);
    },
    async resetPassword(person, recovery, newPassword) {
      await renewPassword(context, person, { recovery }, newPassword);
      await sitDown(context, person, { password: newPassword });
      await settle(context);
    },
    async setLockMinutes(minutes) {
      await context.setLock(Math.min(1440, Math.max(0, Math.round(minutes))));
    },

    binding: () => binding(context),
    register: (form, codeConfirmed) => register(context, form, codeConfirmed),
    updateRegistration: (form) => updateRegistration(context, form),
    drawSealPreview: (form) => drawnSvg(context, form),
    applyForSeal: (form) => applyForSeal(context, form),
    letterPdf: (caseId) => letterPdf(context, caseId),
    sendLetter: (caseId, scan, findings) => sendLetter(context, caseId, scan, findings),
    sealAct: (act, reason) => sealAct(context, act, reason),

    openEnvelopes: (envelopes) => openEnvelopes(context, envelopes),
    stampSeal: () => stampSeal(context),
    stampFiles: (files, reason, { level = 'B' } = {}, progress = NO_PROGRESS) =>
      stampFiles(context, files, { reason, level }, progress),

    withdrawSeal: (caseId, reason) => withdrawSeal(context, caseId, reason),
    keptScans: (caseId) => keptScans(context, caseId),
    keepScans: (caseId, scans) => keepScans(context, caseId, scans),
    drafts: () => drafts(context),
    newDraft: (licenceType, client) => newDraft(context, licenceType, client),
    saveDraft: (draft) => saveDraft(context, draft),
    restoreDraft: (draft) => restoreDraft(context, draft),
    deleteDraft: (id) => deleteDraft(context, id),
    checkAttachment: (name, bytes) => attachmentProblem(name, bytes),
    checkDraft: async (id) => checkDraft(context, await draftOf(context, id)),
    previewDraft: (id) => previewDraft(context, id),
    submitDraft: (id, stamp, progress = NO_PROGRESS) => submitDraft(context, id, stamp, progress),
    correct: (caseId) => correct(context, caseId),
    withdraw: (caseId, reason) => withdraw(context, caseId, reason),
    async applications() {
      const uscc = await own();
      return [...(await context.state()).applications.values()]
        .filter(await isHandled(context, uscc))
        .map(applicationSummary)
        .sort((a, b) => (a.submittedAt < b.submittedAt ? 1 : -1));
    },
    application: (caseId) => applicationView(context, caseId),
    async licences() {
      const uscc = await own();
      return [...(await context.state()).licences.values()]
        .filter(await isHandled(context, uscc))
        .map((each) => licenceSummary(each, context.now()))
        .sort((a, b) => (a.issuedAt < b.issuedAt ? 1 : -1));
    },
    licence: (caseId) => licenceView(context, caseId),
    printLicence: (caseId, kind) => printLicence(context, caseId, kind),

    party: () => partyView(context),
    clients: () => clients(context),
    newPeopleSeen: (certificates) => newPeopleSeen(context, certificates),
    giveMandate: (broker, rights, until) => giveMandate(context, broker, rights, until),
    endMandate: (broker) => endMandate(context, broker),
    changeRights: (caseId, rights) => changeRights(context, caseId, rights),
    succeed: (uscc, successor) => succeed(context, uscc, successor),
    bindRequest: (request) => bindRequest(context, request),
    sealQueue: () => sealQueue(context),
    sealCase: (caseId) => sealCaseView(context, caseId),
    decideRegistration: (caseId, approve, reasons, how) =>
      decideRegistration(context, caseId, approve, reasons, how),
    decideSeal: (caseId, approve, reasons) => decideSeal(context, caseId, approve, reasons),
    produceSeal: (caseId) => produceSeal(context, caseId),
    revokeSeal: (caseId, reason) => revokeSeal(context, caseId, reason),
    superviseSeal: (caseId, act, reason) => superviseSeal(context, caseId, act, reason),
    sealRegister: () => sealRegister(context),
    producedSeal: (caseId) => producedSeal(context, caseId),
    sealUses: (caseId) => sealUses(context, caseId),

    reviewQueue: (stage) => reviewQueue(context, stage),
    async review(stage, caseIds, verdict, reasons, progress = NO_PROGRESS) {
      const outcome = await review(context, stage, caseIds, verdict, reasons, progress);
      await settle(context);
      return outcome;
    },
    issueQueue: () => issueQueue(context),
    issue: (caseIds, progress = NO_PROGRESS) => issue(context, caseIds, progress),
    issuePaper: (caseId, serial) => issuePaper(context, caseId, serial),
    station: () => stationView(context),
    async startStation(hours) {
      await startStation(context, hours);
      await settle(context);
    },
    stopStation: () => stopStation(context),
    collect: (caseId, collector) => collect(context, caseId, collector),
    revokeLicence: (caseId, reason) => revokeLicence(context, caseId, reason),
    licenceRegister: () => licenceRegister(context),
    unstampedLicences: () => unstampedLicences(context),
    unstampedSeen: (caseIds) => unstampedSeen(context, caseIds),

    recordUse: (number, use, token) => recordUse(context, number, use, token),
    takeBackUse: (caseId, use, reason) => takeBackUse(context, caseId, use, reason),
    recordsOf: (number, token) => recordsOf(context, number, token),

    trust: () => trustView(context),
    verificationTrust: () => verificationTrust(context),
    trustBundle: () => trustBundle(context),
    async publishTrust(policy, endpoints, timeStampAuthority) {
      await publishBundle(context, {
        policy,
        ...(endpoints ? { endpoints } : {}),
        ...(timeStampAuthority ? { timeStampAuthorities: authoritiesIn(timeStampAuthority) } : {}),
      });
      await settle(context);
    },

    ...authorityActs(context),

    async syncNow() {
      const run = async () => {
        await endStation(context);
        await syncNow(context, memory);
        await settleInTurn();
      };
      await watchdog.watch(run, () => noteRestart(context));
      return syncState(context, memory);
    },
    gaps: () => gaps(context),
    dropWaiting: (id) => dropWaiting(context, id),
    refusedSeen: (ids) => refusedSeen(context, ids),
    setEndpoint: (url) => setEndpoint(context, url),
    exportPackages: (which) => exportPackages(context, which),
    async importPackages(files) {
      const outcome = await importPackages(context, files);
      await settle(context);
      return outcome;
    },
  };
  const wrapped = refusing({ ...desk, settle: () => settle(context) });
  const settleInTurn = () => wrapped.settle();
  return wrapped;
}

/** Acts that only read, or that must not wait for others. */
const AT_ONCE = new Set([
  'overview',
  'lock',
  'keyFileSeconds',
  'cancelImport',
  'previewJoin',
  'pilotStage',
  'binding',
  'drawSealPreview',
  'letterPdf',
  'keptScans',
  'drafts',
  'checkAttachment',
  'checkDraft',
  'previewDraft',
  'applications',
  'application',
  'licences',
  'licence',
  'sealQueue',
  'sealCase',
  'sealRegister',
  'sealUses',
  'reviewQueue',
  'issueQueue',
  'licenceRegister',
  'station',
  'recordsOf',
  'unstampedLicences',
  'trust',
  'verificationTrust',
  'trustBundle',
  'authority',
  'crlFile',
  'certificateFile',
  'signedSteps',
  'requestFile',
  'exportPackages',
  'gaps',
  'syncNow',
]);

/**
 * Acts that write come one after the other, so that two clicks never take one number; whatever is
 * thrown below leaves as a `DeskError`.
 */
function refusing<T extends Desk>(desk: T): T {
  const wrapped: Record<string, unknown> = {};
  let last: Promise<unknown> = Promise.resolve();
  for (const [name, act] of Object.entries(desk)) {
    const run = act as (...given: unknown[]) => Promise<unknown>;
    const inTurn = (...args: unknown[]) => {
      const turn = last.then(() => run(...args));
      last = turn.catch(() => {});
      return turn;
    };
    wrapped[name] = async (...args: unknown[]) => {
      try {
        return await (AT_ONCE.has(name) ? run : inTurn)(...args);
      } catch (error) {
        throw error instanceof DeskError ? error : asRefusal(error);
      }
    };
  }
  return wrapped as unknown as T;
}
