/** Wycheproof signature vectors (C2SP): every malformed or forged encoding must be refused. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { derWrite, ecdsaToDer, verifySignature } from '../../src/crypto/index.ts';
import { hex, readJson, Score, type Suite } from './suite.ts';

interface Group {
  type: string;
  sha?: string;
  mgfSha?: string;
  sLen?: number;
  publicKeyDer?: string;
  keyDer?: string;
  tests: { tcId: number; comment: string; msg: string; sig: string; result: string }[];
}

const w = derWrite;
const DIGEST_OIDS: Record<string, string> = {
  'SHA-1': '1.3.14.3.2.26',
  'SHA-256': '2.16.840.1.101.3.4.2.1',
  'SHA-384': '2.16.840.1.101.3.4.2.2',
  'SHA-512': '2.16.840.1.101.3.4.2.3',
};
const RSA: Record<string, string> = {
  'SHA-256': '1.2.840.113549.1.1.11',
  'SHA-384': '1.2.840.113549.1.1.12',
  'SHA-512': '1.2.840.113549.1.1.13',
};
const ECDSA: Record<string, string> = {
  'SHA-256': '1.2.840.10045.4.3.2',
  'SHA-384': '1.2.840.10045.4.3.3',
  'SHA-512': '1.2.840.10045.4.3.4',
};

function algorithmOf(group: Group): Uint8Array | null {
  const sha = group.sha ?? '';
  if (group.type.startsWith('Ecdsa')) {
    return w.sequence(w.oid(ECDSA[sha] ?? '0.0'));
  }
  if (group.type === 'EddsaVerify') return w.sequence(w.oid('1.3.101.112'));
  if (group.type.startsWith('RsassaPkcs1')) {
    return w.sequence(w.oid(RSA[sha] ?? '0.0'), w.nullValue());
  }
  if (group.type.startsWith('RsassaPss')) {
    const digest = (name: string) => w.sequence(w.oid(DIGEST_OIDS[name] ?? '0.0'), w.nullValue());
    return w.sequence(
      w.oid('1.2.840.113549.1.1.10'),
      w.sequence(
        w.context(0, digest(sha)),
        w.context(1, w.sequence(w.oid('1.2.840.113549.1.1.8'), digest(group.mgfSha ?? sha))),
        w.context(2, w.integer(group.sLen ?? 20)),
      ),
    );
  }
  return null;
}

export const suite: Suite = {
  name: 'wycheproof',
  async run(directory) {
    const folder = join(directory, 'wycheproof');
    if (!existsSync(folder)) return null;
    const score = new Score();
    for (const file of readdirSync(folder).sort()) {
      const groups = readJson<{ testGroups?: Group[] }>(join(folder, file))?.testGroups ?? [];
      for (const group of groups) {
        const algorithm = algorithmOf(group);
        if (!algorithm) continue;
        const spki = hex(group.publicKeyDer ?? group.keyDer ?? '');
        for (const test of group.tests) {
          const expected = test.result === 'acceptable' ? null : test.result === 'valid';
          const raw = hex(test.sig);
          const p1363 = group.type === 'EcdsaP1363Verify';
          await score.case(`${file} ${test.tcId} ${test.comment}`, expected, async () => {
            if (p1363 && raw.length !== widthOf(file)) return { valid: false };
            const signature = p1363 ? ecdsaToDer(raw) : raw;
            const result = await verifySignature({
              spki,
              algorithm,
              signature,
              data: hex(test.msg),
            });
            return { valid: result.valid, note: result.code ?? '' };
          });
        }
      }
    }
    return score;
  },
};

/** Octets of r ‖ s for the curve in the file's name. */
function widthOf(file: string): number {
  return file.includes('521') ? 132 : file.includes('384') ? 96 : 64;
}
