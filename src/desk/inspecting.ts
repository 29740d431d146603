/**
 * Recording the use of a licence (核销) by an inspector. What the record needs is on the licence's
 * code: its number, and the token whose digest the record names.
 */
import { utf8 } from '../crypto/index.ts';
import {
  addDecimals,
  checkUse,
  chinaDate,
  compareDecimals,
  type Decimal,
  type LicenceUse,
  normaliseCode,
  readDecimal,
  readLicenceToken,
  typedDecimal,
  type UseTerms,
  writeDecimal,
} from '../licence/index.ts';
import { bindingDigest, useSalt } from '../packages/index.ts';
import { lastSeen } from '../sync/index.ts';
import { licenceNumbered, standingLicence } from '../workflow/index.ts';
import type { RecordsAnswer } from './api/index.ts';
import type { DeskContext } from './context.ts';
import { READERS } from './device-records.ts';
import { DeskError } from './refusals.ts';
import { verificationTrust } from './trust.ts';
import { licenceState, sumOf } from './views.ts';

/** What a use is recorded on: the licence as this device holds it, or as its code says. */
interface Subject {
  number: string;
  party: string;
  token: string;
  terms: UseTerms;
  /** By line: what is granted, and what is used so far. */
  lines: { granted: string; used: string[] }[];
  /** Head that issued it, where it is here. */
  issued: string | null;
}

/** @param token text of the licence's code, for a device that holds no readable issue */
export async function recordUse(
  context: DeskContext,
  number: string,
  typed: LicenceUse,
  token?: string,
): Promise<void> {
  await context.demandRole('inspector');
  const subject = (await held(context, number)) ?? (await scanned(context, number, token));
  const use = meant(typed);
  const [fault] = checkUse(subject.terms, use, chinaDate(context.now()));
  if (fault) throw refused(fault.code);
  const { party, issued } = subject;
  const { deployment } = (await context.deployment()).bundle;
  const digest = await context.suiteDigest();
  const salt = await useSalt(digest, subject.token);
  const bound = (name: string, value: string) =>
    bindingDigest(digest, { deployment, party, name, salt, value });
  const { declaration, customs } = use;
  await context.write({
    type: 'licence/use',
    case: subject.number,
    party,
    prev: issued ? [issued] : [],
    fields: {
      token: await context.digest(utf8(subject.token)),
      declaration: await bound('declaration', declaration),
      port: await bound('port', customs),
      date: use.date,
      quantities: spread(subject, use.quantity),
    },
    body: { declaration, customs },
    recipients: await context.recipientsFor({ party, case: subject.number }, ...READERS.licence),
    ahead: issued === null,
  });
}

/** The licence as this device holds it; null where its issue is not here, or cannot be opened. */
async function held(context: DeskContext, number: string): Promise<Subject | null> {
  const found = licenceNumbered(await context.state(), number).find(
    (each) => each.replacedBy === null,
  );
  const { token, licence } = found ?? {};
  if (!found || !token || !licence) return null;
  const counted = found.uses.filter(({ quantities }) => quantities.length > 0);
  if (counted.length >= found.maxUses) throw refused('uses-spent');
  if (found.revoked || found.conflict) throw refused('not-in-force');
  const { ports, issuedOn, validUntil, tolerance, totals } = licence;
  const used = sumOf(counted.flatMap(({ quantities }) => quantities));
  return {
    number,
    party: found.uscc,
    token,
    terms: { ports, issuedOn, validUntil, tolerance, quantity: totals.quantity, used },
    lines: found.quantities.map((granted, line) => ({
      granted,
      used: counted.map(({ quantities }) => quantities[line] ?? '0'),
    })),
    issued: found.issued,
  };
}

/**
 * The licence as its code says, signed by an issuer whom this device trusts. What was used before is
 * not known here: what exceeds the licence is shown as over-use once everything has come together.
 * @throws {DeskError} `unknown-licence`, `licence-unread`
 */
