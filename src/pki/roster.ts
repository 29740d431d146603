/**
 * The roster remembers: who held which role, and what that says of a signature made then (design,
 * section 4, "In force when?"). One answer for records, tokens, seals and PDFs.
 */
import { type JudgeInput, type Judgement, judgeCertificate } from './judge.ts';
import type { FormerEntry, Role, RosterEntry, TrustBundle } from './trust.ts';

/** When something was signed, as well as anybody can tell. */
export interface ProofOfWhen {
  /** The log's entry of the record or of the head that names the document, a trusted time stamp, or the signer's word. */
  by: 'log' | 'time-stamp' | 'claim';
  /** ISO 8601. */
  time: string;
  /** A status list or the list of seals counts the document as issued. */
  listed?: boolean;
}

export type RoleCode =
  | 'ok'
  /** The certificate never stood on the roster with this role. */
  | 'role-missing'
  /** Signed before the role was given. */
  | 'role-not-yet'
  /** Signed after the holder left or changed roles, or nothing but the signer's word says that it was before. */
  | 'role-ended'
  /** The key was in wrong hands by then, or nothing but the signer's word says that it was not. */
  | 'role-compromised';

export interface RoleAnswer {
  code: RoleCode;
  /** The entry that answers; null for `role-missing`. */
  entry: RosterEntry | FormerEntry | null;
}

type Roster = Pick<TrustBundle, 'roster' | 'former'>;

/** How far the clocks of a signer and of the root may be apart. */
const CLOCKS_APART_MS = 10 * 60_000;

/** From the best answer to the worst. */
const ORDER: readonly RoleCode[] = [
  'ok',
  'role-compromised',
  'role-ended',
  'role-not-yet',
  'role-missing',
];

/**
 * Whether the holder of a certificate had a role when something was signed. That the certificate itself
 * was in force is for `judgeCertificate` to say.
 * @param certificate SHA-256 hex
 * @param role `any`: whoever stood on the roster at all
 */
export function roleAt(
  roster: Roster,
  certificate: string,
  role: Role | 'any',
  proof: ProofOfWhen,
): RoleAnswer {
  const compromised = roster.former.find(
    ({ id, ended }) => id === certificate && ended === 'compromised',
  );
  const answers = entriesOf(roster, certificate)
    .filter(({ roles }) => role === 'any' || roles.includes(role))
    .map((entry): RoleAnswer => ({ code: codeOf(entry, compromised ?? null, proof), entry }));
  answers.sort((a, b) => ORDER.indexOf(a.code) - ORDER.indexOf(b.code));
  return answers[0] ?? { code: 'role-missing', entry: null };
}

function codeOf(
  entry: RosterEntry | FormerEntry,
  compromised: FormerEntry | null,
  { by, time, listed }: ProofOfWhen,
): RoleCode {
  const at = Date.parse(time);
  // A key in wrong hands writes whatever time it likes: only others can say when.
  if (compromised && (by === 'claim' || at >= Date.parse(compromised.until))) {
    return 'role-compromised';
  }
  if (at < Date.parse(entry.since) - CLOCKS_APART_MS) return 'role-not-yet';
  if (!('ended' in entry) || entry.ended === 'renewed' || entry.ended === 'compromised') {
    return 'ok';
  }
  if (at >= Date.parse(entry.until)) return 'role-ended';
  return by !== 'claim' || listed ? 'ok' : 'role-ended';
}

/** Everything that the roster says of a certificate, what goes on first. */
const entriesOf = ({ roster, former }: Roster, certificate: string) =>
  [...roster, ...former].filter(({ id }) => id === certificate);

/**
 * The entry under which a certificate acts now: one that goes on, or that was renewed, which ends with
 * the certificate alone.
 */
export const actingEntry = (
  { roster, former }: Roster,
  certificate: string,
): RosterEntry | undefined =>
  roster.find(({ id }) => id === certificate) ??
  former.findLast(({ id, ended }) => id === certificate && ended === 'renewed');

/** Whoever never stood on the roster, an enterprise, is asked for no role; nor is anybody under bare anchors. */
function roleOf(
  bundle: TrustBundle | null,
  certificate: string,
  role: Role | 'any',
  proof: ProofOfWhen,
): RoleAnswer {
  const nobody: RoleAnswer = { code: 'ok', entry: null };
  if (!bundle) return nobody;
  const answer = roleAt(bundle, certificate, role, proof);
  return answer.code === 'role-missing' && role === 'any' ? nobody : answer;
}

export interface HolderAnswer {
  /** Of the certificate, at the time of the proof. */
  judgement: Judgement;
  role: RoleCode;
  provenBy: ProofOfWhen['by'];
}

/**
 * Whether a certificate was in force and its holder had a role when something was signed: the one
 * function for tokens, seals and PDFs (design, section 4). Under bare anchors there is no roster, and
 * everybody has every role.
 * @param input as of `judgeCertificate`; `time` is when it is asked
 */
export async function judgeHolderAt(
  input: JudgeInput,
  role: Role | 'any',
  proof: ProofOfWhen,
): Promise<HolderAnswer> {
  const { bundle } = input.trust;
  const judgement = await judgeCertificate({ ...input, time: proof.time });
  const answer = (code: RoleCode): HolderAnswer => ({ judgement, role: code, provenBy: proof.by });
  const { code, entry } = roleOf(bundle, judgement.id, role, proof);
  if (code !== 'ok' || proof.by !== 'claim') return answer(code);
  if (bundle?.distrusted?.some(({ certificate }) => certificate === judgement.id)) {
    return answer('role-compromised');
  }
  // Revoked since, and the roster does not say why yet: as of somebody who left.
  const ended = entry && 'ended' in entry;
  if (ended || proof.listed || judgement.code !== 'ok') return answer('ok');
  const present = await judgeCertificate(input);
  return answer(present.code === 'revoked' ? 'role-ended' : 'ok');
}
