import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  isKeyCopy,
  KeyRefused,
  KeyVault,
  memoryKeyStorage,
  readKeyCopy,
  writeKeyCopy,
} from '../../src/keys/index.ts';

const codeOf = async (act: () => unknown) => {
  try {
    await act();
    return 'ok';
  } catch (error) {
    return error instanceof KeyRefused ? error.code : `threw ${error}`;
  }
};
const PASSWORD = { kind: 'password', password: 'correct horse battery' } as const;
const PASSKEY = { kind: 'passkey', prf: new Uint8Array(32) } as const;

describe.each(['P-256', 'SM2'] as const)('a copy of a key of the %s suite', (suite) => {
  let from: KeyVault;
  let id: string;
  let file: Uint8Array;
  let code: string;
  let spki: Uint8Array;
  beforeAll(async () => {
    from = new KeyVault({ storage: memoryKeyStorage() });
    const way = { ...PASSKEY, credential: new Uint8Array(1), salt: new Uint8Array(32) };
    const made = await from.create({
      label: 'x',
      suite,
      secrets: [PASSWORD, { kind: 'recovery' }, way],
    });
    id = made.identity.id;
    code = made.recoveryCode as string;
    spki = made.session.keySigner('signing').spki;
    const identities = [await from.copy(id, PASSKEY, null)];
    file = writeKeyCopy({ kind: 'person', deployment: 'd', identities, facts: { name: '甲' } });
  });
  const taken = () => {
    const copy = readKeyCopy(file);
    return { copy, vault: new KeyVault({ storage: memoryKeyStorage() }) };
  };

  it('opens by password and by recovery code, not by what belongs to the other device', async () => {
    expect(isKeyCopy(file)).toBe(true);
    for (const secret of [PASSWORD, { kind: 'recovery', code } as const]) {
      const { copy, vault } = taken();
      const [identity] = copy.identities;
      const session = await vault.take(identity!, secret);
      expect(session.keySigner('signing').spki).toEqual(spki);
      expect(await codeOf(() => vault.take(identity!, secret))).toBe('identity-exists');
    }
    const { copy, vault } = taken();
    const [identity] = copy.identities;
    expect(await codeOf(() => vault.take(identity!, PASSKEY))).toBe('unknown-wrapper');
    const wrong = { ...PASSWORD, password: 'not this one at all' };
    expect(await codeOf(() => vault.take(identity!, wrong))).toBe('wrong-secret');
    expect(await vault.list()).toEqual([]);
  });

  it('is made by whoever opens the key alone', async () => {
    const wrong = { ...PASSWORD, password: 'not this one at all' };
    expect(await codeOf(() => from.copy(id, wrong, null))).toBe('wrong-secret');
  });

  it('answers any change of the file with a code', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat(file.length - 1),
        fc.integer({ min: 1, max: 255 }),
        async (at, by) => {
          const changed = file.slice();
          changed[at] = (changed[at] as number) ^ by;
          const vault = new KeyVault({ storage: memoryKeyStorage() });
          const answer = await codeOf(async () => {
            const { identities } = readKeyCopy(changed);
            await vault.take(identities[0]!, { kind: 'recovery', code });
          });
          expect(answer).toMatch(/^(ok|malformed|damaged|wrong-secret|unknown-wrapper)$/);
        },
      ),
      { numRuns: 150 },
    );
  });
});

it.each([
  '',
  '{}',
  '{"cinnabar":"keys/1"}',
  '{"cinnabar":"keys/1","kind":"person","deployment":"d"}',
])('is no copy: %s', async (text) => {
  expect(await codeOf(() => readKeyCopy(new TextEncoder().encode(text)))).toBe('malformed');
});
