/** A picture: the licence code in it, where there is one. */
import { utf8 } from '../../../crypto/index.ts';
import { EDGES, pixelsOf } from '../photo-pixels.ts';
import { readCodeIn } from '../read-code.ts';
import type { Check } from '../verify.worker.ts';
import { check as checkToken } from './check-token.ts';

export const check: Check = async (job) => {
  const photo = new Blob([job.bytes as Uint8Array<ArrayBuffer>]);
  for (const edge of EDGES) {
    const found = await readCodeIn(await pixelsOf(photo, edge), true);
    if (found) return checkToken({ ...job, bytes: utf8(found.text) });
  }
  return { situation: 'no-code', integrity: 'unsigned', verdict: 'NO-SIGNATURE' };
};
