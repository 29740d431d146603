/** Role keys in the log: whose count, which is written to, and whom they were handed on to. */
import { beforeAll, describe, expect, test } from 'vitest';
import { type EnvelopeRecipient, toBase64 } from '../../src/crypto/index.ts';
import { generateKey } from '../../src/keys/index.ts';
import { writePackage } from '../../src/packages/index.ts';
import { certificateId, keyId, readCertificate } from '../../src/pki/index.ts';
import { type Made, refusals, type Somebody, World } from './world.ts';

let world: World;
let reader: Uint8Array;
let readerId: string;
beforeAll(async () => {
  world = await World.create();
  reader = world.reader.certificate;
  readerId = await certificateId(reader);
});

const REVIEW = 'review-and-issuing';

const write = (
  signer: Somebody,
  type: string,
  fields: object,
  recipients: EnvelopeRecipient[] = [reader],
): Promise<Made> =>
  writePackage({
    record: {
      ...{ deployment: world.bundle.deployment, type, prev: [], at: world.now() },
      ...fields,
    },
    confidential: { any: 'body' },
    recipients,
    signer,
  });

async function roleKey(signer: Somebody, group = REVIEW, spki?: Uint8Array) {
  const key = spki ?? (await generateKey('P-256')).spki;
  const made = await write(signer, 'trust/role-key', { group, key: toBase64(key) });
  return { ...made, spki: key, key: await keyId(key) };
}

const grant = (signer: Somebody, keys: string[], to: EnvelopeRecipient[], group = REVIEW) =>
  write(signer, 'trust/grant', { group, keys }, to);

describe('a role key counts only from a holder of the group, or the root', () => {
  test.each(['first', 'second', 'issuer'])('made by %s', async (name) => {
    const made = await roleKey(world.by(name));
    const { roleKeys } = await world.foldBlind([made]);
    expect(roleKeys).toMatchObject([
      { id: made.key, group: REVIEW, by: world.by(name).id, readers: [readerId] },
    ]);
  });

  test('made by the root after a disaster', async () => {
    const made = await roleKey(world.root);
    expect((await world.foldBlind([made])).roleKeys).toHaveLength(1);
  });

  test.each([
    ['an inspector', () => world.by('inspector'), 'wrong-role'],
    ['a registrar', () => world.by('registrar'), 'wrong-role'],
    ['an enterprise', () => world.a, 'wrong-role'],
    ['a stranger', () => world.stranger, 'author-untrusted'],
  ])('a role key by nobody of the group does not count: %s', async (_, by, code) => {
    const made = await roleKey(by());
    const state = await world.foldBlind([made]);
    expect(state.roleKeys).toEqual([]);
    expect(refusals(state)).toEqual([`trust/role-key ${code}`]);
  });

  test('who left the group makes none any more', async () => {
    const roster = world.roster.filter(({ name }) => name !== 'first');
    const [, next] = await world.publish({ roster }, [world.bundle, world.bundlePackage]);
    const late = await roleKey(world.by('first'));
    const log = [world.bundlePackage, next, late];
    expect((await world.foldBlind(log, log)).roleKeys).toEqual([]);
  });

  test.each([
    ['of no known form', new Uint8Array([1, 2, 3])],
    ['of another suite', null],
  ])('a key %s', async (_, bytes) => {
    const spki = bytes ?? (await generateKey('SM2')).spki;
    const made = await write(world.by('first'), 'trust/role-key', {
      ...{ group: REVIEW, key: toBase64(spki) },
    });
    expect(refusals(await world.foldBlind([made]))).toEqual(['trust/role-key role-key-form']);
  });

  test('a key of another group, published as one of the own: forged reader', async () => {
    const made = await roleKey(world.by('first'));
    const stolen = await roleKey(world.by('inspector'), 'inspection', made.spki);
    const log = [made, stolen];
    const state = await world.foldBlind(log, log);
    expect(refusals(state)).toEqual(['trust/role-key role-key-group']);
    expect(state.roleKeys.map(({ group }) => group)).toEqual([REVIEW]);
  });
});

describe('which is written to', () => {
  test('two role keys at once: both are kept, the one logged last is written to', async () => {
    const one = await roleKey(world.by('first'));
    const two = await roleKey(world.by('second'));
    for (const log of [
      [one, two],
      [two, one],
    ]) {
      const { roleKeys } = await world.foldBlind([one, two], log);
      expect(roleKeys.map(({ id }) => id)).toEqual(log.map(({ key }) => key));
    }
  });

  test('the same key published again adds readers and changes no order', async () => {
    const one = await roleKey(world.by('first'));
    const two = await roleKey(world.by('second'));
    const again = await write(
      world.by('issuer'),
      'trust/role-key',
      { group: REVIEW, key: toBase64(one.spki) },
      [{ spki: two.spki }],
    );
    const log = [one, two, again];
    const { roleKeys } = await world.foldBlind(log, log);
    expect(roleKeys.map(({ id }) => id)).toEqual([one.key, two.key]);
    expect(roleKeys[0]?.readers).toEqual([readerId, two.key]);
    expect(roleKeys[0]?.packages).toEqual([one.id, again.id]);
  });
});

describe('handing on', () => {
  test('a grant names new readers of several keys', async () => {
    const one = await roleKey(world.by('first'));
    const two = await roleKey(world.by('second'));
    const newcomer = { spki: (await generateKey('P-256')).spki };
    const given = await grant(world.by('issuer'), [one.key, two.key], [newcomer]);
    const { roleKeys } = await world.foldBlind([one, two, given], [one, two, given]);
    for (const { readers } of roleKeys) expect(readers).toContain(await keyId(newcomer.spki));
  });

  test('of a key that the group has not, or by somebody outside it', async () => {
    const one = await roleKey(world.by('first'));
    const unknown = await grant(world.by('first'), ['0'.repeat(64)], [reader]);
    const outside = await grant(world.by('inspector'), [one.key], [reader]);
    const foreign = await grant(world.by('inspector'), [one.key], [reader], 'inspection');
    const log = [one, unknown, outside, foreign];
    expect(refusals(await world.foldBlind(log, log))).toEqual([
      'trust/grant role-key-unknown',
      'trust/grant wrong-role',
      'trust/grant role-key-unknown',
    ]);
  });
});

describe('the recovery key of a bundle', () => {
  test('is a public key, and not the signing key of the root', async () => {
    const { spki } = await generateKey('P-256');
    const [bundle] = await world.publish({ recoveryKey: toBase64(spki) });
    expect(bundle.recoveryKey).toBe(toBase64(spki));
    const own = toBase64(readCertificate(world.root.certificate).spki);
    await expect(world.publish({ recoveryKey: own })).rejects.toMatchObject({
      code: 'bundle-recovery',
    });
    await expect(world.publish({ recoveryKey: toBase64(reader) })).rejects.toMatchObject({
      code: 'bundle-key',
    });
  });
});