async function scanned(
  context: DeskContext,
  number: string,
  token: string | undefined,
): Promise<Subject> {
  if (!token) {
    const here = licenceNumbered(await context.state(), number).length > 0;
    throw here
      ? new DeskError('licence-unread', 'the licence cannot be opened here')
      : new DeskError('unknown-licence', 'no such licence on this device');
  }
  const trust = await verificationTrust(context);
  const options = { time: context.now(), ...(trust ? { trust } : {}) };
  const { verdict, licence } = await readLicenceToken(token, options);
  const good = verdict === 'valid' || verdict === 'stale' || verdict === 'expired';
  if (!good || licence?.number !== number) {
    throw new DeskError('unknown-licence', 'the code is not that of a licence in force');
  }
  const { importer, ports, issuedOn, validUntil, lines, lineCount } = licence;
  const granted = Array.from({ length: lineCount }, (_, line) => lines[line]?.quantity ?? '0');
  return {
    number,
    party: importer.code,
    token,
    // The code names no tolerance: quantities are not held against it here.
    terms: { ports, issuedOn, validUntil, tolerance: '0', quantity: '', used: '0' },
    lines: granted.map((each) => ({ granted: each, used: [] })),
    issued: null,
  };
}

/** What was recorded by mistake counts no more; the record of it stays. */
export async function takeBackUse(
  context: DeskContext,
  caseId: string,
  use: string,
  reason: string,
): Promise<void> {
  await context.demandRole('inspector');
  if (reason.trim() === '') throw new DeskError('reasons-needed', 'say why');
  const found = standingLicence(await context.state(), caseId);
  if (!found) throw new DeskError('unknown-licence', 'no licence was issued');
  await context.write({
    type: 'licence/use-correct',
    case: found.number,
    party: found.uscc,
    prev: [use],
    fields: { token: found.tokenDigest, use, quantities: null },
    body: { reasons: [reason.trim()] },
    recipients: await context.recipientsFor(
      { party: found.uscc, case: caseId },
      ...READERS.licence,
    ),
  });
}

/** Whether this device holds the issue, and whether it was of this very code. */
export async function recordsOf(
  context: DeskContext,
  number: string,
  token: string,
): Promise<RecordsAnswer> {
  const endpoint = await context.endpoint();
  const seen = endpoint ? await lastSeen(context.store, endpoint) : null;
  const asOf = seen?.time ?? null;
  if (!(await context.hasDeployment())) return { issue: 'not-here', state: null, asOf };
  const known = licenceNumbered(await context.state(), number);
  if (known.length === 0) return { issue: 'not-here', state: null, asOf };
  const digest = await context.digest(utf8(token));
  const found = known.find(({ tokenDigest }) => tokenDigest === digest);
  if (!found) return { issue: 'other', state: null, asOf };
  return { issue: 'same', state: licenceState(found, context.now()), asOf };
}

function meant({ declaration, customs, date, quantity: typed }: LicenceUse): LicenceUse {
  const quantity = typedDecimal(typed);
  if (!quantity) throw refused('quantity-form');
  return {
    declaration: normaliseCode(declaration),
    customs: normaliseCode(customs),
    date,
    quantity,
  };
}

const refused = (detail: string) =>
  new DeskError('record-refused', 'the use does not fit the licence', { detail });

/** Fills the lines in their order; what exceeds them all stands on the last. */
function spread({ lines }: Subject, quantity: string): string[] {
  let rest = readDecimal(quantity) ?? ZERO;
  return lines.map(({ granted, used }, line) => {
    const before = used.reduce((sum, each) => addDecimals(sum, readDecimal(each) ?? ZERO), ZERO);
    const free = minus(readDecimal(granted) ?? ZERO, before);
    const last = line === lines.length - 1;
    const part = last || compareDecimals(rest, free) <= 0 ? rest : free;
    const taken = compareDecimals(part, ZERO) < 0 ? ZERO : part;
    rest = minus(rest, taken);
    return writeDecimal(taken);
  });
}

const ZERO: Decimal = { mantissa: 0n, scale: 0 };

const minus = (a: Decimal, b: Decimal): Decimal => addDecimals(a, { ...b, mantissa: -b.mantissa });
