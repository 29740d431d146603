/** Others read what a desk writes: openssl verifies every package of a pilot under its root. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unzipSync } from 'fflate';
import { expect, test } from 'vitest';
import { bindSeal, pilot, submitted } from './device.ts';

test('openssl cms -verify -cades accepts every package under the root alone', async () => {
  const it = await pilot();
  await bindSeal(it);
  await submitted(it);
  const trust = await it.desk.verificationTrust();
  const folder = mkdtempSync(join(tmpdir(), 'packages-'));
  const at = (name: string) => join(folder, name);
  try {
    writeFileSync(
      at('root.pem'),
      `-----BEGIN CERTIFICATE-----\n${(trust?.root.match(/.{1,64}/g) ?? []).join('\n')}\n-----END CERTIFICATE-----\n`,
    );
    const packages = await it.desk.exportPackages('all');
    expect(packages.length).toBeGreaterThan(8);
    for (const { bytes } of packages) {
      const entries = unzipSync(bytes);
      writeFileSync(at('signature'), entries['META-INF/signature001.p7s'] as Uint8Array);
      writeFileSync(at('manifest'), entries['META-INF/ASiCManifest001.xml'] as Uint8Array);
      const verify = ['cms', '-verify', '-binary', '-cades', '-inform', 'DER', '-purpose', 'any'];
      const files = ['-in', at('signature'), '-content', at('manifest'), '-CAfile', at('root.pem')];
      // The pilot's clock stands in the past of this machine's or its future: signing time decides.
      const time = ['-attime', String(Math.floor(it.clock.time / 1000))];
      const args = [...verify, ...files, ...time, '-out', at('out')];
      expect(() => execFileSync('openssl', args, { stdio: 'pipe' })).not.toThrow();
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});
