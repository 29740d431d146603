/** Validating one complete path, anchor to target (RFC 5280 6.1). */
import { Malformed } from '../crypto/index.ts';
import type { Anchor, Environment, Outcome, Query, TraceStep } from './environment.ts';
import type { NameConstraints } from './extensions.ts';
import { type Fields, isSignedBy, knownSignature } from './fields.ts';
import { constrainedNames, satisfies } from './name-constraints.ts';
import type { PathCheck, PathCode } from './path-code.ts';
import { PolicyState } from './policies.ts';
import { allowsEkus, hasPeerName } from './purpose.ts';
import { revocationStatus } from './revocation.ts';
import {
  BARE_ANCHOR_RULES,
  ENFORCED_ANCHOR_RULES,
  ISSUER_RULES,
  type Rule,
  SELF_RULES,
  TARGET_RULES,
} from './rules.ts';

/** Carries the first failure; while tracing, checks go on behind it. */
class PathRecord {
  code: PathCode = 'ok';
  /** Checks passed before the first failure: how far the path got. */
  passed = 0;
  readonly steps: TraceStep[] = [];
  readonly #tracing: boolean;

  constructor(tracing: boolean) {
    this.#tracing = tracing;
  }

  /** @returns whether to stop here */
  add(
    check: PathCheck,
    fields: Fields | null,
    clause: string,
    code: PathCode,
    note?: string,
  ): boolean {
    if (this.#tracing) {
      this.steps.push({ check, fields, clause, code, ...(note === undefined ? {} : { note }) });
    }
    if (code === 'ok') this.passed += this.code === 'ok' ? 1 : 0;
    else if (this.code === 'ok') this.code = code;
    return code !== 'ok' && !this.#tracing;
  }
}

const isEnforced = (anchor: Anchor, { rules }: Environment) =>
  anchor.enforce || rules.profile.enforceAnchors;

/** Verifies under the budget; known answers are free. */
export async function signatureHolds(
  fields: Fields,
  issuer: Fields,
  { budget }: Environment,
): Promise<boolean> {
  const { certificate } = fields;
  const { spki } = issuer.certificate;
  const known = knownSignature(certificate, spki);
  if (known !== undefined) return known;
  budget.spend('signatures');
  budget.checkTime();
  return isSignedBy(certificate, spki);
}

