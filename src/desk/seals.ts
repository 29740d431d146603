/** The seal of an enterprise at the desk: apply, letter, review, manage. */
import type { Json } from '../crypto/index.ts';
import { drawSeal, type SealDesign, sealPictureOf } from '../seal/index.ts';
import { isEnded, type SealCaseState } from '../workflow/index.ts';
import type { ScanFindings, SealForm } from './api/index.ts';
import type { DeskContext } from './context.ts';
import { READERS } from './device-records.ts';
import { demandSize, forgotten } from './kept-scans.ts';
import { DeskError } from './refusals.ts';

const SCAN_FILE = 'scan';

const partyOf = ({ uscc, case: of }: SealCaseState) => ({ party: uscc, case: of });

/** What the form asks for, as the drawing takes it. */
export function designOf(form: SealForm): SealDesign {
  const kind = form.kind === 'round' && form.lower !== '' ? 'special' : form.kind;
  return {
    kind,
    name: form.name,
    ...(form.lower ? { lower: form.lower } : {}),
    ...(form.code ? { code: form.code } : {}),
  };
}

/** @throws {MissingGlyph} for a character that the font lacks. */
export async function drawnSvg(context: DeskContext, form: SealForm): Promise<string> {
  const picture = sealPictureOf(
    await drawSeal(designOf(form), await context.options.loadFont('serif')),
  );
  return new TextDecoder().decode(picture.data);
}

export async function applyForSeal(context: DeskContext, form: SealForm): Promise<string> {
  const person = await context.person();
  context.signer();
  if (form.name.trim() === '') throw new DeskError('name-empty', 'the seal needs a name');
  const live = [...(await context.state()).seals.values()].some(
    (each) => each.uscc === person.uscc && !isEnded(each, context.now()),
  );
  if (live) throw new DeskError('seal-exists', 'the enterprise has a seal, or applied for one');
  await drawnSvg(context, form);
  return context.write({
    type: 'seal/apply',
    party: person.uscc ?? '',
    prev: [],
    body: form as unknown as Json,
    recipients: await context.recipientsFor({ party: person.uscc ?? '' }, ...READERS.seal),
  });
}

export async function letterPdf(context: DeskContext, caseId: string): Promise<Uint8Array> {
  const found = await sealCase(context, caseId);
  const form = found.form as unknown as SealForm | null;
  if (!form) throw new DeskError('not-permitted', 'the application is not readable here');
  const registration = [...(await context.state()).enterprises.values()].find(
    (each) => each.uscc === found.uscc && each.state === 'approved',
  );
  const person = await context.person();
  const details = (await context.store.record('registration', person.id)) ?? registration?.form;
  const { composeLetter } = await import('../documents/index.ts');
  const { contact = '', phone = '', address = '' } = (details ?? {}) as Record<string, string>;
  const bundle = await context.bundle();
  const { pdf } = await composeLetter(
    {
      case: caseId,
      enterprise: { name: found.enterprise, code: found.uscc },
      contact,
      phone,
      address,
      seal: form,
      authority: bundle.authority,
      appliedAt: found.since,
    },
    { fonts: await fontsOf(context), pilot: bundle.pilot, time: context.now() },
  );
  return pdf;
}

export async function fontsOf({ options }: DeskContext) {
  const [sans, serif] = await Promise.all([options.loadFont('sans'), options.loadFont('serif')]);
  return { sans, serif };
}

export async function sendLetter(
  context: DeskContext,
  caseId: string,
  scan: { bytes: Uint8Array; type: string },
  findings: ScanFindings,
): Promise<void> {
  const { bytes } = scan;
  const type = imageType(bytes);
  if (!type) throw new DeskError('scan-type', 'the scan is neither PNG nor JPEG');
  demandSize(scan);
  const found = await sealCase(context, caseId);
  const seals = findings.seals.map(({ cx, cy, diameter }) => ({
    cx: plain(cx),
    cy: plain(cy),
    diameter: plain(diameter),
  }));
  const diameterMm = findings.diameterMm === null ? null : plain(findings.diameterMm);
  await context.write({
    type: 'seal/letter',
    case: caseId,
    party: found.uscc,
    prev: [found.head],
    body: { ...findings, seals, diameterMm, type } as unknown as Json,
    files: [{ name: SCAN_FILE, bytes, confidential: true }],
    recipients: await context.recipientsFor(partyOf(found), ...READERS.seal),
    also: { records: forgotten(caseId) },
  });
}

