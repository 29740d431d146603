/**
 * A device that is lost takes a key with it. Its person says so on another device: a report that her own
 * key signs, for the registrar, and at once the record that her seal is lost. The registrar reads the
 * report, and revokes; who has no key left is revoked without one, in person.
 */
import { OID, signAttached, verifyAttached } from '../cms/index.ts';
import { canonicalJson, type Json, Malformed, readCanonicalJson, utf8 } from '../crypto/index.ts';
import { certificateId } from '../pki/index.ts';
import { boundSeal } from '../workflow/index.ts';
import type { LostReport } from './api/index.ts';
import { holdings } from './authority/books.ts';
import type { DeskContext } from './context.ts';
import { DeskError } from './refusals.ts';
import { sealAct } from './seals.ts';

const KIND = 'cinnabar/lost-device/1';
const LONGEST = 64 * 1024;

/** What the report says; everything is text. */
interface Statement {
  kind: typeof KIND;
  deployment: string;
  /** SHA-256 hex of the signing certificate whose key is lost. */
  certificate: string;
  /** Since when the device may be in other hands, ISO 8601. */
  since: string;
  at: string;
  note: string;
}

/**
 * @param since when the device was seen last, ISO 8601
 * @returns CMS SignedData for the registrar; `seal` says whether the seal was reported lost as well
 */
export async function reportLost(
  context: DeskContext,
  since: string,
  note: string,
): Promise<{ file: Uint8Array; seal: boolean }> {
  const signer = context.signer();
  const at = context.now();
  if (Number.isNaN(Date.parse(since)) || since > at) {
    throw new DeskError('malformed', 'a time that was', { detail: 'since' });
  }
  if (note.trim() === '') throw new DeskError('reasons-needed', 'say what happened');
  const { deployment } = await context.bundle();
  const certificate = await certificateId(signer.certificate);
  const statement: Statement = {
    kind: KIND,
    deployment,
    certificate,
    since,
    at,
    note: note.trim(),
  };
  const content = utf8(canonicalJson(statement as unknown as Json));
  const contentType = OID.data;
  const file = await signAttached({ content, contentType, signer, signingTime: at });
  const { uscc } = await context.person();
  const seals = [...(await context.state()).seals.values()];
  const bound = uscc === null ? null : boundSeal(seals, uscc, at);
  if (bound) await sealAct(context, 'lost', note);
  return { file, seal: bound !== null };
}

/**
 * Reads the report of somebody who was certified here.
 * @throws {DeskError} `lost-report-unusable` for any other file, or where the signature is not good
 */
export async function readLostReport(context: DeskContext, file: Uint8Array): Promise<LostReport> {
  await context.demandRole('registrar', 'root');
  const unusable = (why: string) => new DeskError('lost-report-unusable', why, { detail: why });
  if (file.length > LONGEST) throw unusable('size');
  const report = await verifyAttached(file, OID.data);
  if (!report.ok || !report.content || !report.signer) throw unusable(report.code);
  const statement = statementIn(report.content);
  if (!statement) throw unusable('form');
  const { deployment } = await context.bundle();
  const certificate = await certificateId(report.signer);
  if (statement.deployment !== deployment || statement.certificate !== certificate) {
    throw unusable('deployment');
  }
  const holder = (await holdings(context)).find(({ id }) => id === certificate);
  if (holder?.kind !== 'enterprise' && holder?.kind !== 'staff') throw unusable('holder');
  const { since, at, note } = statement;
  const { steps } = await context.state();
  const places = [...steps.values()]
    .flat()
    .filter((step) => step.by === certificate && step.at >= since)
    .flatMap(({ place }) => place ?? []);
  const place = places.length > 0 ? Math.min(...places) : null;
  return {
    certificate,
    name: holder.name,
    organization: holder.organization,
    since,
    at,
    note,
    place,
  };
}

function statementIn(content: Uint8Array): Statement | null {
  let read: Json;
  try {
    read = readCanonicalJson(content, { maxBytes: LONGEST, maxDepth: 2 });
  } catch (error) {
    if (error instanceof Malformed) return null;
    throw error;
  }
  const it = read as unknown as Statement;
  const texts = [it?.deployment, it?.certificate, it?.since, it?.at, it?.note];
  if (it?.kind !== KIND || texts.some((text) => typeof text !== 'string')) return null;
  return Number.isNaN(Date.parse(it.since)) || Number.isNaN(Date.parse(it.at)) ? null : it;
}
