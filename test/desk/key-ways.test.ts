import { beforeAll, describe, expect, test } from 'vitest';
import { type Device, device, NAMES } from './device.ts';

const PASSWORD = 'correct horse battery';
const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'ok',
    (error) => error.code,
  );
const prf = () => new Uint8Array(32).fill(7);
const passkey = () => ({ credential: new Uint8Array(16), salt: new Uint8Array(32), prf: prf() });

describe('the ways into a key', () => {
  let it: Device;
  let person: string;
  const kinds = async () => (await it.desk.keyWays(person)).map(({ kind }) => kind);
  const wayOf = async (kind: string) =>
    (await it.desk.keyWays(person)).find((way) => way.kind === kind)?.id ?? '';

  beforeAll(async () => {
    it = await device();
    await it.desk.createPilot({ lang: 'zh-CN' });
    person = (await it.as(NAMES.enterprise)).id;
  });

  test('a recovery code alone is no way to work: the last other one stays', async () => {
    const code = await it.desk.newRecoveryCode({});
    expect(code).toMatch(/^[0-9A-Z]/);
    expect(await codeOf(it.desk.removeWay({}, await wayOf('device')))).toBe('key-last-way');
    expect(await kinds()).toEqual(['device', 'recovery']);
  });

  test('whoever cannot open the key adds nothing and takes nothing away', async () => {
    const wrong = { password: 'not the password at all' };
    expect(await codeOf(it.desk.addPassword(wrong, PASSWORD))).toBe('key-refused');
    expect(await codeOf(it.desk.addPasskey({ recovery: 'AAAA' }, passkey()))).not.toBe('ok');
    expect(await codeOf(it.desk.addPassword({}, 'short'))).toBe('key-weak-password');
    expect(await kinds()).toEqual(['device', 'recovery']);
  });

  test('password and passkey open it once the device alone no longer does', async () => {
    await it.desk.addPassword({}, PASSWORD);
    await it.desk.addPasskey({ password: PASSWORD }, passkey());
    await it.desk.removeWay({ prf: prf() }, await wayOf('device'));
    await it.desk.lock();
    expect(await codeOf(it.desk.sitDown(person))).not.toBe('ok');
    expect(await codeOf(it.desk.sitDown(person, { prf: prf() }))).toBe('ok');
    await it.desk.lock();
    expect(await codeOf(it.desk.sitDown(person, { password: PASSWORD }))).toBe('ok');
  });

  test('a new recovery code ends the one before it', async () => {
    const old = await it.desk.newRecoveryCode({ password: PASSWORD });
    const fresh = await it.desk.newRecoveryCode({ recovery: old });
    await it.desk.lock();
    expect(await codeOf(it.desk.sitDown(person, { recovery: old }))).toBe('key-wrong-secret');
    expect(await codeOf(it.desk.sitDown(person, { recovery: fresh }))).toBe('ok');
  });

  test('a forgotten password: the recovery code sets a new one, and its person sits there', async () => {
    const code = await it.desk.newRecoveryCode({ password: PASSWORD });
    await it.desk.lock();
    expect(await codeOf(it.desk.resetPassword(person, code, 'aaaaaaaaaaaa'))).toBe(
      'key-weak-password',
    );
    const own = NAMES.enterprise;
    expect(await codeOf(it.desk.resetPassword(person, code, own))).toBe('key-weak-password');
    expect((await it.desk.overview()).current).toBeNull();
    await it.desk.resetPassword(person, code, 'a door that opens again');
    expect((await it.desk.overview()).current).toBe(person);
    await it.desk.lock();
    expect(await codeOf(it.desk.sitDown(person, { password: PASSWORD }))).toBe('key-wrong-secret');
    await it.desk.resetPassword(person, code, PASSWORD);
  });

  test('two desks on one store that add a way each lose neither', async () => {
    const tab = await device({ store: it.store, clock: it.clock });
    await tab.desk.sitDown(person, { password: PASSWORD });
    const before = (await kinds()).length;
    await Promise.all([
      it.desk.addPasskey({ password: PASSWORD }, passkey()),
      tab.desk.addPasskey({ password: PASSWORD }, passkey()),
    ]);
    expect(await kinds()).toHaveLength(before + 2);
  });

  test('the export asks once more, and its file has a password of its own', async () => {
    const wrong = { password: 'not the password at all' };
    expect(await codeOf(it.desk.exportPerson(person, 'the file, alone', wrong))).toBe(
      'key-wrong-secret',
    );
    const pfx = await it.desk.exportPerson(person, 'the file, alone', { password: PASSWORD });
    const other = await device();
    await other.desk.join(await it.desk.trustBundle());
    expect(
      await codeOf(other.desk.importKey({ files: [pfx], password: PASSWORD, newPassword: '' })),
    ).not.toBe('ok');
    expect(
      await codeOf(
        other.desk.importKey({ files: [pfx], password: 'the file, alone', newPassword: '' }),
      ),
    ).toBe('ok');
  });
});
