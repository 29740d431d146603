/**
 * What a person's keys open of the packages behind a state: forms, reasons, goods, names. It is laid
 * over the state for showing; no rule reads it, so that everybody's state is the same without it.
 */
import { type Json, Malformed } from '../../crypto/index.ts';
import { checkBody, isRecordType } from '../records/types.ts';
import type { State } from './state.ts';

type Body = { [member: string]: Json };

/** A body that was opened and is not what its type says: not shown. */
export interface ContentsFinding {
  id: string;
  code: string;
  message: string;
}

/**
 * Fills in what the bodies say.
 * @param bodies opened bodies by package
 * @returns findings about bodies of another form than their type has
 */
export function readInto(
  state: State,
  bodies: ReadonlyMap<string, Json>,
  typeOf: (id: string) => string | null,
): ContentsFinding[] {
  const findings: ContentsFinding[] = [];
  const checked = new Map<string, Body>();
  for (const [id, body] of bodies) {
    const type = typeOf(id);
    if (type === null || !isRecordType(type)) continue;
    try {
      checkBody(type, body as never);
      checked.set(id, body as Body);
    } catch (error) {
      if (!(error instanceof Malformed)) throw error;
      findings.push({ id, code: error.code, message: error.message });
    }
  }
  const body = (id: string | null): Body | null => (id && checked.get(id)) || null;
  const reasons = (id: string | null) => (body(id)?.['reasons'] as string[] | undefined) ?? null;
  for (const step of [...state.steps.values()].flat())
    step.reasons = reasons(step.id) ?? step.reasons;
  for (const each of state.enterprises.values()) {
    each.form = body(each.formFrom);
    if (each.change) each.change.form = body(each.change.package);
  }
  for (const each of state.seals.values()) {
    each.form = body(each.case);
    if (each.letter) each.letter.findings = body(each.letter.id);
    each.reasons = reasons(each.reasonsFrom) ?? each.reasons;
  }
  for (const each of state.applications.values()) {
    const submission = body(each.submission);
    each.application = (submission?.['application'] ?? null) as never;
    each.attachments = (submission?.['attachments'] ?? []) as never;
    each.termsSalt = saltOf(submission);
    each.report = body(each.firstReview)?.['report'] ?? null;
    each.reasons = reasons(each.reasonsFrom) ?? each.reasons;
  }
  readLicences(state, body, reasons);
  return findings;
}

function readLicences(
  state: State,
  body: (id: string | null) => Body | null,
  reasons: (id: string | null) => string[] | null,
): void {
  for (const each of state.licences.values()) {
    const issued = body(each.issued);
    each.licence = (issued?.['licence'] ?? null) as never;
    each.token = (issued?.['token'] as string | undefined) ?? null;
    each.termsSalt = saltOf(issued);
    if (each.collected) Object.assign(each.collected, body(each.collected.id) ?? {});
    if (each.revoked) each.revoked.reasons = reasons(each.revoked.id) ?? [];
    for (const use of each.uses) {
      const said = body(use.id) as { declaration?: string; customs?: string } | null;
      use.declaration = said?.declaration ?? '';
      use.customs = said?.customs ?? '';
    }
  }
}

const saltOf = (body: Body | null): string | null =>
  (body?.['salts'] as { terms?: string } | undefined)?.terms ?? null;
