/** Licences: number blocks, issue, paper, collection, use, revocation. */
import {
  checkUse,
  chinaDate,
  type Licence,
  type LicenceUse,
  parseNumber,
  type UseFaultCode,
  usedQuantity,
} from '../../licence/index.ts';
import { advance, applicationCase } from './application-rules.ts';
import type { ApplicationCaseState } from './application-state.ts';
import type { LicenceCaseState } from './licence-state.ts';
import {
  bodyOf,
  field,
  followsAny,
  ownCase,
  Refused,
  type RuleContext,
  reasonsOf,
} from './rule.ts';

export function grantBlock({ state, record, entry }: RuleContext): void {
  const block = {
    id: entry.id,
    to: field(record, 'to'),
    issuer: field(record, 'issuer'),
    year: field<number>(record, 'year'),
    from: field<number>(record, 'from'),
    count: field<number>(record, 'count'),
    statusList: field(record, 'statusList'),
  };
  const overlaps = state.blocks.some(
    (each) =>
      each.issuer === block.issuer &&
      each.year === block.year &&
      each.from < block.from + block.count &&
      block.from < each.from + each.count,
  );
  if (overlaps) throw new Refused('block-overlaps', 'some of these numbers were granted before');
  state.blocks.push(block);
}

export function issue(context: RuleContext, flow: 'electronic' | 'paper'): void {
  const found = applicationCase(context, 'second-passed');
  if (found.flow !== flow) {
    throw new Refused('wrong-flow', `the application asks for the ${found.flow} flow`);
  }
  enter(context, found, null);
  advance(context, found, flow === 'electronic' ? 'issued' : 'issued-paper');
}

/** Change or extension: a new licence of the same case, the old one ends. */
export function replace(context: RuleContext): void {
  const { found, licence } = standing(context, 'replaces');
  if (licence.revoked) throw new Refused('wrong-state', 'the licence is revoked');
  const next = enter(context, found, licence.number);
  licence.replacedBy = next.number;
  context.state.licences.set(licence.issued, licence);
  found.head = context.entry.id;
}

interface IssueBody {
  licence: Licence;
  token: string;
  serial?: string;
}

function enter(
  context: RuleContext,
  found: ApplicationCaseState,
  replaces: string | null,
): LicenceCaseState {
  const { state, record, entry, author } = context;
  const number = field(record, 'number');
  checkNumber(context, number);
  const body = bodyOf<IssueBody>(entry);
  const licence: LicenceCaseState = {
    number,
    case: record.case,
    uscc: found.uscc,
    issued: entry.id,
    issuedAt: record.at,
    issuer: author.id,
    flow: found.flow,
    status: field<never>(record, 'status'),
    licence: body?.licence ?? null,
    token: body?.token ?? null,
    serial: body?.serial ?? null,
    collected: null,
    uses: [],
    prints: [],
    revoked: null,
    replaces,
    replacedBy: null,
    conflict: false,
    provisional: entry.place === null,
  };
  for (const other of state.licences.values()) {
    if (other.number !== number) continue;
    other.conflict = true;
    licence.conflict = true;
  }
  state.licences.set(record.case, licence);
  found.licence = number;
  return licence;
}

/** The number must lie in a block that was granted to the issuing key. */
function checkNumber({ state, author, bundle }: RuleContext, number: string): void {
  if (!bundle) return;
  const parts = parseNumber(bundle.policy.numbering.pattern, number);
  if (!parts) throw new Refused('number-form', 'the number does not fit the pattern of the policy');
  const owned = state.blocks.some(
    (block) =>
      block.to === author.id &&
      block.issuer === parts.issuer &&
      block.year === parts.year &&
      parts.serial >= block.from &&
      parts.serial < block.from + block.count,
  );
  if (!owned) throw new Refused('number-block', 'the number is not of a block of this issuer');
}

export function collect(context: RuleContext): void {
  const found = applicationCase(context, 'issued-paper');
  const licence = context.state.licences.get(context.record.case);
  const body = bodyOf<{ name: string; document: string }>(context.entry);
  if (licence) {
    const { name = '', document = '' } = body ?? {};
    licence.collected = { name, document, at: context.record.at };
  }
  advance(context, found, 'collected');
}

