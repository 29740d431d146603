/**
 * Building paths: depth first from the target, by issuer name, most promising issuer first. AKI only
 * orders, it never excludes. Cheap rules and signatures prune; everything is under the budget.
 */
import { equal, latin1 } from '../crypto/index.ts';
import type { Anchor, Environment, Outcome, Query } from './environment.ts';
import type { Fields } from './fields.ts';
import type { PathCode } from './path-code.ts';
import { faultOf, ISSUER_RULES } from './rules.ts';
import { signatureHolds, validatePath } from './validate.ts';

/** Certificates in a path, whatever the caller's maxDepth. */
const LONGEST = 24;

/** How far a failed path got: what pruned a candidate ranks below what a whole path failed at. */
const COMPLETE = 1000;

type Candidate = { fields: Fields; anchor: Anchor | null };

class PathSearch {
  readonly #environment: Environment;
  readonly #query: Query;
  readonly #anchors = new Map<string, Anchor[]>();
  #best: Outcome = {
    code: 'no-path',
    policies: [],
    path: [],
    revocationUnknown: false,
    trace: [],
  };
  #rank = -1;

  constructor(environment: Environment, query: Query) {
    this.#environment = environment;
    this.#query = query;
    for (const anchor of query.anchors) {
      const { subjectKey } = anchor.fields;
      this.#anchors.set(subjectKey, [...(this.#anchors.get(subjectKey) ?? []), anchor]);
    }
  }

  async run(): Promise<Outcome> {
    const { target } = this.#query;
    const self = this.#anchors.get(target.subjectKey)?.find(({ fields }) => same(fields, target));
    if (self && this.#query.anchorAsTarget) {
      return validatePath(this.#environment, this.#query, [], self);
    }
    this.#fail('no-path', [target], 0);
    return (await this.#extend([target])) ?? this.#best;
  }

  #fail(code: PathCode, path: readonly Fields[], rank: number): void {
    if (rank <= this.#rank) return;
    const fields = path[path.length - 1] ?? null;
    const trace = [{ check: 'search', fields, clause: 'RFC 5280 6.1', code }] as const;
    this.#best = { code, policies: [], path, revocationUnknown: false, trace };
    this.#rank = rank;
  }

  /** @returns the first valid outcome above this path, or null */
  async #extend(path: readonly Fields[]): Promise<Outcome | null> {
    const environment = this.#environment;
    const tip = path[path.length - 1] as Fields;
    for (const { fields, anchor } of this.#candidates(tip, path)) {
      environment.budget.spend('steps');
      environment.budget.checkTime();
      if (anchor) {
        const outcome = await this.#complete(path, anchor);
        if (outcome) return outcome;
        continue;
      }
      const longer = [...path, fields];
      const fault = this.#faultOf(fields, path);
      if (fault) {
        this.#fail(fault, longer, path.length);
      } else if (!(await signatureHolds(tip, fields, environment))) {
        this.#fail('bad-signature', longer, path.length);
      } else {
        const outcome = await this.#extend(longer);
        if (outcome) return outcome;
      }
    }
    return null;
  }

  async #complete(path: readonly Fields[], anchor: Anchor): Promise<Outcome | null> {
    this.#environment.budget.spend('paths');
    const outcome = await validatePath(this.#environment, this.#query, path, anchor);
    if (outcome.code === 'ok') return outcome;
    const rank = COMPLETE + outcome.passed;
    if (rank > this.#rank) {
      this.#best = outcome;
      this.#rank = rank;
    }
    return null;
  }

  #faultOf(issuer: Fields, below: readonly Fields[]): PathCode | null {
    const fault = faultOf(ISSUER_RULES, issuer, this.#environment.rules);
    if (fault) return fault;
    const between = below.slice(1).filter((fields) => !fields.selfIssued).length;
    const limit = issuer.basicConstraints?.pathLen ?? null;
    if (limit !== null && between > limit) return 'path-len';
    const depth = between + (issuer.selfIssued ? 0 : 1);
    return depth > this.#query.maxDepth || below.length >= LONGEST ? 'path-len' : null;
  }

  /** Anchors and pool certificates of the wanted name, best first, none that stands in the path. */
  #candidates(tip: Fields, path: readonly Fields[]): Candidate[] {
    const anchors = this.#anchors.get(tip.issuerKey) ?? [];
    const out: Candidate[] = anchors
      .filter(({ fields }) => !same(fields, tip))
      .map((anchor) => ({ fields: anchor.fields, anchor }));
    for (const fields of this.#environment.pool.get(tip.issuerKey) ?? []) {
      const repeated = path.some((f) => f.subjectKey === fields.subjectKey && sameKey(f, fields));
      if (repeated || anchors.some((anchor) => same(anchor.fields, fields))) continue;
      out.push({ fields, anchor: null });
    }
    if (out.length < 2) return out;
    const ranked = out.map((candidate) => ({ candidate, rank: this.#promise(tip, candidate) }));
    return ranked.sort((a, b) => b.rank - a.rank).map(({ candidate }) => candidate);
  }

  #promise({ authorityKey }: Fields, { fields, anchor }: Candidate): number {
    const { time } = this.#environment.rules;
    const { notBefore, notAfter } = fields.certificate;
    const [wanted, has] = [authorityKey?.keyIdentifier, fields.subjectKeyId];
    const match = !wanted || !has ? 1 : equal(wanted, has) ? 2 : 0;
    return 4 * match + 2 * Number(notBefore <= time && time <= notAfter) + Number(anchor !== null);
  }
}

const same = (a: Fields, b: Fields) => a === b || equal(a.certificate.der, b.certificate.der);
const sameKey = (a: Fields, b: Fields) => equal(a.certificate.spki, b.certificate.spki);

/** The first valid path, or why the one that got furthest is not. @throws {OverBudget} */
export function searchPath(environment: Environment, query: Query): Promise<Outcome> {
  return new PathSearch(environment, query).run();
}

/** Pool by comparable subject name, each certificate once. */
export function poolOf(certificates: Iterable<Fields>): Map<string, Fields[]> {
  const pool = new Map<string, Fields[]>();
  const seen = new Set<string>();
  for (const fields of certificates) {
    const der = latin1(fields.certificate.der);
    if (seen.has(der)) continue;
    seen.add(der);
    const list = pool.get(fields.subjectKey);
    if (list) list.push(fields);
    else pool.set(fields.subjectKey, [fields]);
  }
  return pool;
}
