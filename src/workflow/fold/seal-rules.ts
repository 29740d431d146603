/** The life of a seal: apply → letter → review → produce → manage (design, section 6). */
import {
  field,
  follows,
  inState,
  opensCase,
  ownCase,
  Refused,
  type RuleContext,
  reasonsOf,
} from './rule.ts';
import type { SealCaseState, SealCaseStatus } from './state.ts';

export function apply(context: RuleContext): void {
  const { state, record, entry, author } = context;
  opensCase(context);
  const uscc = field(record, 'uscc');
  ownCase(context, uscc);
  const live = [...state.seals.values()].find(
    (each) => each.uscc === uscc && !isEnded(each, context.time),
  );
  if (live) throw new Refused('seal-exists', 'the enterprise has a seal, or applied for one');
  state.seals.set(record.case, {
    case: record.case,
    head: entry.id,
    uscc,
    enterprise: author.organization,
    state: 'applied',
    since: record.at,
    form: entry.body,
    letter: null,
    seal: null,
    earlier: [],
    renewing: false,
    reasons: [],
    uses: [],
  });
}

/** Nothing more comes of it: another seal may be applied for. */
export function isEnded({ state, seal }: SealCaseState, time: string): boolean {
  if (state === 'rejected' || state === 'lost' || state === 'revoked') return true;
  return seal !== null && Date.parse(seal.validEnd) < Date.parse(time);
}

export function letter(context: RuleContext): void {
  const found = sealCase(context, 'applied', 'letter-sent', 'rejected');
  ownCase(context, found.uscc);
  found.letter = { id: context.entry.id, findings: context.entry.body };
  step(context, found, 'letter-sent');
}

export function decide(context: RuleContext, approved: boolean): void {
  const found = sealCase(context, 'letter-sent');
  step(context, found, approved ? 'approved' : 'rejected');
}

export function produce(context: RuleContext): void {
  const { state, record, entry } = context;
  const found = sealCase(context, 'approved', 'bound');
  if (found.state === 'bound' && !found.renewing) {
    throw new Refused('wrong-state', 'nobody asked for a new seal');
  }
  const esId = field(record, 'esId');
  for (const other of state.seals.values()) {
    if ([other.seal, ...other.earlier].some((seal) => seal?.esId === esId))
      throw new Refused('seal-id', 'a seal of this id exists');
  }
  const holder = field(record, 'holder');
  const holders = [...state.enterprises.values()].filter(
    ({ uscc, state: status }) => uscc === found.uscc && status === 'approved',
  );
  if (!holders.some(({ certificate }) => certificate === holder)) {
    throw new Refused('wrong-holder', 'the seal names another certificate than the enterprise has');
  }
  // The one that it follows stays valid for what it stamped.
  if (found.seal) found.earlier.push(found.seal);
  found.renewing = false;
  found.seal = {
    package: entry.id,
    esId,
    holder,
    validStart: field(record, 'validStart'),
    validEnd: field(record, 'validEnd'),
  };
  step(context, found, 'bound');
}

const MANAGED: Record<string, { from: SealCaseStatus[]; to: SealCaseStatus }> = {
  'seal/suspend': { from: ['bound'], to: 'suspended' },
  'seal/resume': { from: ['suspended'], to: 'bound' },
  'seal/lost': { from: ['bound', 'suspended'], to: 'lost' },
  'seal/revoke': { from: ['bound', 'suspended', 'lost'], to: 'revoked' },
  /** Produced anew for the certificate in force; until then the present seal goes on stamping. */
  'seal/renew': { from: ['bound'], to: 'bound' },
};

export function manage(context: RuleContext): void {
  const { from, to } = MANAGED[context.record.type] as {
    from: SealCaseStatus[];
    to: SealCaseStatus;
  };
  const found = sealCase(context, ...from);
  if (context.author.as.has('enterprise')) ownCase(context, found.uscc);
  if (context.record.type === 'seal/renew') {
    if (found.renewing) throw new Refused('wrong-state', 'a new seal was asked for before');
    found.renewing = true;
  } else if (to !== 'bound') found.renewing = false;
  step(context, found, to);
}

function step(context: RuleContext, found: SealCaseState, state: SealCaseStatus): void {
  found.state = state;
  found.head = context.entry.id;
  found.since = context.record.at;
  found.reasons = reasonsOf(context);
}

function sealCase(context: RuleContext, ...states: SealCaseStatus[]): SealCaseState {
  const found = context.state.seals.get(context.record.case);
  if (!found) throw new Refused('missing-predecessor', 'no such seal case here');
  follows(context, found.head);
  inState(found.state, ...states);
  return found;
}

/** The seal that an enterprise may stamp with at a time, or null. */
export function boundSeal(
  seals: Iterable<SealCaseState>,
  uscc: string,
  time: string,
): SealCaseState | null {
  for (const found of seals) {
    if (found.uscc !== uscc || found.state !== 'bound' || !found.seal) continue;
    const [start, end] = [Date.parse(found.seal.validStart), Date.parse(found.seal.validEnd)];
    const at = Date.parse(time);
    if (start <= at && at <= end) return found;
  }
  return null;
}