export function revoke(context: RuleContext): void {
  const { found, licence } = standing(context);
  if (licence.revoked) throw new Refused('wrong-state', 'the licence is revoked already');
  licence.revoked = { at: context.record.at, reasons: reasonsOf(context) };
  found.head = context.entry.id;
}

export function use(context: RuleContext): void {
  const { entry, author } = context;
  const { found, licence } = standing(context);
  if (licence.revoked || licence.conflict) {
    throw new Refused('not-in-force', 'the licence is not in force');
  }
  const body = bodyOf<LicenceUse>(entry);
  if (body && licence.licence) useCounts(licence, licence.licence, body, context.time);
  if (!body && licence.uses.length >= (licence.licence?.maxUses ?? 12)) {
    throw new Refused('uses-spent', 'the licence was used as often as it may be');
  }
  const { declaration = '', customs = '', date = '', quantity = '0' } = body ?? {};
  licence.uses.push({ id: entry.id, declaration, customs, date, quantity, by: author.name });
  found.head = entry.id;
}

/**
 * One more sheet of paper. So many originals as the policy in force allows show the seal clear: of two
 * devices that print the last one, the earlier in the log counts, the other is refused here.
 */
export function print(context: RuleContext): void {
  const { entry, author, record, bundle } = context;
  const { found, licence } = standing(context);
  if (!author.as.has('issuer')) ownCase(context, found.uscc);
  if (licence.revoked || licence.conflict || licence.replacedBy !== null) {
    throw new Refused('not-in-force', 'the licence is not in force');
  }
  const kind = field<'original' | 'copy'>(record, 'kind');
  const clear = licence.prints.filter((each) => each.kind === 'original').length;
  if (kind === 'original' && bundle && clear >= bundle.policy.clearPrints) {
    throw new Refused('prints-spent', 'the originals that the policy allows were printed');
  }
  licence.prints.push({ id: entry.id, at: record.at, by: author.name, kind });
  found.head = entry.id;
}

/** Number of uses, one declaration once, and what the licence says of port, day and quantity. */
function useCounts(
  state: LicenceCaseState,
  licence: Licence,
  body: LicenceUse,
  time: string,
): void {
  if (state.uses.length >= licence.maxUses) {
    throw new Refused('uses-spent', 'the licence was used as often as it may be');
  }
  if (state.uses.some(({ declaration }) => declaration === body.declaration)) {
    throw new Refused('declaration-twice', 'the declaration used this licence before');
  }
  const { ports, issuedOn, validUntil, tolerance, totals } = licence;
  const used = usedQuantity(state.uses);
  const terms = { ports, issuedOn, validUntil, tolerance, quantity: totals.quantity, used };
  const [fault] = checkUse(terms, body, chinaDate(time));
  if (fault) throw new Refused(fault.code, FAULTS[fault.code]);
}

const FAULTS: Record<UseFaultCode, string> = {
  'declaration-form': 'the declaration has not the 18 characters of an import declaration',
  'port-not-named': 'the licence does not name this place of clearance',
  'use-date-form': 'the day of use is not of the calendar',
  'use-before-issue': 'the licence was issued after the day of use',
  'licence-expired': 'the licence had expired on the day of use',
  'use-in-future': 'the day of use lies after the record',
  'quantity-form': 'the quantity is not a number above zero',
  'quantity-exceeded': 'more than the licence and its tolerance allow',
};

/**
 * The licence of the case that stands. Uses, revocation and replacement do not exclude one another
 * as steps: each follows something of the case, and the order in the log decides.
 */
function standing(context: RuleContext, name: 'number' | 'replaces' = 'number') {
  const { state, record } = context;
  const found = state.applications.get(record.case);
  if (!found) throw new Refused('missing-predecessor', 'no such application here');
  followsAny(context);
  const licence = state.licences.get(record.case);
  if (!licence) throw new Refused('wrong-state', 'no licence was issued');
  if (licence.number !== field(record, name)) {
    throw new Refused('wrong-number', 'another licence stands in this case');
  }
  return { found, licence };
}
