/** SM2 certificates made with OpenSSL: the path holds, and no octet of the leaf may change. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { bitStringOf, readDer, verifySignature } from '../../src/crypto/index.ts';
import { verifyPath } from '../../src/pki/index.ts';
import { pem, Score, type Suite } from './suite.ts';

export const suite: Suite = {
  name: 'sm2',
  async run(directory) {
    const folder = join(directory, 'sm2');
    if (!existsSync(folder)) return null;
    const file = (name: string) => pem(readFileSync(join(folder, name), 'latin1'));
    const score = new Score();
    const [ca, leaf, csr] = [file('ca.crt'), file('ee.crt'), file('ee.csr')];
    const time = '2026-12-01T00:00:00Z';
    const path = (target: Uint8Array) => async () => {
      const { valid, code } = await verifyPath({ target, anchors: [{ cert: ca }], time });
      return { valid, note: code };
    };
    await score.case('leaf under root', true, path(leaf));
    await score.case('request signed by its own key', true, async () => {
      const [info, algorithm, signature] = readDer(csr).children;
      const { valid } = await verifySignature({
        spki: info?.children[2]?.raw ?? csr,
        algorithm: algorithm?.raw ?? csr,
        signature: bitStringOf(signature),
        data: info?.raw ?? csr,
      });
      return { valid };
    });
    for (let at = 0; at < leaf.length; at += 7) {
      const changed = leaf.slice();
      changed[at] = (changed[at] as number) ^ 0x04;
      await score.case(`leaf with octet ${at} changed`, false, path(changed));
    }
    return score;
  },
};