/** Numbers travel as decimal strings: records hold no floats. */
const plain = (value: number): string => Math.max(0, value).toFixed(2);

/** By the first octets, never by what somebody says. */
export function imageType(bytes: Uint8Array): 'image/png' | 'image/jpeg' | null {
  const starts = (...head: number[]) => head.every((byte, i) => bytes[i] === byte);
  if (starts(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)) return 'image/png';
  return starts(0xff, 0xd8, 0xff) ? 'image/jpeg' : null;
}

/** The scan that the last letter carried, or null where it cannot be opened here. */
export async function scanOf(
  context: DeskContext,
  found: SealCaseState,
): Promise<{ scan: { bytes: Uint8Array; type: string }; findings: ScanFindings } | null> {
  const bytes = found.letter && (await context.files(found.letter.id))?.get(SCAN_FILE);
  if (!bytes || !found.letter?.findings) return null;
  const body = found.letter.findings as unknown as ScanFindings & { type: string };
  const findings = {
    ...body,
    seals: body.seals.map(({ cx, cy, diameter }) => ({
      cx: Number(cx),
      cy: Number(cy),
      diameter: Number(diameter),
    })),
    diameterMm: body.diameterMm === null ? null : Number(body.diameterMm),
  };
  return { scan: { bytes, type: body.type }, findings };
}

export async function decideSeal(
  context: DeskContext,
  caseId: string,
  approve: boolean,
  reasons: string[],
): Promise<void> {
  await context.demandRole('seal-reviewer');
  if (!approve && reasons.length === 0) throw new DeskError('reasons-needed', 'say why');
  await step(context, caseId, approve ? 'seal/approve' : 'seal/reject', reasons);
}

export async function revokeSeal(
  context: DeskContext,
  caseId: string,
  reason: string,
): Promise<void> {
  await context.demandRole('seal-reviewer', 'seal-maker');
  if (reason.trim() === '') throw new DeskError('reasons-needed', 'say why');
  await step(context, caseId, 'seal/revoke', [reason]);
}

/** Suspends for as long as something is being examined; the enterprise reads why. */
export async function superviseSeal(
  context: DeskContext,
  caseId: string,
  act: 'suspend' | 'resume',
  reason: string,
): Promise<void> {
  await context.demandRole('seal-reviewer');
  if (reason.trim() === '') throw new DeskError('reasons-needed', 'say why');
  await step(context, caseId, `seal/${act}`, [reason.trim()]);
}

export async function sealAct(
  context: DeskContext,
  act: 'suspend' | 'resume' | 'lost' | 'renew',
  reason: string,
): Promise<void> {
  const person = await context.person();
  const { seals } = await context.state();
  const found = [...seals.values()].find(
    (each) => each.uscc === person.uscc && ['bound', 'suspended'].includes(each.state),
  );
  if (!found) throw new DeskError('seal-not-bound', 'there is no seal to act on');
  if (reason.trim() === '') throw new DeskError('reasons-needed', 'say why');
  await step(context, found.case, `seal/${act}`, [reason.trim()]);
}

/** A reason is welcome, not demanded; scans that were not sent are forgotten. */
export async function withdrawSeal(
  context: DeskContext,
  caseId: string,
  reason: string,
): Promise<void> {
  const reasons = reason.trim() === '' ? [] : [reason.trim()];
  await step(context, caseId, 'seal/withdraw', reasons, forgotten(caseId));
}

async function step(
  context: DeskContext,
  caseId: string,
  type: string,
  reasons: string[],
  records: ReturnType<typeof forgotten> = [],
) {
  const found = await sealCase(context, caseId);
  await context.write({
    type,
    case: caseId,
    party: found.uscc,
    prev: [found.head],
    body: { reasons },
    recipients: await context.recipientsFor(partyOf(found), ...READERS.seal),
    also: { records },
  });
}

export async function sealCase(context: DeskContext, caseId: string): Promise<SealCaseState> {
  const found = (await context.state()).seals.get(caseId);
  if (!found) throw new DeskError('unknown-case', 'no such seal case');
  return found;
}