/** @param path target first, the anchor not included; empty where the anchor is the target */
export async function validatePath(
  environment: Environment,
  query: Query,
  path: readonly Fields[],
  anchor: Anchor,
): Promise<Outcome & { passed: number }> {
  const { rules, budget, tracing } = environment;
  const record = new PathRecord(tracing);
  const enforced = isEnforced(anchor, environment);
  const target = path[0] ?? anchor.fields;
  let policySet: string[] = [];
  let revocationUnknown = false;
  const outcome = () => ({
    code: record.code,
    policies: record.code === 'ok' ? policySet : [],
    path: path.includes(anchor.fields) ? path : [...path, anchor.fields],
    revocationUnknown,
    trace: record.steps,
    passed: record.passed,
  });
  const apply = (list: readonly Rule[], fields: Fields) =>
    list.some(({ check, clause, test }) =>
      record.add(check, fields, clause, test(fields, rules) ?? 'ok'),
    );

  const anchorRules = enforced ? ENFORCED_ANCHOR_RULES : BARE_ANCHOR_RULES;
  if (apply(path.length === 0 ? SELF_RULES : anchorRules, anchor.fields)) return outcome();
  const policies = new PolicyState(query.policies, path.length, budget);
  const constraints: NameConstraints[] = [];
  let depthLeft = query.maxDepth;
  if (enforced) {
    const mapped = mapPolicies(() => policies.addAnchor(anchor.fields));
    if (mapped && record.add('policies', anchor.fields, 'RFC 5937 3.2', mapped)) return outcome();
    depthLeft = Math.min(depthLeft, anchor.fields.basicConstraints?.pathLen ?? depthLeft);
    if (anchor.fields.nameConstraints) constraints.push(anchor.fields.nameConstraints);
  }

  let issuer = anchor.fields;
  for (let i = path.length - 1; i >= 0; i--) {
    const fields = path[i] as Fields;
    const last = i === 0;
    budget.checkTime();
    if (apply(last ? TARGET_RULES : ISSUER_RULES, fields)) return outcome();
    const signed = (await signatureHolds(fields, issuer, environment)) ? 'ok' : 'bad-signature';
    if (record.add('signature', fields, 'RFC 5280 6.1.3 a 1', signed)) return outcome();
    if (constraints.length > 0 && (last || !fields.selfIssued)) {
      const fine = satisfies(constrainedNames(fields), constraints, budget);
      const code = fine ? 'ok' : 'name-constraints';
      if (record.add('name-constraints', fields, 'RFC 5280 6.1.3 b, c', code)) return outcome();
    }
    policies.addCertificate(fields, last);
    if (!last) {
      const mapped = mapPolicies(() => policies.prepareNext(fields));
      if (mapped && record.add('policies', fields, 'RFC 5280 6.1.4 a', mapped)) return outcome();
      if (fields.nameConstraints) constraints.push(fields.nameConstraints);
      const short = !fields.selfIssued && depthLeft-- <= 0;
      const code = short ? 'path-len' : 'ok';
      if (record.add('path-length', fields, 'RFC 5280 6.1.4 l', code)) return outcome();
      depthLeft = Math.min(depthLeft, fields.basicConstraints?.pathLen ?? depthLeft);
    }
    issuer = fields;
  }

  if (path.length > 0) {
    const { valid, policies: set } = policies.finish(target);
    policySet = set;
    if (record.add('policies', null, 'RFC 5280 6.1.5 g', valid ? 'ok' : 'policy')) return outcome();
  }
  if (checkPurpose(record, query, path, anchor, environment)) return outcome();

  if (query.revocation !== 'none' && record.code === 'ok') {
    issuer = anchor.fields;
    for (let i = path.length - 1; i >= 0; i--) {
      const fields = path[i] as Fields;
      const question = { fields, issuer, anchor, query };
      const status = await revocationStatus(environment, question);
      if (status === 'unknown') revocationUnknown = true;
      const unknown = status === 'unknown' && query.revocation === 'hard-fail';
      const code = status === 'revoked' ? 'revoked' : unknown ? 'revocation-unknown' : 'ok';
      if (record.add('revocation', fields, 'RFC 5280 6.3, RFC 6960', code, status))
        return outcome();
      issuer = fields;
    }
  }
  return outcome();
}

function mapPolicies(map: () => void): PathCode | null {
  try {
    map();
    return null;
  } catch (error) {
    if (error instanceof Malformed) return 'policy';
    throw error;
  }
}

/** Key purposes narrow from the anchor down; names and key usage are the target's alone. */
function checkPurpose(
  record: PathRecord,
  { purpose }: Query,
  path: readonly Fields[],
  anchor: Anchor,
  environment: Environment,
): boolean {
  const { profile } = environment.rules;
  const target = path[0] ?? anchor.fields;
  if (purpose.ekus && purpose.ekus.length > 0) {
    const chain = isEnforced(anchor, environment) ? [...path, anchor.fields] : path;
    for (const fields of chain) {
      const code = allowsEkus(fields, purpose.ekus, profile, fields === target) ? 'ok' : 'eku';
      if (record.add('extended-key-usage', fields, 'RFC 5280 4.2.1.12', code)) return true;
    }
  }
  if (purpose.keyUsage) {
    const { keyUsage } = target;
    const code = keyUsage === null || keyUsage & purpose.keyUsage ? 'ok' : 'key-usage';
    if (record.add('key-usage', target, 'RFC 5280 4.2.1.3', code)) return true;
  }
  for (const name of purpose.peerNames ?? []) {
    const code = hasPeerName(target, name) ? 'ok' : 'peer-name';
    if (record.add('peer-name', target, 'RFC 9525 6', code, name.value)) return true;
  }
  return false;
}
