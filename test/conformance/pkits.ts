/** NIST PKITS 1.0.1: RFC 5280 paths, policies and CRLs; verdict and user-constrained policy set. */
import { join } from 'node:path';
import { verifyPath } from '../../src/pki/index.ts';
import { base64, readJson, Score, type Suite } from './suite.ts';

interface Pkits {
  files: Record<string, string>;
  cases: {
    id: string;
    name: string;
    trust_anchor: string;
    intermediates: string[];
    target: string;
    crls: string[];
    time: string;
    settings: {
      initial_policy_set: string[];
      initial_explicit_policy: boolean;
      initial_policy_mapping_inhibit: boolean;
      initial_any_policy_inhibit: boolean;
      revocation: 'hard-fail' | 'none';
    };
    expected: { valid: boolean; user_constrained_policy_set?: string[] };
  }[];
}

export const suite: Suite = {
  name: 'pkits',
  async run(directory) {
    const data = readJson<Pkits>(join(directory, 'pkits.json.gz'));
    if (!data) return null;
    const file = (name: string) => base64(data.files[name] ?? '');
    const score = new Score();
    for (const c of data.cases) {
      const name = `${c.id} ${c.name}`;
      let policies: string[] = [];
      let valid = false;
      await score.case(name, c.expected.valid, async () => {
        const result = await verifyPath({
          target: file(c.target),
          intermediates: c.intermediates.map(file),
          anchors: [{ cert: file(c.trust_anchor) }],
          crls: c.crls.map(file),
          time: c.time,
          revocation: c.settings.revocation,
          initialPolicySet: c.settings.initial_policy_set,
          explicitPolicy: c.settings.initial_explicit_policy,
          inhibitPolicyMapping: c.settings.initial_policy_mapping_inhibit,
          inhibitAnyPolicy: c.settings.initial_any_policy_inhibit,
          profile: 'rfc5280',
        });
        ({ policies, valid } = result);
        return { valid, note: result.code };
      });
      const expected = c.expected.user_constrained_policy_set;
      if (valid && c.expected.valid && expected) {
        const [have, want] = [policies, expected].map((set) => [...set].sort().join(' '));
        if (have !== want) score.mismatch(name, `policies ${have}, expected ${want}`);
      }
    }
    return score;
  },
};
