import { generateKeyPairSync, sign } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  concat,
  digest,
  ecdsaToRaw,
  Malformed,
  type SuiteDigest,
  toHex,
  utf8,
} from '../../src/crypto/index.ts';
import { sm2KeyPair, sm2Sign } from '../../src/crypto/sm/sm2.ts';
import {
  append,
  emptyRange,
  leafHash,
  nodeHash,
  readCheckpoint,
  readEntryBundle,
  readLogEntry,
  rootOf,
  signCheckpoint,
  TileTree,
  tilePath,
  writeEntryBundle,
} from '../../src/sync/log/index.ts';

/** RFC 6962 2.1 as it is written: split at the largest power of two below n. */
async function merkleTreeHash(hash: SuiteDigest, leaves: Uint8Array[]): Promise<Uint8Array> {
  if (leaves.length === 0) return digest(hash, new Uint8Array());
  if (leaves.length === 1) return leaves[0] as Uint8Array;
  let k = 1;
  while (2 * k < leaves.length) k *= 2;
  const left = await merkleTreeHash(hash, leaves.slice(0, k));
  return nodeHash(hash, left, await merkleTreeHash(hash, leaves.slice(k)));
}

describe.each(['SHA-256', 'SM3'] as const)('Merkle log (RFC 6962 section 2.1), %s', (hash) => {
  it('a compact range gives the root that the definition gives, at every size', async () => {
    const leaves: Uint8Array[] = [];
    let range = emptyRange(hash);
    for (let size = 0; size < 70; size++) {
      expect(toHex(await rootOf(range))).toBe(toHex(await merkleTreeHash(hash, leaves)));
      const leaf = await leafHash(hash, utf8(`entry ${size}`));
      leaves.push(leaf);
      range = await append(range, leaf);
    }
  });

  it('tiles hold the hashes of 256 leaves and their root one level up', async () => {
    const tree = new TileTree(hash);
    const leaves = await Promise.all(
      Array.from({ length: 300 }, (_, i) => leafHash(hash, utf8(String(i)))),
    );
    for (const leaf of leaves) await tree.append(leaf);
    expect(tree.tile(0, 0, 256)).toEqual(concat(...leaves.slice(0, 256)));
    expect(tree.tile(0, 1, 44)).toEqual(concat(...leaves.slice(256)));
    expect(tree.tile(1, 0, 1)).toEqual(await merkleTreeHash(hash, leaves.slice(0, 256)));
    expect(tree.tile(0, 1, 45)).toBeNull();
    expect(toHex(await tree.root())).toBe(toHex(await merkleTreeHash(hash, leaves)));
  });

  it('names tiles in groups of three digits', () => {
    expect([0, 999, 1000, 1234067].map(tilePath)).toEqual([
      '000',
      '999',
      'x001/000',
      'x001/x234/067',
    ]);
  });
});

const ed25519 = generateKeyPairSync('ed25519');
const pair = sm2KeyPair();
const SIGNERS = {
  Ed25519: {
    key: new Uint8Array(ed25519.publicKey.export({ type: 'spki', format: 'der' }).subarray(-32)),
    sign: (text: Uint8Array): Uint8Array => sign(null, text, ed25519.privateKey),
  },
  SM2: {
    key: pair.publicKey,
    sign: (text: Uint8Array) => ecdsaToRaw(sm2Sign(pair.privateKey, text, pair.publicKey), 32),
  },
};

describe.each(['Ed25519', 'SM2'] as const)('checkpoint (signed note), %s', (kind) => {
  const { key, sign: signText } = SIGNERS[kind];
  const checkpoint = {
    origin: 'cinnabar/test',
    size: 7,
    root: new Uint8Array(32).fill(5),
    time: '2026-11-23T00:00:00.000Z',
  };
  const note = signCheckpoint(checkpoint, key, signText);

  it('reads what it signs', async () => {
    expect(await readCheckpoint(utf8(await note), key)).toEqual(checkpoint);
  });

  it('is none under a key of the other suite', async () => {
    const other = SIGNERS[kind === 'SM2' ? 'Ed25519' : 'SM2'].key;
    await expect(readCheckpoint(utf8(await note), other)).rejects.toMatchObject({
      code: 'checkpoint-signature',
    });
  });

  it('refuses every changed byte', async () => {
    const bytes = utf8(await note);
    for (let i = 0; i < bytes.length; i++) {
      const changed = bytes.slice();
      changed[i] = (changed[i] as number) ^ 1;
      await expect(readCheckpoint(changed, key)).rejects.toBeInstanceOf(Malformed);
    }
  });
});

describe('log entries', () => {
  it('bundles are read back, or refused whatever is in them', () => {
    fc.assert(
      fc.property(
        fc.array(fc.uint8Array({ minLength: 1, maxLength: 400 }), { maxLength: 256 }),
        (list) => {
          expect(readEntryBundle(writeEntryBundle(list)).map(toHex)).toEqual(list.map(toHex));
        },
      ),
      { numRuns: 30 },
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        for (const read of [readEntryBundle, readLogEntry]) {
          try {
            read(bytes);
          } catch (error) {
            expect(error).toBeInstanceOf(Malformed);
          }
        }
      }),
    );
  });
});
