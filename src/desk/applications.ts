/** Applications of an enterprise: preview, stamp, submit, correct, withdraw. */
import { type Json, toHex } from '../crypto/index.ts';
import { type Application, LICENCE_TYPES, termsOf } from '../licence/index.ts';
import { bindingDigest, bindingSalt, type PackageFile } from '../packages/index.ts';
import { holderListed, readSeal } from '../seal/index.ts';
import type { Draft, Progress } from './api/index.ts';
import { type DeskContext, newId } from './context.ts';
import { READERS } from './device-records.ts';
import { checkDraft, draftOf, listed } from './drafts.ts';
import { DeskError } from './refusals.ts';
import { ownSeal } from './seal-making.ts';
import { fontsOf } from './seals.ts';
import { signStamped, timeStampPolicy } from './time-stamps.ts';

export const FORM_FILE = 'application.pdf';

export async function previewDraft(context: DeskContext, id: string): Promise<Uint8Array> {
  return (await compose(context, listed(await draftOf(context, id)))).pdf;
}

async function compose(context: DeskContext, application: Application) {
  const { composeApplicationForm } = await import('../documents/index.ts');
  const { pilot } = await context.bundle();
  const fonts = await fontsOf(context);
  return composeApplicationForm(application, { fonts, pilot, time: context.now() });
}

/** Stamps (or, in the transition, signs plainly) and submits; the draft goes in the same commit. */
export async function submitDraft(
  context: DeskContext,
  id: string,
  stamp: 'seal' | 'plain',
  progress: Progress,
): Promise<string> {
  const draft = await draftOf(context, id);
  const person = await context.person();
  const signer = context.signer();
  progress('checking', 0);
  const blocking = (await checkDraft(context, draft)).filter(
    ({ severity }) => severity === 'block',
  );
  if (blocking.length > 0) {
    throw new DeskError('draft-incomplete', 'fields are missing or wrong', {
      count: blocking.length,
    });
  }
  const bundle = await context.bundle();
  const now = context.now();
  const party = draft.client ?? person.uscc ?? '';
  const seal = stamp === 'seal' ? await ownSeal(context, party) : null;
  if (stamp === 'seal' && !seal) throw new DeskError('seal-not-bound', 'no seal is bound');
  // A renewed certificate needs a new seal: stamped with the old one, the form would verify nowhere.
  if (seal && !(await holderListed(readSeal(seal.der).info.holders, signer.certificate))) {
    throw new DeskError('seal-not-bound', 'the seal was made for another certificate');
  }
  if (stamp === 'plain' && Date.parse(now) >= Date.parse(bundle.policy.sealCompulsoryFrom)) {
    throw new DeskError('seal-compulsory', 'a seal is compulsory now');
  }
  const before = draft.caseId ? (await context.state()).applications.get(draft.caseId) : undefined;
  const application: Application = {
    ...listed(draft),
    number: before?.application?.number ?? applicationNumber(now),
  };
  progress('composing', 0.2);
  const { pdf, sealRect } = await compose(context, application);
  progress('stamping', 0.6);
  const { page, x, y, width, height } = sealRect;
  const options = {
    pdf,
    signer,
    field: 'Enterprise',
    page,
    rect: [x, y, x + width, y + height] as const,
    appearance: seal ? ({ kind: 'picture', seal: seal.der } as const) : ({ kind: 'none' } as const),
    reason: `${LICENCE_TYPES[application.type].formTitle.zh} ${application.number}`,
    time: now,
  };
  // Forms are made offline as well as online: a time stamp is taken where there is one.
  const level = (await timeStampPolicy(context)) === 'none' ? 'B' : 'T';
  const { pdf: stamped } = await signStamped(context, options, level, false);
  progress('packing', 0.8);
  const { files, attachments } = await enclose(context, draft);
  files.unshift({ name: FORM_FILE, bytes: stamped, confidential: true });
  const salt = bindingSalt();
  const { deployment } = bundle;
  const written = await context.write({
    type: 'application/submit',
    ...(before ? { case: before.case } : {}),
    party,
    prev: before ? [before.head] : [],
    fields: {
      licenceType: application.type,
      flow: draft.flow,
      office: bundle.authority.code,
      stamp,
      ...(seal?.state.seal ? { esId: seal.state.seal.esId } : {}),
      pdf: await context.digest(stamped),
      terms: await bindingDigest(await context.suiteDigest(), {
        deployment,
        party,
        name: 'terms',
        salt,
        value: termsOf(application),
      }),
      lines: application.lines.length,
    },
    body: {
      application: application as unknown as Json,
      attachments: attachments as unknown as Json,
      salts: { terms: salt },
    },
    files,
    recipients: await context.recipientsFor({ party, case: before?.case }, ...READERS.application),
    also: { records: [{ namespace: 'drafts', id, value: undefined }] },
  });
  progress('done', 1);
  return before?.case ?? written;
}

