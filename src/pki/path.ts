/** The door of the path validator: `verifyPath` and its report (contract; RFC 5280 section 6). */
import { Malformed } from '../crypto/index.ts';
import { Budget, OverBudget } from './budget.ts';
import { crlOf } from './crl.ts';
import type { Environment, Outcome, RevocationMode } from './environment.ts';
import { ANY_POLICY } from './extensions.ts';
import { type Fields, fieldsOf, idOf } from './fields.ts';
import { readOcspResponse } from './ocsp.ts';
import type { PathCode, PathResult, PathStep } from './path-code.ts';
import { poolOf, searchPath } from './path-search.ts';
import { PROFILES, type ProfileName } from './profile.ts';
import type { Purpose } from './purpose.ts';

/** Certificates, CRLs and OCSP responses are DER. */
export interface PathInput {
  target: Uint8Array;
  /** Unordered; may hold CRL signers and unrelated certificates. */
  intermediates?: readonly Uint8Array[];
  /** A name and a key each, unless its constraints are enforced. */
  anchors: readonly { cert: Uint8Array; enforceConstraints?: boolean }[];
  crls?: readonly Uint8Array[];
  ocsp?: readonly Uint8Array[];
  /** ISO 8601; absent: now. */
  time?: string;
  revocation?: RevocationMode;
  initialPolicySet?: readonly string[];
  explicitPolicy?: boolean;
  inhibitPolicyMapping?: boolean;
  inhibitAnyPolicy?: boolean;
  purpose?: Purpose | null;
  /** Certificates between anchor and target that are not self-issued; at most. */
  maxDepth?: number | null;
  /** `webpki` where a peer name is asked for, else `rfc5280`. */
  profile?: ProfileName;
  legacy?: { sha1?: boolean; minRsaBits?: number };
  /** Elapsed time, 2000 by default. */
  budgetMs?: number;
  /** Monotonic milliseconds, for tests. */
  timer?: () => number;
  /** Revocation evidence from after `time` counts, for what it says about `time`. */
  laterEvidence?: boolean;
  maxAgeSeconds?: number;
  /** The target may itself be an anchor, e.g. a root that signs its own trust bundle: a path of one. */
  anchorAsTarget?: boolean;
}

export interface PathReport extends PathResult {
  /** Every check of the path that is valid, or of the one that got furthest. */
  readonly steps: PathStep[];
  /** Revocation was asked for, and of some certificate nothing is known (soft-fail lets it pass). */
  readonly revocationUnknown: boolean;
}

const NOTHING = { policies: [], path: [], revocationUnknown: false, trace: [] };

/** Whether a path from an anchor to the target is valid. Never throws; see `PathCode`. */
export async function verifyPath(input: PathInput): Promise<PathResult> {
  const { code, policies, path } = await outcomeOf(input, false);
  return { valid: code === 'ok', code, policies, path: await Promise.all(path.map(idOf)) };
}

/** As `verifyPath`, with each check, the certificate it looked at, and the clause. */
export async function verifyPathReport(input: PathInput): Promise<PathReport> {
  const { code, policies, path, trace, revocationUnknown } = await outcomeOf(input, true);
  const steps = trace.map(async ({ fields, ...step }) => ({
    ...step,
    certificate: fields && (await idOf(fields)),
  }));
  return {
    valid: code === 'ok',
    code,
    policies,
    path: await Promise.all(path.map(idOf)),
    steps: await Promise.all(steps),
    revocationUnknown,
  };
}

/** As `verifyPathReport` without naming certificates: for the doors of this room. */
export async function outcomeOf(input: PathInput, tracing: boolean): Promise<Outcome> {
  try {
    const budget = new Budget(input.budgetMs ?? 2000, input.timer);
    const target = fieldsOf(input.target);
    const environment = environmentOf(input, target, tracing, budget);
    return await searchPath(environment, {
      target,
      anchors: readable(budget, input.anchors, ({ cert, enforceConstraints }) => ({
        fields: fieldsOf(cert),
        enforce: enforceConstraints ?? false,
      })),
      maxDepth: input.maxDepth ?? Number.POSITIVE_INFINITY,
      policies: {
        initial: input.initialPolicySet ?? [ANY_POLICY],
        explicit: input.explicitPolicy ?? false,
        inhibitMapping: input.inhibitPolicyMapping ?? false,
        inhibitAny: input.inhibitAnyPolicy ?? false,
      },
      purpose: input.purpose ?? {},
      revocation: input.revocation ?? 'none',
      guard: new Set(),
      anchorAsTarget: input.anchorAsTarget ?? false,
    });
  } catch (error) {
    return { ...NOTHING, code: codeOf(error) };
  }
}

/** Anything unforeseen is a bug, and still never valid. */
function codeOf(error: unknown): PathCode {
  if (error instanceof OverBudget) return 'budget';
  const unsupported = error instanceof Malformed && error.code === 'unsupported-alg';
  return unsupported ? 'unsupported-alg' : 'malformed';
}

function environmentOf(
  input: PathInput,
  target: Fields,
  tracing: boolean,
  budget: Budget,
): Environment {
  const peers = input.purpose?.peerNames?.length ?? 0;
  return {
    rules: {
      time: secondsOf(input.time),
      profile: PROFILES[input.profile ?? (peers > 0 ? 'webpki' : 'rfc5280')],
      sha1: input.legacy?.sha1 ?? false,
      minRsaBits: input.legacy?.minRsaBits ?? 2048,
    },
    budget,
    pool: poolOf([...readable(budget, input.intermediates ?? [], fieldsOf), target]),
    // The newest speaks first: an older one that is still current knows less.
    crls: readable(budget, input.crls ?? [], crlOf).sort((a, b) => b.thisUpdate - a.thisUpdate),
    ocsp: readable(budget, input.ocsp ?? [], readOcspResponse),
    laterEvidence: input.laterEvidence ?? false,
    maxAge: input.maxAgeSeconds === undefined ? null : 1000 * input.maxAgeSeconds,
    tracing,
    search: searchPath,
  };
}

/** Whole seconds, as certificates count them. @throws {Malformed} */
export function secondsOf(time: string | undefined): number {
  const milliseconds = time === undefined ? Date.now() : Date.parse(time);
  if (Number.isNaN(milliseconds)) throw new Malformed('time', 'not an ISO 8601 time');
  return Math.floor(milliseconds / 1000) * 1000;
}

/** What cannot be read is left out: a broken bystander neither helps nor harms. */
function readable<T, U>(budget: Budget, items: readonly T[], read: (item: T) => U): U[] {
  return items.flatMap((item) => {
    budget.checkTime();
    try {
      return [read(item)];
    } catch {
      return [];
    }
  });
}
