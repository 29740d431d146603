/**
 * Issuing: the licence is generated, sealed and packed by itself once the second review passed (or
 * when the issuer confirms). Its number is burned in the transaction that stores the package.
 */
import { type Json, type Signer, type SuiteDigest, utf8 } from '../crypto/index.ts';
import {
  chinaDate,
  encodeLicenceToken,
  formatNumber,
  LICENCE_TYPES,
  type Licence,
  licenceFromApplication,
  termsOf,
} from '../licence/index.ts';
import { bindingDigest, useSalt } from '../packages/index.ts';
import { certificateId, shardIndex } from '../pki/index.ts';
import { readSeal } from '../seal/index.ts';
import { type ApplicationCaseState, type NumberBlock, standingLicence } from '../workflow/index.ts';
import type { BatchOutcome, DeskRefusal, Progress } from './api/index.ts';
import { applicationCase } from './applications.ts';
import { authoritySealOf } from './authority-seal.ts';
import type { DeskContext } from './context.ts';
import { READERS } from './device-records.ts';
import { asRefusal, DeskError } from './refusals.ts';
import { fontsOf } from './seals.ts';
import { refreshStatusLists } from './status-lists.ts';
import { bundleEvidence, signStamped, timeStampPolicy } from './time-stamps.ts';
import { noteUnstamped } from './unstamped.ts';

const LICENCE_FILE = 'licence.pdf';

/** Namespace `issuing`, id of the status list: what was handed out. */
interface ShardRecord {
  key: Uint8Array;
  count: number;
}

export async function issue(
  context: DeskContext,
  caseIds: string[],
  progress: Progress,
): Promise<BatchOutcome> {
  await context.demandRole('issuer');
  const outcome: BatchOutcome = { done: [], refused: [] };
  for (const [i, caseId] of caseIds.entries()) {
    progress('issuing', i / caseIds.length);
    try {
      const { shortfall } = await issueOne(context, caseId, null);
      outcome.done.push(caseId);
      if (shortfall) outcome.notes = [...(outcome.notes ?? []), { caseId, note: shortfall }];
    } catch (error) {
      const { code, message, params } = asRefusal(error);
      outcome.refused.push({ caseId, refusal: { code, message, params } });
    }
  }
  progress('issuing', 1);
  return outcome;
}

/** Prints for collection. @returns the sheet to print */
export async function issuePaper(
  context: DeskContext,
  caseId: string,
  serial: string,
): Promise<Uint8Array> {
  await context.demandRole('issuer');
  if (serial.trim() === '') throw new DeskError('serial-empty', 'the sheet has a serial number');
  return (await issueOne(context, caseId, serial.trim())).pdf;
}

interface SealedLicence {
  pdf: Uint8Array;
  /** Why a time stamp that the policy wants is not there. */
  shortfall: DeskRefusal | null;
}

async function issueOne(
  context: DeskContext,
  caseId: string,
  serial: string | null,
): Promise<SealedLicence> {
  const found = await applicationCase(context, caseId);
  if (!found.application) {
    throw new DeskError('contents-unread', 'the application is not readable here');
  }
  const signer = context.signer();
  const bundle = await context.bundle();
  const now = context.now();
  const issuedOn = chinaDate(now);
  const { block, number } = await nextNumber(context, signer, Number(issuedOn.slice(0, 4)));
  const shard = await shardOf(context, block.statusList);
  const index = await shardIndex(shard.key, shard.count);
  const licence = licenceFromApplication(found.application, {
    number,
    authority: { ...bundle.authority },
    issuedOn,
    statusList: { id: block.statusList, index },
    pilot: bundle.pilot,
  });
  const token = await encodeLicenceToken(licence, signer);
  const sealed = await sealedLicence(context, licence, token, signer);
  const { deployment } = bundle;
  const party = found.uscc;
  const digest = await context.suiteDigest();
  const terms = await termsDigest(digest, deployment, found, termsOf(licence));
  const salt = await useSalt(digest, token);
  await context.write({
    type: serial === null ? 'licence/issue' : 'licence/issue-paper',
    case: caseId,
    party,
    prev: [found.head],
    fields: {
      number,
      terms,
      token: await context.digest(utf8(token)),
      pdf: await context.digest(sealed.pdf),
      validFrom: licence.issuedOn,
      validUntil: licence.validUntil,
      maxUses: licence.maxUses,
      tolerance: licence.tolerance,
      quantities: licence.lines.map(({ quantity }) => quantity),
      ports: await Promise.all(
        licence.ports.map(({ code: value }) =>
          bindingDigest(digest, { deployment, party, name: 'port', salt, value }),
        ),
      ),
      status: { list: block.statusList, index },
      ...(serial === null ? {} : { serial }),
    },
    body: {
      licence: licence as unknown as Json,
      token,
      salts: { terms: found.termsSalt ?? '' },
    },
    files: [{ name: LICENCE_FILE, bytes: sealed.pdf, confidential: true }],
    recipients: await context.recipientsFor({ party, case: caseId }, ...READERS.licence),
    also: {
      records: [
        {
          namespace: 'issuing',
          id: block.statusList,
          value: { ...shard, count: shard.count + 1 } satisfies ShardRecord,
        },
        { namespace: 'numbers', id: number, value: { case: caseId, at: now } },
      ],
    },
  });
  return sealed;
}

/** Whoever issues over other terms than those that passed is refused by everybody. */
function termsDigest(
  digest: SuiteDigest,
  deployment: string,
  { uscc: party, termsSalt }: ApplicationCaseState,
  value: Json,
): Promise<string> {
  return bindingDigest(digest, { deployment, party, name: 'terms', salt: termsSalt ?? '', value });
}

