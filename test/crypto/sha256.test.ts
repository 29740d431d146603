import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { digest, Sha256, toHex, utf8 } from '../../src/crypto/index.ts';

describe('SHA-256 (FIPS 180-4)', () => {
  it('the example of one block, and the empty message', () => {
    expect(toHex(new Sha256().update(utf8('abc')).digest())).toBe(
      'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    );
    expect(toHex(new Sha256().digest())).toBe(
      'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    );
  });

  it('equals the platform at every length around the blocks', async () => {
    for (let n = 0; n < 300; n++) {
      const data = new Uint8Array(n).map((_, i) => i * 7 + n);
      const expected = createHash('sha256').update(data).digest('hex');
      expect(toHex(new Sha256().update(data).digest())).toBe(expected);
      expect(toHex(await digest('SHA-256', data))).toBe(expected);
    }
  });

  it('in any pieces', () =>
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 200 })), (parts) => {
        const ours = new Sha256();
        const peer = createHash('sha256');
        for (const part of parts) {
          ours.update(part);
          peer.update(part);
        }
        expect(toHex(ours.digest())).toBe(peer.digest('hex'));
      }),
    ));
});
