import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { digest, sha256InSteps, toHex } from '../../src/crypto/index.ts';

describe('SHA-256 (FIPS 180-4)', () => {
  it('is the same in script and by the platform, on both sides of where one takes over', async () => {
    for (const length of [0, 1, 55, 56, 63, 64, 65, 2047, 2048, 2049, 5000]) {
      const data = new Uint8Array(length).map((_, i) => i * 7 + length);
      const expected = createHash('sha256').update(data).digest('hex');
      expect(toHex(await digest('SHA-256', data))).toBe(expected);
    }
  });

  it('in any pieces', () =>
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 200 })), (parts) => {
        const peer = createHash('sha256').update(Buffer.concat(parts)).digest('hex');
        expect(toHex(sha256InSteps(parts))).toBe(peer);
      }),
    ));
});
