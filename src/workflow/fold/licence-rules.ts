/** Issuing: number blocks, issue, replacement. What happens to a licence afterwards: `licence-life`. */
import { parseNumber } from '../../licence/index.ts';
import { advance, applicationCase } from './application-rules.ts';
import type { ApplicationCaseState } from './application-state.ts';
import { licenceNumbered } from './licence-life.ts';
import type { LicenceCaseState } from './licence-state.ts';
import { field, Refused, type RuleContext } from './rule.ts';

export function grantBlock({ state, record, entry }: RuleContext): void {
  const block = {
    id: entry.id,
    to: field(record, 'grantee'),
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

/** The issuer's own new number over the same terms: the old licence ends. */
export function replace(context: RuleContext): void {
  const found = applicationCase(context, 'issued', 'issued-paper', 'collected');
  const replaces = field(context.record, 'replaces');
  const old = licenceNumbered(context.state, replaces).find((each) => each.case === found.case);
  if (!old || old.replacedBy !== null) {
    throw new Refused('wrong-number', 'another licence stands in this case');
  }
  if (old.revoked) throw new Refused('wrong-state', 'the licence is revoked');
  const next = enter(context, found, old.number);
  old.replacedBy = next.number;
  found.head = context.entry.id;
}

function enter(
  context: RuleContext,
  found: ApplicationCaseState,
  replaces: string | null,
): LicenceCaseState {
  const { state, record, entry, author, bundle } = context;
  const number = field(record, 'number');
  checkNumber(context, number);
  if (field(record, 'terms') !== found.terms) {
    throw new Refused('terms-differ', 'it is not what was applied for and passed');
  }
  const quantities = field<string[]>(record, 'quantities');
  if (quantities.length !== found.lines) {
    throw new Refused('terms-differ', 'it has other lines than the application');
  }
  const licence: LicenceCaseState = {
    number,
    case: found.case,
    uscc: found.uscc,
    issued: entry.id,
    issuedAt: record.at,
    issuer: author.id,
    flow: found.flow,
    status: field<never>(record, 'status'),
    terms: found.terms,
    tokenDigest: field(record, 'token'),
    pdf: field(record, 'pdf'),
    validFrom: field(record, 'validFrom'),
    validUntil: field(record, 'validUntil'),
    maxUses: field<number>(record, 'maxUses'),
    tolerance: field(record, 'tolerance'),
    quantities,
    ports: field<string[]>(record, 'ports'),
    serial: (record['serial'] as string | undefined) ?? null,
    clearPrints: bundle?.policy.clearPrints ?? 0,
    collected: null,
    uses: [],
    prints: [],
    revoked: null,
    replaces,
    replacedBy: null,
    conflict: false,
    provisional: entry.place === null,
    licence: null,
    token: null,
    termsSalt: null,
  };
  for (const other of licenceNumbered(state, number)) {
    other.conflict = true;
    licence.conflict = true;
  }
  state.licences.set(entry.id, licence);
  state.numbers.set(number, [...(state.numbers.get(number) ?? []), entry.id]);
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
