/** Drafts: saved on every change, gone only when the package that they became is stored. */
import {
  type Application,
  checkApplication,
  emptyApplication,
  LICENCE_TYPES,
  type LicenceType,
  missingAttachments,
  withTotals,
} from '../licence/index.ts';
import type { Draft, FieldIssue } from './api/index.ts';
import { attachmentProblem } from './attachments/index.ts';
import { type DeskContext, newId } from './context.ts';
import { clients } from './parties/mandates.ts';
import { DeskError } from './refusals.ts';
import { fontsOf } from './seals.ts';

const MAX_ATTACHMENT = 8 * 1024 * 1024;
const MAX_ATTACHMENTS = 20;

interface StoredDraft extends Draft {
  person: string;
}

/** A draft's data is the application; the paper flow is a choice beside it. */
const applicationOf = (draft: Pick<Draft, 'data'>): Application =>
  draft.data as unknown as Application;

export async function drafts(context: DeskContext): Promise<Draft[]> {
  const all = (await context.store.records('drafts')).map(({ value }) => value as StoredDraft);
  return all
    .filter(({ person }) => person === context.current)
    .sort((a, b) => (a.savedAt < b.savedAt ? 1 : -1))
    .map(({ person: _, ...draft }) => draft);
}

export async function newDraft(
  context: DeskContext,
  licenceType: string,
  client?: string,
): Promise<Draft> {
  if (!Object.hasOwn(LICENCE_TYPES, licenceType)) {
    throw new DeskError('unknown-draft', 'no such licence type');
  }
  const person = await context.person();
  const application = emptyApplication(licenceType as LicenceType);
  const own = client === undefined || client === person.uscc;
  const found = own ? null : (await clients(context)).find(({ uscc }) => uscc === client);
  if (found === undefined) throw new DeskError('mandate-none', 'no mandate of this enterprise');
  const party = found
    ? { name: found.name, code: found.uscc }
    : { name: person.organization, code: person.uscc ?? '' };
  const registration = (await context.store.record('registration', person.id)) as
    | { contact: string; phone: string }
    | undefined;
  const draft: Draft = {
    id: newId(),
    licenceType,
    caseId: null,
    client: found?.uscc ?? null,
    flow: 'electronic',
    data: {
      ...application,
      importer: party,
      consignee: party,
      appliedOn: context.now().slice(0, 10),
      contact: { name: registration?.contact ?? '', phone: registration?.phone ?? '' },
    },
    attachments: [],
    savedAt: context.now(),
  };
  await keep(context, draft);
  return draft;
}

/**
 * Saves a draft that is there: one that was submitted or deleted meanwhile does not come back.
 *
 * @throws {DeskError} `unknown-draft`, `attachment-too-large`, `attachments-too-many`, storage refusals
 */
export async function saveDraft(context: DeskContext, draft: Draft): Promise<{ savedAt: string }> {
  await context.person();
  await draftOf(context, draft.id);
  return keep(context, draft);
}

/** Undoes a deletion. @throws {DeskError} as `saveDraft` */
export async function restoreDraft(context: DeskContext, draft: Draft): Promise<void> {
  await keep(context, draft);
  context.changed();
}

async function keep(context: DeskContext, draft: Draft): Promise<{ savedAt: string }> {
  const person = (await context.person()).id;
  const large = draft.attachments.find(({ bytes }) => bytes.length > MAX_ATTACHMENT);
  if (large) {
    throw new DeskError('attachment-too-large', `${large.name} is too large`, {
      name: large.name,
      max: 8,
    });
  }
  if (draft.attachments.length > MAX_ATTACHMENTS) {
    throw new DeskError('attachments-too-many', 'too many attachments', { max: MAX_ATTACHMENTS });
  }
  const savedAt = context.now();
  const value: StoredDraft = { ...draft, savedAt, person };
  await context.store.commit({ records: [{ namespace: 'drafts', id: draft.id, value }] });
  return { savedAt };
}

export async function draftOf(context: DeskContext, id: string): Promise<Draft> {
  const found = (await context.store.record('drafts', id)) as StoredDraft | undefined;
  if (!found || found.person !== context.current) {
    throw new DeskError('unknown-draft', 'the draft is not on this device');
  }
  const { person: _, ...draft } = found;
  return draft;
}

export async function deleteDraft(context: DeskContext, id: string): Promise<void> {
  await draftOf(context, id);
  await context.store.commit({ records: [{ namespace: 'drafts', id, value: undefined }] });
  context.changed();
}

/** What stands against submitting, field by field; a missing attachment is named by its kind. */
export async function checkDraft(context: DeskContext, draft: Draft): Promise<FieldIssue[]> {
  const { sans } = await fontsOf(context);
  const { hasGlyph } = await import('../documents/index.ts');
  const application = listed(draft);
  const issues: FieldIssue[] = checkApplication(application, {
    fontHas: (character) => hasGlyph(character, sans),
  });
  const missing = missingAttachments(application, {
    firstInYear: await firstInYear(context, application),
  });
  for (const { key } of missing) {
    issues.push({ field: `attachments.${key}`, code: 'attachment-missing', severity: 'block' });
  }
  for (const { kind, name, bytes } of draft.attachments) {
    const problem = await attachmentProblem(name, bytes);
    if (problem) issues.push({ field: `attachments.${kind}`, severity: 'block', ...problem });
  }
  return issues;
}

async function firstInYear(context: DeskContext, application: Application): Promise<boolean> {
  const year = (application.appliedOn || context.now()).slice(0, 4);
  return ![...(await context.state()).applications.values()].some(
    (each) => each.uscc === application.importer.code && each.submittedAt.startsWith(year),
  );
}

/** The application with its totals computed and its attachments listed as they are. */
export function listed(draft: Draft): Application {
  return {
    ...withTotals(applicationOf(draft)),
    attachments: draft.attachments.map(({ kind, name, bytes }) => ({
      key: kind,
      name,
      size: bytes.length,
    })),
  };
}