/**
 * How the indexes of a list are handed out. A device that does not know how another one did draws
 * an order of its own; the lowest free index of it is taken, so that none is given twice.
 */
async function shardOf(context: DeskContext, list: string): Promise<ShardRecord> {
  const known = (await context.store.record('issuing', list)) as ShardRecord | undefined;
  const shard = known ?? { key: crypto.getRandomValues(new Uint8Array(32)), count: 0 };
  const taken = new Set<number>();
  for (const { status } of (await context.state()).licences.values()) {
    if (status.list === list) taken.add(status.index);
  }
  let { count } = shard;
  while (taken.has(await shardIndex(shard.key, count))) count++;
  return { ...shard, count };
}

/** The lowest unused number of the issuer's own blocks. */
async function nextNumber(
  context: DeskContext,
  signer: Signer,
  year: number,
): Promise<{ block: NumberBlock; number: string }> {
  const own = await certificateId(signer.certificate);
  const { blocks, licences } = await context.state();
  const { numbering } = (await context.bundle()).policy;
  const used = new Set([...licences.values()].map(({ number }) => number));
  for (const { id } of await context.store.records('numbers')) used.add(id);
  for (const block of blocks) {
    if (block.to !== own || block.year !== year) continue;
    for (let serial = block.from; serial < block.from + block.count; serial++) {
      const number = formatNumber(numbering.pattern, { year, issuer: block.issuer, serial });
      if (!used.has(number)) return { block, number };
    }
  }
  throw new DeskError('numbers-spent', 'no licence number is left in the own blocks');
}

async function sealedLicence(
  context: DeskContext,
  licence: Licence,
  token: string,
  signer: Signer,
): Promise<SealedLicence> {
  const [{ composeLicence }, { appendDss }] = await Promise.all([
    import('../documents/index.ts'),
    import('../pdf/sign/index.ts'),
  ]);
  const seal = await authoritySealOf(context, signer.certificate);
  const now = context.now();
  const fonts = await fontsOf(context);
  const bundle = await context.bundle();
  const { pdf, sealRect } = await composeLicence(licence, {
    fonts,
    token,
    pilot: licence.pilot,
    texture: bundle.policy.sealTexture ?? false,
    time: now,
  });
  const { page, x, y, width, height } = sealRect;
  // The evidence goes in before the signature, so that the seal covers the whole file.
  const policy = await timeStampPolicy(context);
  const { certs, crls } = bundleEvidence(bundle);
  const withEvidence = await appendDss(pdf, {
    certs: policy === 'none' ? signer.chain : [...signer.chain, ...certs],
    crls,
    ocsps: [],
  });
  const options = {
    pdf: withEvidence,
    signer,
    field: 'Authority',
    page,
    rect: [x, y, x + width, y + height] as const,
    appearance: { kind: 'picture', seal } as const,
    reason: `${LICENCE_TYPES[licence.type].short.zh} ${licence.number} ${readSeal(seal).info.name}`,
    time: now,
    certify: 1 as const,
  };
  return signStamped(context, options, policy === 'none' ? 'B' : 'T', policy === 'required');
}

export async function collect(
  context: DeskContext,
  caseId: string,
  collector: { name: string; document: string },
): Promise<void> {
  await context.demandRole('issuer');
  if (collector.name.trim() === '') throw new DeskError('name-empty', 'who collects it');
  const found = await issuedLicence(context, caseId);
  await context.write({
    type: 'licence/collect',
    case: found.number,
    party: found.uscc,
    prev: [found.issued],
    fields: { token: found.tokenDigest },
    body: { name: collector.name.trim(), document: collector.document.trim() },
    recipients: await context.recipientsFor(
      { party: found.uscc, case: caseId },
      ...READERS.licence,
    ),
  });
}

/** Revokes, and publishes the status list that says so. */
export async function revokeLicence(
  context: DeskContext,
  caseId: string,
  reason: string,
): Promise<void> {
  await context.demandRole('issuer');
  if (reason.trim() === '') throw new DeskError('reasons-needed', 'say why');
  const licence = await issuedLicence(context, caseId);
  await context.write({
    type: 'licence/revoke',
    case: licence.number,
    party: licence.uscc,
    prev: [licence.issued],
    fields: { token: licence.tokenDigest },
    body: { reasons: [reason.trim()] },
    recipients: await context.recipientsFor(
      { party: licence.uscc, case: caseId },
      ...READERS.licence,
    ),
  });
  await refreshStatusLists(context);
}

/** Cases that are to be issued by themselves. */
export async function waitingIssues(context: DeskContext): Promise<string[]> {
  const { policy } = await context.bundle();
  if (policy.issuing !== 'automatic') return [];
  return [...(await context.state()).applications.values()]
    .filter(({ state, flow }) => state === 'second-passed' && flow === 'electronic')
    .map((each) => each.case);
}

/** Issues whatever the second review passed, where the policy is automatic; the issuer sits here. */
export async function issueByItself(context: DeskContext): Promise<BatchOutcome | null> {
  const waiting = await waitingIssues(context);
  if (waiting.length === 0) return null;
  const outcome = await issue(context, waiting, () => {});
  await noteUnstamped(context, outcome);
  return outcome;
}

export async function licencePdf(context: DeskContext, caseId: string): Promise<Uint8Array | null> {
  const { issued } = await issuedLicence(context, caseId);
  return (await context.files(issued))?.get(LICENCE_FILE) ?? null;
}

/** The licence that stands in the case. @throws {DeskError} `unknown-licence` */
async function issuedLicence(context: DeskContext, caseId: string) {
  const found = standingLicence(await context.state(), caseId);
  if (!found) throw new DeskError('unknown-licence', 'no licence was issued');
  return found;
}
