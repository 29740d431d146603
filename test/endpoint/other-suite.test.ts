/** A deployment works in one suite, whole (design, principle 7): a head of the other one is not logged. */
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openEndpoint } from '../../src/endpoint/index.ts';
import { readPackage, writePackage } from '../../src/packages/index.ts';
import { NAMES, pilot } from '../desk/device.ts';
import { deployment } from '../pki/bundle-fixture.ts';
import { people } from '../seal/fixtures/people.ts';
import { deliver } from './deliver.ts';

test.each(['SM2', 'P-256'] as const)(
  'a head of another suite than %s is refused as such',
  async (suite) => {
    const directory = await mkdtemp(join(tmpdir(), 'other-suite-'));
    const { desk, clock, as } = await pilot(undefined, suite);
    const endpoint = await openEndpoint({ directory, now: clock.now });
    const server = createServer((request, response) => void endpoint.handle(request, response));
    await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
    const url = `http://127.0.0.1:${(server.address() as { port: number }).port}`;
    try {
      const bundle = await desk.trustBundle();
      expect(await deliver(url, bundle)).toBe('201');
      await as(NAMES.enterprise);
      const [own] = await desk.exportPackages('waiting').then((all) => all.slice(-1));
      const { record } = await readPackage(own?.bytes as Uint8Array);
      const other = suite === 'SM2' ? (await deployment()).issuer : people('SM2').stranger;
      const foreign = await writePackage({
        record: {
          ...{ deployment: record.deployment, type: 'application/withdraw', prev: [] },
          at: clock.now().toISOString(),
        },
        signer: other,
      });
      expect(await deliver(url, foreign.bytes)).toBe('422 other-suite');
      expect(await deliver(url, own?.bytes as Uint8Array)).toMatch(/^20[01]$/);
    } finally {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
      await endpoint.close();
      await rm(directory, { recursive: true, force: true });
    }
  },
);
