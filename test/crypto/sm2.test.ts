import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { derWrite as d, Malformed } from '../../src/crypto/index.ts';
import { sm2KeyPair, sm2Sign, sm2Signer, sm2Verify } from '../../src/crypto/sm/sm2.ts';

const N = 0xfffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54123n;

describe('GM/T 0003.2: SM2 signatures', () => {
  it('one signer signs many messages, each with a fresh number, and they verify', () => {
    const { privateKey, publicKey } = sm2KeyPair();
    const sign = sm2Signer(privateKey, publicKey);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (data) => {
        const [a, b] = [sign(data), sign(data)];
        expect(Buffer.from(a).equals(b)).toBe(false);
        expect(sm2Verify(publicKey, a, data)).toBe(true);
        expect(sm2Verify(publicKey, b, new Uint8Array([...data, 0]))).toBe(false);
      }),
      { numRuns: 20 },
    );
  });

  it('keys at the ends of the range sign; 0, n - 1 and beyond are no keys', () => {
    const octets = (n: bigint) =>
      new Uint8Array(Buffer.from(n.toString(16).padStart(64, '0'), 'hex'));
    const { publicKey } = sm2KeyPair();
    for (const n of [0n, N - 1n, N]) {
      expect(() => sm2Sign(octets(n), new Uint8Array(1), publicKey)).toThrow(Malformed);
    }
    expect(() => sm2Sign(octets(N - 2n), new Uint8Array(1), publicKey)).not.toThrow();
  });

  it('6.1 B1, B2, B5: r and s in range, r + s not 0', () => {
    const { publicKey } = sm2KeyPair();
    const value = (r: bigint, s: bigint) => d.sequence(d.integer(r), d.integer(s));
    const data = new Uint8Array(1);
    for (const [r, s] of [
      [0n, 1n],
      [1n, 0n],
      [N, 1n],
      [1n, N],
    ] as const) {
      expect(() => sm2Verify(publicKey, value(r, s), data)).toThrow(Malformed);
    }
    expect(sm2Verify(publicKey, value(1n, N - 1n), data)).toBe(false);
  });

  it('a point off the curve is refused', () => {
    const { privateKey, publicKey } = sm2KeyPair();
    const signature = sm2Sign(privateKey, new Uint8Array(1), publicKey);
    const off = publicKey.slice();
    off[64] = (off[64] as number) ^ 1;
    expect(() => sm2Verify(off, signature, new Uint8Array(1))).toThrow('off the curve');
    expect(() => sm2Verify(new Uint8Array(65), signature, new Uint8Array(1))).toThrow(Malformed);
  });
});
