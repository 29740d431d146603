import { describe, expect, it } from 'vitest';
import { Malformed } from '../../src/crypto/index.ts';
import { openSealForHolder, sealForHolders, writeSeal } from '../../src/seal/index.ts';
import { people, SEAL } from './fixtures/people.ts';

const { maker, enterprise, recipient } = people('P-256');
const picture = { ...SEAL.picture, data: new Uint8Array(20_000).fill(65) };
const seal = await writeSeal({
  ...SEAL,
  picture,
  maker,
  holderCertificates: [enterprise.certificate],
});

describe('the holder’s copy', () => {
  it('opens with the holder’s key, and is smaller than the seal', async () => {
    const copy = await sealForHolders(seal, [recipient.certificate]);
    expect(copy.length).toBeLessThan(seal.length / 2);
    expect(await openSealForHolder(copy, recipient)).toEqual(seal);
  });

  it('refuses a changed copy and another key', async () => {
    const copy = await sealForHolders(seal, [recipient.certificate]);
    copy[copy.length - 1] = (copy[copy.length - 1] as number) ^ 1;
    await expect(openSealForHolder(copy, recipient)).rejects.toThrow(Malformed);
    const other = people('P-256').recipient;
    const fresh = await sealForHolders(seal, [recipient.certificate]);
    await expect(openSealForHolder(fresh, other)).rejects.toThrow(Malformed);
  });
});
