/**
 * What happens to a licence after its issue, in the unit of its number: collection, use, correction
 * of a use, prints, revocation. Such a record names the token's digest, which a scan gives.
 */
import {
  addDecimals,
  chinaDate,
  compareDecimals,
  type Decimal,
  dayOf,
  readDecimal,
} from '../../licence/index.ts';
import { actsFor } from './acting.ts';
import type { LicenceCaseState, OverUse } from './licence-state.ts';
import { field, inState, Refused, type RuleContext } from './rule.ts';
import type { State } from './state.ts';

/** Licences of one number: one, unless two issues took the same. */
export function licenceNumbered(state: State, number: string): LicenceCaseState[] {
  return (state.numbers.get(number) ?? []).map((id) => state.licences.get(id) as LicenceCaseState);
}

/** The licence that stands in the case of an application, or null. */
export function standingLicence(state: State, caseId: string): LicenceCaseState | null {
  const number = state.applications.get(caseId)?.licence;
  if (!number) return null;
  return licenceNumbered(state, number).find((each) => each.case === caseId) ?? null;
}

export function collect(context: RuleContext): void {
  const licence = named(context);
  const application = context.state.applications.get(licence.case);
  inState(application?.state ?? 'issued', 'issued-paper');
  const { id } = context.entry;
  licence.collected = { id, name: '', document: '', at: context.record.at };
  if (application) application.state = 'collected';
}

/** Revoked is final. */
export function revoke(context: RuleContext): void {
  const licence = named(context);
  if (licence.revoked) throw new Refused('wrong-state', 'the licence is revoked already');
  licence.revoked = { id: context.entry.id, at: context.record.at, reasons: [] };
}

/**
 * One more sheet of paper. So many originals as the policy at its issue allows show the seal clear: of
 * two devices that print the last one, the earlier in the log counts, the other is refused here.
 */
export function print(context: RuleContext): void {
  const { entry, author, record } = context;
  const licence = named(context);
  if (!author.as.has('issuer')) actsFor(context, licence.uscc, null);
  if (licence.revoked || licence.conflict || licence.replacedBy !== null) {
    throw new Refused('not-in-force', 'the licence is not in force');
  }
  const kind = field<'original' | 'copy'>(record, 'kind');
  const clear = licence.prints.filter((each) => each.kind === 'original').length;
  if (kind === 'original' && clear >= licence.clearPrints) {
    throw new Refused('prints-spent', 'the originals that the policy allows were printed');
  }
  licence.prints.push({ id: entry.id, at: record.at, by: author.name, kind });
}

/** A use that happened counts, whatever it exceeds; after a replacement, against the one that stands. */
export function use(context: RuleContext): void {
  const { entry, author, record, state } = context;
  const first = named(context);
  const licence = standing(state, first);
  const quantities = field<string[]>(record, 'quantities');
  if (quantities.length !== licence.quantities.length) {
    throw new Refused('wrong-lines', 'quantities of other lines than the licence has');
  }
  if (dayOf(field(record, 'date')) === null) {
    throw new Refused('use-date-form', 'the day of use is not of the calendar');
  }
  if (field(record, 'date') > chinaDate(context.time)) {
    throw new Refused('use-in-future', 'the day of use lies after the record');
  }
  if (quantities.every((each) => readDecimal(each)?.mantissa === 0n)) {
    throw new Refused('quantity-form', 'nothing was used');
  }
  const declaration = field(record, 'declaration');
  if (licence.uses.some((each) => each.declarationDigest === declaration)) {
    throw new Refused('declaration-twice', 'the declaration used this licence before');
  }
  licence.uses.push({
    id: entry.id,
    at: record.at,
    by: author.name,
    date: field(record, 'date'),
    quantities,
    declarationDigest: declaration,
    portDigest: field(record, 'port'),
    // The scan showed the token of the first: its ports are named under that token.
    portNamed: first.ports.includes(field(record, 'port')),
    afterEnd: endedBy(licence),
    over: [],
    corrected: null,
    declaration: '',
    customs: '',
  });
  recount(licence);
}

/** Puts right what was recorded, or takes it back: the last correction counts. */
export function correctUse(context: RuleContext): void {
  const { record, entry, state } = context;
  const licence = standing(state, named(context));
  const found = licence.uses.find(({ id }) => id === field(record, 'use'));
  if (!found) throw new Refused('missing-predecessor', 'no such use of this licence is known here');
  const quantities = (record['quantities'] as string[] | null) ?? [];
  if (quantities.length > 0 && quantities.length !== licence.quantities.length) {
    throw new Refused('wrong-lines', 'quantities of other lines than the licence has');
  }
  found.quantities = quantities;
  found.corrected = entry.id;
  recount(licence);
}

function endedBy({ revoked, conflict }: LicenceCaseState): OverUse | null {
  return revoked ? 'revoked' : conflict ? 'conflict' : null;
}

/** In what each use exceeds the licence, in the order in which they count. */
function recount(licence: LicenceCaseState): void {
  const { quantities, tolerance, maxUses, validFrom, validUntil } = licence;
  const most = quantities.map((allowed) => withTolerance(readDecimal(allowed) ?? ZERO, tolerance));
  const sums = quantities.map(() => ZERO);
  let count = 0;
  for (const use of licence.uses) {
    use.over = [];
    if (use.quantities.length === 0) continue;
    if (++count > maxUses) use.over.push('uses');
    if (use.date < validFrom || use.date > validUntil) use.over.push('date');
    if (!use.portNamed) use.over.push('port');
    if (use.afterEnd) use.over.push(use.afterEnd);
    use.quantities.forEach((quantity, line) => {
      sums[line] = addDecimals(sums[line] ?? ZERO, readDecimal(quantity) ?? ZERO);
    });
    const exceeds = sums.some((sum, line) => compareDecimals(sum, most[line] ?? ZERO) > 0);
    if (exceeds) use.over.push('quantity');
  }
}

const ZERO: Decimal = { mantissa: 0n, scale: 0 };

function withTolerance(total: Decimal, percent: string): Decimal {
  const tolerance = readDecimal(percent);
  if (!tolerance) return total;
  const share = {
    mantissa: total.mantissa * tolerance.mantissa,
    scale: total.scale + tolerance.scale + 2,
  };
  return addDecimals(total, share);
}

/** The licence that stands in place of this one. */
function standing(state: State, licence: LicenceCaseState): LicenceCaseState {
  let found = licence;
  for (let next = found.replacedBy; next !== null; next = found.replacedBy) {
    const successor = licenceNumbered(state, next).find(
      ({ replaces }) => replaces === found.number,
    );
    if (!successor) break;
    found = successor;
  }
  return found;
}

/**
 * The licence that the record names by its number and the token's digest.
 * @throws {Refused} `missing-predecessor`, `wrong-token`, `wrong-party`
 */
function named({ state, record }: RuleContext): LicenceCaseState {
  const same = licenceNumbered(state, record.case ?? '');
  if (same.length === 0) {
    throw new Refused('missing-predecessor', 'no licence of this number is known here');
  }
  const found = same.find(({ tokenDigest }) => tokenDigest === field(record, 'token'));
  if (!found) throw new Refused('wrong-token', 'the licence of this number has another token');
  if (found.uscc !== record.party) throw new Refused('wrong-party', 'it belongs to another party');
  return found;
}
