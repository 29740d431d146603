/**
 * Certificate policies (RFC 5280 6.1) over a graph: one node per policy and depth, with its parents.
 * The tree of the RFC grows exponentially with mappings; the graph has the same answers.
 */
import { Malformed } from '../crypto/index.ts';
import type { Budget } from './budget.ts';
import { ANY_POLICY } from './extensions.ts';
import type { Fields } from './fields.ts';

/** A depth of the graph. A node's parents are policies one depth up; null: it is a child of anyPolicy. */
interface Level {
  nodes: Map<string, ReadonlySet<string> | null>;
  any: boolean;
}

export interface PolicyInputs {
  /** `2.5.29.32.0` for any. */
  readonly initial: readonly string[];
  readonly explicit: boolean;
  readonly inhibitMapping: boolean;
  readonly inhibitAny: boolean;
}

export class PolicyState {
  readonly #budget: Budget;
  readonly #initial: ReadonlySet<string>;
  /** Finished depths, then the one being worked on. */
  readonly #levels: Level[] = [];
  #next: Level = { nodes: new Map(), any: true };
  #explicit: number;
  #mapping: number;
  #anyPolicy: number;

  /** @param length certificates in the path, the anchor not counted */
  constructor(inputs: PolicyInputs, length: number, budget: Budget) {
    this.#budget = budget;
    this.#initial = new Set(inputs.initial);
    this.#explicit = inputs.explicit ? 0 : length + 1;
    this.#mapping = inputs.inhibitMapping ? 0 : length + 1;
    this.#anyPolicy = inputs.inhibitAny ? 0 : length + 1;
  }

  /**
   * An anchor whose constraints are enforced narrows what follows (RFC 5937 3.2): it stands in the
   * graph like an issuer where it names policies. @throws {Malformed} mapping of anyPolicy
   */
  addAnchor(fields: Fields): void {
    if (fields.policies) {
      this.addCertificate(fields, false);
      this.#map(fields);
    }
    this.#constrain(fields);
  }

  /** 6.1.3 (d) and (e). */
  addCertificate({ policies, selfIssued }: Fields, last: boolean): void {
    const level = this.#next;
    const wasAny = level.any;
    if (!policies) {
      level.nodes.clear();
      level.any = false;
    } else {
      const asked = new Set(policies);
      const any = asked.delete(ANY_POLICY) && (this.#anyPolicy > 0 || (selfIssued && !last));
      if (!any) {
        for (const policy of level.nodes.keys()) if (!asked.has(policy)) level.nodes.delete(policy);
        level.any = false;
      }
      if (wasAny) {
        for (const policy of asked) {
          if (!level.nodes.has(policy)) level.nodes.set(policy, null);
        }
      }
    }
    this.#budget.spend('policyNodes', level.nodes.size + 1);
    this.#levels.push(level);
  }

  /** 6.1.4 (a), (b), (h) to (j): what the certificate hands to the next one. @throws {Malformed} mapping of anyPolicy */
  prepareNext(fields: Fields): void {
    this.#map(fields);
    if (!fields.selfIssued) this.#countDown();
    this.#constrain(fields);
  }

  #map(fields: Fields): void {
    const level = this.#levels[this.#levels.length - 1] as Level;
    const mapped = new Map<string, string[]>();
    for (const [issuer, subject] of fields.policyMappings) {
      if (issuer === ANY_POLICY || subject === ANY_POLICY) {
        throw new Malformed('x509-policy-mapping', 'anyPolicy in a mapping (RFC 5280 6.1.4 a)');
      }
      this.#budget.spend('policyNodes');
      const subjects = mapped.get(issuer);
      if (subjects) subjects.push(subject);
      else mapped.set(issuer, [subject]);
    }
    const nodes = new Map<string, Set<string>>();
    const add = (policy: string, parent: string) => {
      const parents = nodes.get(policy);
      if (parents) parents.add(parent);
      else nodes.set(policy, new Set([parent]));
    };
    for (const [issuer, subjects] of mapped) {
      if (this.#mapping === 0) {
        level.nodes.delete(issuer);
        continue;
      }
      if (!level.nodes.has(issuer)) {
        if (!level.any) continue;
        level.nodes.set(issuer, null);
      }
      for (const subject of subjects) add(subject, issuer);
    }
    for (const policy of level.nodes.keys()) if (!mapped.has(policy)) add(policy, policy);
    this.#budget.spend('policyNodes', nodes.size);
    this.#next = { nodes, any: level.any };
  }

  #countDown(): void {
    this.#explicit = Math.max(0, this.#explicit - 1);
    this.#mapping = Math.max(0, this.#mapping - 1);
    this.#anyPolicy = Math.max(0, this.#anyPolicy - 1);
  }

  #constrain({ policyConstraints: c, inhibitAnyPolicy }: Fields): void {
    this.#explicit = Math.min(this.#explicit, c?.requireExplicit ?? Number.POSITIVE_INFINITY);
    this.#mapping = Math.min(this.#mapping, c?.inhibitMapping ?? Number.POSITIVE_INFINITY);
    this.#anyPolicy = Math.min(this.#anyPolicy, inhibitAnyPolicy ?? Number.POSITIVE_INFINITY);
  }

  /** 6.1.5 (a), (b), (g): the user-constrained policy set, and whether it will do. */
  finish(target: Fields): { valid: boolean; policies: string[] } {
    this.#explicit = Math.max(0, this.#explicit - 1);
    if (target.policyConstraints?.requireExplicit === 0) this.#explicit = 0;
    const policies = this.#userConstrained();
    return { valid: this.#explicit > 0 || policies.length > 0, policies };
  }

  /** Policies of the anchor's domain from which the target is reached. */
  #userConstrained(): string[] {
    const last = this.#levels[this.#levels.length - 1];
    if (!last) return [];
    const anyInitial = this.#initial.has(ANY_POLICY);
    const out = new Set<string>();
    let reached: Set<string> = new Set(last.nodes.keys());
    for (let depth = this.#levels.length - 1; depth >= 0; depth--) {
      const level = this.#levels[depth] as Level;
      const above = new Set<string>();
      for (const policy of reached) {
        const parents = level.nodes.get(policy);
        if (parents) for (const parent of parents) above.add(parent);
        else if (anyInitial || this.#initial.has(policy)) out.add(policy);
      }
      this.#budget.spend('policyNodes', above.size);
      reached = above;
    }
    if (last.any) for (const policy of this.#initial) out.add(policy);
    return [...out].sort();
  }
}
