import { beforeAll, describe, expect, test } from 'vitest';
import type { Json } from '../../src/crypto/index.ts';
import { readCertificate } from '../../src/pki/index.ts';
import { issueCertificate, randomSerial } from '../../src/pki/issuing/index.ts';
import { type Made, refusals, USCC, World } from './world.ts';

const CASE = 'enterprise-a';
const TERM = { notBefore: '2026-01-01T00:00:00Z', notAfter: '2030-01-01T00:00:00Z' };
const csrs = { signing: 'AAAA', encryption: 'AAAA' };
const form = (change: object = {}) =>
  ({
    name: '甲公司',
    nameEn: 'A Company',
    uscc: USCC.a,

    address: '路 1 号',
    contact: '甲',
    phone: '1',
    email: 'a@example.com',
    ...change,
  }) as Json;

let world: World;
let base: Made[];
let approved: Made;
beforeAll(async () => {
  world = await World.create();
  const registered = await world.step(world.a, 'enterprise/register', CASE, [], {
    fields: { name: '甲公司', csrs },
    body: form(),
  });
  const fields = await world.pairOf(world.a.certificate);
  approved = await world.step(world.by('registrar'), 'enterprise/approve', CASE, [registered], {
    fields,
  });
  base = [world.bundlePackage, registered, approved];
  // Only this registration of the enterprise: its seals end by it.
  world.bound = world.bound.slice(2);
});

/** The registrar certifies a name for the key of `old`. */
function certified(name: string, old: Uint8Array, commonName = name): Promise<Uint8Array> {
  return issueCertificate({
    kind: 'enterprise-signing',
    subject: { organization: name, uscc: USCC.a, commonName },
    spki: readCertificate(old).spki,
    issuer: world.enterpriseCa,
    serial: randomSerial(),
    pilot: true,
    ...TERM,
  });
}

async function answer(prev: Made[], name: string, old: Uint8Array, given = name) {
  const fields = await world.pairOf(await certified(given, old));
  return world.step(world.by('registrar'), 'enterprise/approve', CASE, prev, { fields });
}

const update = (name: string, more: Record<string, Json> = {}, by = world.a, prev = [approved]) =>
  world.step(by, 'enterprise/update', CASE, prev, {
    fields: { name, ...more },
    body: form({ name, address: '新路 2 号' }),
  });

const folded = async (...steps: Made[]) => {
  const state = await world.fold([...base, ...steps], [...base, ...steps]);
  return { found: world.named(state.enterprises, CASE), refused: refusals(state), state };
};

describe('enterprise/update', () => {
  test('another address takes effect at once', async () => {
    const { found, refused } = await folded(await update('甲公司'));
    expect(refused).toEqual([]);
    expect(found).toMatchObject({ state: 'approved', change: null, name: '甲公司' });
    expect(found?.form).toMatchObject({ address: '新路 2 号' });
  });

  test('another name waits for certificates that state it', async () => {
    const asked = await update('甲新公司', { csrs });
    const waiting = (await folded(asked)).found;
    expect(waiting).toMatchObject({ name: '甲公司', change: { name: '甲新公司' } });
    expect(waiting?.form).toMatchObject({ address: '路 1 号' });
    const given = await answer([asked], '甲新公司', world.a.certificate);
    const { found, refused } = await folded(asked, given);
    expect(refused).toEqual([]);
    expect(found).toMatchObject({ name: '甲新公司', change: null, state: 'approved' });
    expect(found?.form).toMatchObject({ address: '新路 2 号' });
    expect(found?.earlier).toHaveLength(1);
  });

  test('another name ends the seal that shows the old one', async () => {
    const applied = await world.step(world.a, 'seal/apply', 'seal-a', [], {
      fields: {},
      body: { kind: 'round', name: '甲公司', lower: '', code: '' },
    });
    const asked = await update('甲新公司', { csrs });
    const given = await answer([asked], '甲新公司', world.a.certificate);
    const { state } = await folded(applied, asked, given);
    expect(world.named(state.seals, 'seal-a')).toMatchObject({
      state: 'revoked',
      reasons: ['name-changed'],
    });
  });

  test('after it the certificate with the old name signs no more; before, it did', async () => {
    const apply = (id: string) =>
      world.step(world.a, 'seal/apply', id, [], {
        fields: {},
        body: { kind: 'round', name: '甲公司', lower: '', code: '' },
      });
    const [before, after] = [await apply('seal-1'), await apply('seal-2')];
    const asked = await update('甲新公司', { csrs });
    const given = await answer([asked], '甲新公司', world.a.certificate);
    expect((await folded(before, asked, given, after)).refused).toEqual([
      'seal/apply certificate-replaced',
    ]);
  });

  test('another name without certificate requests is refused, the same name with them, too', async () => {
    expect((await folded(await update('甲新公司'))).refused).toEqual([
      'enterprise/update csr-missing',
    ]);
    expect((await folded(await update('甲公司', { csrs }))).refused).toEqual([
      'enterprise/update name-unchanged',
    ]);
  });

  test('certificates with yet another name are refused', async () => {
    const asked = await update('甲新公司', { csrs });
    const given = await answer([asked], '甲新公司', world.a.certificate, '乙公司');
    expect((await folded(asked, given)).refused).toEqual(['enterprise/approve wrong-enterprise']);
  });

  test('a refused change leaves everything as it was, with the reasons', async () => {
    const asked = await update('甲新公司', { csrs });
    const no = await world.step(world.by('registrar'), 'enterprise/reject', CASE, [asked], {
      fields: { reasons: ['营业执照未更新'] },
    });
    const { found, refused } = await folded(asked, no);
    expect(refused).toEqual([]);
    expect(found).toMatchObject({ state: 'approved', name: '甲公司', change: null });
    expect(found?.reasons).toEqual(['营业执照未更新']);
  });

  test("another enterprise's data are not yours", async () => {
    expect((await folded(await update('甲公司', {}, world.b))).refused).toEqual([
      'enterprise/update not-yours',
    ]);
  });
});

describe('renewal', () => {
  test('the same name and keys get certificates for a new term', async () => {
    const renewed = await answer([approved], '甲公司', world.a.certificate);
    const { found, refused } = await folded(renewed);
    expect(refused).toEqual([]);
    expect(found?.earlier).toHaveLength(1);
    expect(found?.certificate).not.toBe(world.a.id);
  });

  test('other keys are no renewal', async () => {
    const renewed = await answer([approved], '甲公司', world.b.certificate);
    expect((await folded(renewed)).refused).toEqual(['enterprise/approve other-keys']);
  });
});
