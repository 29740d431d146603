/** x509-limbo, core profile: building, constraints, pathological graphs. */
import { join } from 'node:path';
import { type PeerName, verifyPath } from '../../src/pki/index.ts';
import { pem, readJson, Score, type Suite } from './suite.ts';

interface Limbo {
  testcases: {
    id: string;
    trusted_certs: string[];
    untrusted_intermediates: string[];
    peer_certificate: string;
    crls?: string[];
    validation_time: string | null;
    extended_key_usage: string[];
    expected_peer_name: PeerName | null;
    expected_peer_names: PeerName[];
    max_chain_depth: number | null;
    expected_result: 'SUCCESS' | 'FAILURE';
  }[];
}

export const suite: Suite = {
  name: 'limbo',
  async run(directory) {
    const data = readJson<Limbo>(join(directory, 'limbo-core.json.gz'));
    if (!data) return null;
    const score = new Score();
    for (const c of data.testcases) {
      const crls = (c.crls ?? []).map(pem);
      await score.case(c.id, c.expected_result === 'SUCCESS', async () => {
        const result = await verifyPath({
          target: pem(c.peer_certificate),
          intermediates: c.untrusted_intermediates.map(pem),
          anchors: c.trusted_certs.map((cert) => ({ cert: pem(cert) })),
          crls,
          time: c.validation_time ?? new Date().toISOString(),
          revocation: crls.length > 0 ? 'hard-fail' : 'none',
          purpose: {
            ekus: c.extended_key_usage,
            peerNames: c.expected_peer_name ? [c.expected_peer_name] : c.expected_peer_names,
          },
          maxDepth: c.max_chain_depth,
          profile: 'webpki',
        });
        return { valid: result.valid, note: result.code };
      });
    }
    return score;
  },
};
