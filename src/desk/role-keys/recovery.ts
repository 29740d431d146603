/**
 * The recovery key: for the day on which nobody is left who holds a role key. Its public half stands in
 * the trust bundle, its private half on no device.
 */
import { type KeyDecrypter, Malformed, toBase64 } from '../../crypto/index.ts';
import { generateKey, importKey, KeyRefused, liveKey } from '../../keys/index.ts';
import { openPackage } from '../../packages/index.ts';
import { keyId, readPem, writePem } from '../../pki/index.ts';
import type { DeskContext } from '../context.ts';
import { DeskError } from '../refusals.ts';
import { publishBundle } from '../trust.ts';
import { grantKeys, privateKeyInfo } from './making.ts';
import { privateHalves } from './ring.ts';
import { standings } from './standing.ts';

/**
 * Makes a recovery key and publishes its public half; the one before opens nothing new.
 * @returns the private half, PEM, which is kept nowhere here, and the id of the key
 */
export async function makeRecoveryKey(
  context: DeskContext,
): Promise<{ file: Uint8Array; id: string }> {
  await context.demandRole('root');
  const { policy } = await context.bundle();
  const raw = await generateKey(policy.suite);
  const der = await privateKeyInfo(raw);
  const file = writePem([{ label: 'PRIVATE KEY', der }]);
  der.fill(0);
  await publishBundle(context, { recoveryKey: toBase64(raw.spki) });
  return { file, id: await keyId(raw.spki) };
}

/**
 * Hands every role key that the recovery key opens to the holders of its group who lack some.
 * @param file private half of a recovery key, PEM or DER
 * @returns how many role keys were opened
 * @throws {DeskError} `not-permitted`, `recovery-unusable` where it is no key, or opens nothing
 */
export async function recoverRoleKeys(context: DeskContext, file: Uint8Array): Promise<number> {
  await context.demandRole('root');
  const recovery = await decrypterIn(file);
  let opened = 0;
  for (const { group, keys, lacking } of await standings(await context.state())) {
    const found = new Map<string, string>();
    for (const id of keys.flatMap(({ packages }) => packages)) {
      const halves = await privateHalves(await context.package(id), async (pkg) => {
        try {
          return (await openPackage({ ...pkg, files: new Map() }, recovery)).body;
        } catch (error) {
          if (error instanceof Malformed) return null;
          throw error;
        }
      });
      for (const half of halves ?? []) found.set(half.id, toBase64(half.pkcs8));
    }
    opened += found.size;
    const known = [...found]
      .filter(([id]) => keys.some((key) => key.id === id))
      .map(([id, pkcs8]) => ({ id, pkcs8 }));
    await grantKeys(
      context,
      group,
      known,
      lacking.map(({ encryption }) => encryption),
    );
  }
  if (opened === 0) throw unusable();
  context.changed();
  return opened;
}

async function decrypterIn(file: Uint8Array): Promise<KeyDecrypter> {
  try {
    const [found] = readPem(file);
    const key = await liveKey(await importKey(Uint8Array.from(found?.der ?? [])));
    const { open } = key;
    return { spki: key.spki, agree: (point) => key.agree(point), ...(open ? { open } : {}) };
  } catch (cause) {
    if (!(cause instanceof Malformed || cause instanceof KeyRefused)) throw cause;
    throw unusable();
  }
}

const unusable = () => new DeskError('recovery-unusable', 'the file opens no role key');
