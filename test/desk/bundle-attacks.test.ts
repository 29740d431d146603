import { beforeAll, describe, expect, test } from 'vitest';
import { Clock, type Device, device, NAMES, pilot } from './device.ts';

const PASSWORD = 'correct horse battery';
const carry = async (from: Device, to: Device) =>
  to.desk.importPackages(await from.desk.exportPackages('all'));

/** The same deployment and root on another device, with a clock of its own. */
async function twin(of: Device, clock: Clock): Promise<Device> {
  const other = await device({ clock });
  await other.desk.join(await of.desk.trustBundle());
  const root = (await of.desk.overview()).people.find(({ roles }) => roles.includes('root'));
  const file = await of.desk.exportPerson(root?.id ?? '', PASSWORD, {});
  const { person } = await other.desk.importKey({
    files: [file],
    password: PASSWORD,
    newPassword: '',
  });
  await other.desk.sitDown(person);
  return other;
}

describe('a trust bundle that does not continue the trust in force', () => {
  let it: Device;
  let reader: Device;
  beforeAll(async () => {
    const clock = new Clock();
    it = await pilot(clock);
    reader = await device({ clock });
    await reader.desk.join(await it.desk.trustBundle());
  });

  test('a second one of the same number is a fork: refused and told, the first stays', async () => {
    const other = await twin(it, it.clock);
    await it.as(NAMES.root);
    await it.desk.publishTrust({ clearPrints: 5 });
    await other.desk.publishTrust({ clearPrints: 99 });
    expect((await carry(it, reader)).refused).toEqual([]);
    const forged = { name: 'trust.asice', bytes: await other.desk.trustBundle() };
    expect((await reader.desk.importPackages([forged])).refused).toEqual([
      {
        name: 'trust.asice',
        refusal: expect.objectContaining({
          code: 'bundle-refused',
          params: { detail: 'bundle-fork' },
        }),
      },
    ]);
    expect((await reader.desk.trust()).policy.clearPrints).toBe(5);
  }, 20_000);

  test('a later number with an earlier date is a rollback: not even its own root publishes it', async () => {
    const behind = await twin(it, new Clock('2026-03-01T00:00:00Z'));
    await expect(behind.desk.publishTrust({ clearPrints: 7 })).rejects.toMatchObject({
      code: 'bundle-refused',
      params: { detail: 'bundle-rollback' },
    });
  }, 20_000);

  test('one of another deployment is refused', async () => {
    const stranger = await pilot(it.clock);
    const bytes = await stranger.desk.trustBundle();
    const { refused } = await reader.desk.importPackages([{ name: 'x.asice', bytes }]);
    expect(refused[0]?.refusal.params).toEqual({ detail: 'bundle-other-deployment' });
    expect((await reader.desk.trust()).seq).toBe(2);
  }, 20_000);

  test('an old one given again takes nothing back', async () => {
    const first = await device({ clock: it.clock });
    await first.desk.join(await it.desk.trustBundle());
    expect((await first.desk.trust()).seq).toBe(2);
    await carry(reader, first);
    expect((await first.desk.trust()).seq).toBe(2);
  });

  test('frozen: without news past the next update, the age is told everywhere', async () => {
    reader.clock.pass(400);
    expect((await reader.desk.overview()).deployment?.stale).toBe(true);
    const late = await device({ clock: reader.clock });
    expect((await late.desk.previewJoin(await reader.desk.trustBundle())).stale).toBe(true);
  });
});