async function enclose(context: DeskContext, draft: Draft) {
  const files: PackageFile[] = [];
  const attachments = [];
  for (const [i, { name, kind, type, bytes }] of draft.attachments.entries()) {
    const file = `attachment-${i + 1}`;
    files.push({ name: file, bytes, confidential: true });
    attachments.push({
      file,
      kind,
      name,
      type,
      size: bytes.length,
      digest: await context.digest(bytes),
    });
  }
  return { files, attachments };
}

/** 申请表号: date and eight random hexadecimal digits; unique without a server. */
function applicationNumber(now: string): string {
  const random = toHex(crypto.getRandomValues(new Uint8Array(4))).toUpperCase();
  return `${now.slice(0, 10).replaceAll('-', '')}-${random}`;
}

/** A returned application becomes a draft again, with everything that was in it. */
export async function correct(context: DeskContext, caseId: string): Promise<Draft> {
  const found = await applicationCase(context, caseId);
  if (found.state !== 'returned' || !found.application) {
    throw new DeskError('not-permitted', 'only a returned application can be corrected');
  }
  const files = await context.files(found.submission);
  const draft: Draft = {
    id: newId(),
    licenceType: found.licenceType,
    caseId,
    client: found.uscc === (await context.person()).uscc ? null : found.uscc,
    flow: found.flow,
    data: found.application as unknown as Draft['data'],
    attachments: found.attachments.map(({ file, kind, name, type, size }) => ({
      kind,
      name,
      type,
      size,
      bytes: files?.get(file) ?? new Uint8Array(),
    })),
    savedAt: context.now(),
  };
  const known = (await context.store.records('drafts')).map(({ value }) => value as Draft);
  const again = known.find((each) => each.caseId === caseId);
  if (again) return again;
  const value = { ...draft, person: context.current };
  await context.store.commit({ records: [{ namespace: 'drafts', id: draft.id, value }] });
  context.changed();
  return draft;
}

export async function withdraw(context: DeskContext, caseId: string, reason: string) {
  const found = await applicationCase(context, caseId);
  await context.write({
    type: 'application/withdraw',
    case: caseId,
    party: found.uscc,
    prev: [found.head],
    body: { reasons: reason.trim() ? [reason.trim()] : [] },
    recipients: await context.recipientsFor(
      { party: found.uscc, case: caseId },
      ...READERS.application,
    ),
  });
}

export async function applicationCase(context: DeskContext, caseId: string) {
  const found = (await context.state()).applications.get(caseId);
  if (!found) throw new DeskError('unknown-case', 'no such application');
  return found;
}

/** The stamped form and the attachments of the last submission, where they can be opened here. */
export async function submittedFiles(context: DeskContext, caseId: string) {
  const found = await applicationCase(context, caseId);
  const files = await context.files(found.submission);
  return {
    pdf: files?.get(FORM_FILE) ?? null,
    attachments: found.attachments.map((each) => ({
      ...each,
      bytes: files?.get(each.file) ?? new Uint8Array(),
    })),
  };
}
