/** PKCS#12 files of OpenSSL, opened by the room of keys. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readJson, Score, type Suite } from './suite.ts';

interface Pfx {
  cases: { id: string; file: string; password: string; expected: string }[];
}

type OpenPfx = (input: {
  pfx: Uint8Array;
  password: string;
}) => Promise<{ ok: boolean; code?: string }>;

export const suite: Suite = {
  name: 'pkcs12',
  async run(directory) {
    const data = readJson<Pfx>(join(directory, 'pkcs12', 'index.json'));
    const keys: object = await import('../../src/keys/index.ts');
    const { openPfx } = keys as { openPfx?: OpenPfx };
    if (!data || !openPfx) return null;
    const score = new Score();
    for (const { id, file, password, expected } of data.cases) {
      const path = join(directory, 'pkcs12', file);
      if (!existsSync(path)) continue;
      const want = expected.startsWith('error') ? false : expected === 'ok' ? true : null;
      await score.case(id, want, async () => {
        const result = await openPfx({ pfx: new Uint8Array(readFileSync(path)), password });
        const code = result.code ?? '';
        const clear = result.ok || code !== '';
        const wrong = expected.startsWith('error:') && code !== expected.slice('error:'.length);
        // A refusal that does not say why is none: it counts as a failure.
        if (!clear || (wrong && !result.ok)) throw new Error(`code ${code}`);
        return { valid: result.ok, note: code };
      });
    }
    return score;
  },
};
