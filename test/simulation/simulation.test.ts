/**
 * A deployment of thirteen devices under every fault that a seed draws; `npm run simulate` plays more
 * seeds. What seeds have found stands first, by its name.
 */
import { afterAll, expect, test } from 'vitest';
import { rested } from './checks.ts';
import { WorldTime } from './clock.ts';
import { Device } from './device.ts';
import { SharedBytes } from './device-store.ts';
import { deployment, discard, discardAll, scratch } from './founding.ts';
import { type Fault, Network } from './network.ts';
import { simulate } from './run.ts';

afterAll(discardAll);

/** The founded deployment, its network and some of its devices. */
async function stage(...names: string[]) {
  const founded = await deployment('P-256');
  const time = new WorldTime(founded.time);
  const directory = await scratch(founded.directory);
  const network = await Network.over(directory, time.clock(), []);
  const world = { network, time, bytes: new SharedBytes(founded.bytes) };
  const devices: Device[] = [];
  for (const name of names) {
    const image = founded.devices.find((each) => each.name === name);
    if (image) devices.push(await Device.from(image, world, 0));
  }
  const end = async () => {
    await network.close();
    await discard(directory);
  };
  return { devices: devices as [Device, Device], network, end };
}

test('two issuers of one trust bundle both get numbers', async () => {
  const { devices, end } = await stage('issuer-b');
  const { state } = await rested(devices[0]);
  expect(new Set(state.blocks.map(({ to }) => to)).size).toBe(2);
  expect(new Set(state.blocks.map(({ from }) => from)).size).toBe(2);
  await end();
}, 120_000);

test.each(['lost-answer', 'doubled', 'cut', 'short'] satisfies Fault[])(
  'a content whose answer was %s comes with a later exchange',
  async (fault) => {
    const { devices, end } = await stage('firm-a', 'office');
    const [firm, office] = devices;
    const desk = await firm.as();
    const { form } = await desk.binding();
    if (!form) throw new Error('the firm is not registered');
    await desk.updateRegistration({ ...form, address: '上海市示例路 3 号' });
    await firm.exchange();
    const everything = new Map(Array.from({ length: 40 }, (_, i) => [i, fault] as const));
    await office.exchange(1, everything);
    expect((await office.exchange(1)).problem).toBeNull();
    const updated = [...(await rested(office)).packages.values()].filter(
      ({ pkg }) => pkg.record.type === 'enterprise/update',
    );
    expect(updated.map(({ pkg }) => pkg.present.size)).toEqual([1]);
    await end();
  },
  120_000,
);

test('files of heads that the log has long had take their positions, and wait for nothing', async () => {
  const { devices, end } = await stage('firm-a', 'firm-b');
  const [from, to] = devices;
  await (await to.as()).importPackages(await (await from.as()).exportPackages('all'));
  expect((await to.exchange()).waiting).toBe(0);
  const places = [...(await rested(to)).packages.values()].map(({ place }) => place);
  expect(places).not.toContain(null);
  await end();
}, 120_000);

test.each(Array.from({ length: 20 }, (_, seed) => seed))(
  'seed %i holds',
  async (seed) => {
    const { faults } = await simulate(seed, 'P-256');
    expect(faults, `npm run simulate -- --seeds 1 --from ${seed} --suite p256`).toEqual([]);
  },
  240_000,
);
