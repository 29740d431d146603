/** The life of a seal: apply → letter → review → produce → manage (design, section 6). */
import type { TrustBundle } from '../../pki/index.ts';
import { actsFor } from './acting.ts';
import { bindingsWithRight, partyName } from './party-state.ts';
import { judgePair } from './proven-pair.ts';
import { field, follows, inState, opensCase, partyOf, Refused, type RuleContext } from './rule.ts';
import type { SealCaseState, SealCaseStatus } from './seal-state.ts';

export function apply(context: RuleContext): void {
  const { state, record, entry } = context;
  opensCase(context);
  const uscc = partyOf(record);
  actsFor(context, uscc, 'manage');
  onlyOne(context, uscc);
  state.seals.set(entry.case, {
    case: entry.case,
    head: entry.id,
    uscc,
    enterprise: partyName(state, uscc),
    state: 'applied',
    since: record.at,
    form: null,
    letter: null,
    seal: null,
    earlier: [],
    renewing: false,
    suspendedByAuthority: false,
    reasons: [],
    reasonsFrom: null,
    uses: [],
  });
}

/**
 * One seal for one enterprise: neither a second application, nor one that was rejected and goes on,
 * nor one whose seal is over and is renewed stands beside another. @throws {Refused} `seal-exists`
 */
function onlyOne({ state, entry, time }: RuleContext, uscc: string): void {
  for (const each of state.seals.values()) {
    if (each.case === entry.case || each.uscc !== uscc || isEnded(each, time)) continue;
    throw new Refused('seal-exists', 'the enterprise has a seal, or applied for one');
  }
}

const ENDS: readonly SealCaseStatus[] = ['rejected', 'withdrawn', 'lost', 'revoked'];

/** Nothing more comes of it: another seal may be applied for. */
export function isEnded({ state, seal }: SealCaseState, time: string): boolean {
  if (ENDS.includes(state)) return true;
  return seal !== null && Date.parse(seal.validEnd) < Date.parse(time);
}

export function letter(context: RuleContext): void {
  const found = sealCase(context, 'applied', 'letter-sent', 'rejected');
  actsFor(context, found.uscc, 'manage');
  onlyOne(context, found.uscc);
  found.letter = { id: context.entry.id, findings: null };
  step(context, found, 'letter-sent');
}

export function decide(context: RuleContext, approved: boolean): void {
  const found = sealCase(context, 'letter-sent');
  step(context, found, approved ? 'approved' : 'rejected');
}

/** The enterprise wants no seal, or no new one in place of the one that it has. */
export function withdraw(context: RuleContext): void {
  const found = sealCase(context, 'applied', 'letter-sent', 'rejected', 'approved', 'bound');
  actsFor(context, found.uscc, 'manage');
  const made = found.state === 'bound';
  if (made && !found.renewing) throw new Refused('wrong-state', 'the seal is made');
  found.renewing = false;
  step(context, found, made ? 'bound' : 'withdrawn');
}

export async function produce(context: RuleContext): Promise<void> {
  const { record, entry } = context;
  const found = sealCase(context, 'approved', 'bound');
  if (found.state === 'bound' && !found.renewing) {
    throw new Refused('wrong-state', 'nobody asked for a new seal');
  }
  onlyOne(context, found.uscc);
  const esId = freshId(context);
  const [validStart, validEnd] = [field(record, 'validStart'), field(record, 'validEnd')];
  if (!(Date.parse(validStart) < Date.parse(validEnd))) {
    throw new Refused('seal-period', 'the seal ends before it starts');
  }
  const holders = field<string[]>(record, 'holders');
  const stamping = await stampers(context, found.uscc);
  if (holders.length === 0 || holders.some((holder) => !stamping.includes(holder))) {
    throw new Refused('wrong-holder', 'the seal names a certificate that may not stamp with it');
  }
  // The one that it follows stays valid for what it stamped.
  if (found.seal) found.earlier.push(found.seal);
  found.renewing = false;
  found.seal = {
    package: entry.id,
    esId,
    seal: field(record, 'seal'),
    holders,
    validStart,
    validEnd,
  };
  step(context, found, 'bound');
}

/**
 * Certificates that may stamp for a party here: its own with that right, and those of brokers whom it
 * lets stamp; each in force.
 */
async function stampers(context: RuleContext, uscc: string): Promise<string[]> {
  const { state, bundle, time } = context;
  const found = bundle ? bindingsWithRight(state, uscc, 'stamp', time) : [];
  const out: string[] = [];
  for (const each of found) {
    if ((await judgePair(each, bundle as TrustBundle, time)) === 'ok') out.push(each.id);
  }
  return out;
}

/** The authority's own seal is for somebody who issues. */
export function produceForAuthority(context: RuleContext): void {
  const { state, record, entry, bundle } = context;
  opensCase(context);
  const esId = freshId(context);
  const holder = field(record, 'holder');
  if (!bundle?.roster.some(({ id, roles }) => id === holder && roles.includes('issuer'))) {
    throw new Refused('wrong-holder', 'the certificate is not that of an issuer');
  }
  state.authoritySeals.set(holder, {
    case: entry.case,
    package: entry.id,
    esId,
    seal: field(record, 'seal'),
    holder,
    at: record.at,
  });
}

/** No two seals of a deployment have one id. @throws {Refused} `seal-id` */
function freshId({ state, record }: RuleContext): string {
  const esId = field(record, 'esId');
  const made = [...state.seals.values()].flatMap(({ seal, earlier }) => [seal, ...earlier]);
  if ([...made, ...state.authoritySeals.values()].some((seal) => seal?.esId === esId)) {
    throw new Refused('seal-id', 'a seal of this id exists');
  }
  return esId;
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
  const own = context.author.as.has('enterprise');
  if (own) actsFor(context, found.uscc, 'manage');
  if (own && context.record.type === 'seal/resume' && found.suspendedByAuthority) {
    throw new Refused('suspended-by-authority', 'only the authority lifts what it suspended');
  }
  if (context.record.type === 'seal/renew') {
    if (found.renewing) throw new Refused('wrong-state', 'a new seal was asked for before');
    onlyOne(context, found.uscc);
    found.renewing = true;
  } else if (to !== 'bound') found.renewing = false;
  found.suspendedByAuthority = to === 'suspended' && !own;
  step(context, found, to);
}

function step(context: RuleContext, found: SealCaseState, state: SealCaseStatus): void {
  found.state = state;
  found.head = context.entry.id;
  found.since = context.record.at;
  found.reasons = [];
  found.reasonsFrom = context.entry.id;
}

function sealCase(context: RuleContext, ...states: SealCaseStatus[]): SealCaseState {
  const found = context.state.seals.get(context.entry.case);
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
