/** Simulated runs in the Chinese suite; beside the others in a file of its own, on another core. */
import { pbkdf2 } from 'node:crypto';
import { promisify } from 'node:util';
import { afterAll, expect, test, vi } from 'vitest';
import { discardAll } from './founding.ts';
import { simulate } from './run.ts';

// Passwords are derived by OpenSSL, whose SM3 is that of the plain script and takes a third of its time.
vi.mock('../../src/crypto/sm/sm3-kdf.ts', async (original) => ({
  ...(await original<typeof import('../../src/crypto/sm/sm3-kdf.ts')>()),
  async pbkdf2Sm3(
    password: Uint8Array,
    { salt, iterations }: { salt: Uint8Array; iterations: number },
    size: number,
  ) {
    return new Uint8Array(await promisify(pbkdf2)(password, salt, iterations, size, 'sm3'));
  },
}));

afterAll(discardAll);

test.each([9, 19])(
  'seed %i holds in the Chinese suite',
  async (seed) => {
    const { faults } = await simulate(seed, 'SM2');
    expect(faults, `npm run simulate -- --seeds 1 --from ${seed} --suite sm2`).toEqual([]);
  },
  240_000,
);
