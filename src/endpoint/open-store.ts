/** What is in the data directory, taken up at start: objects, the log, and whose endpoint it is. */
import { join } from 'node:path';
import { readHead, readPackage, writePackageFile } from '../packages/index.ts';
import type { ReceivedBundle } from '../pki/index.ts';
import { BundleChain, bundleIn } from './bundle-chain.ts';
import { DamagedObject, type DamageReport, Objects } from './objects.ts';
import { Readers } from './readers.ts';
import { EndpointRefused } from './refused.ts';

/**
 * @param deployment SHA-256 hex of a root certificate, or null
 * @param warn told of everything that the operator should look at
 * @throws {EndpointRefused} where another deployment lives here
 */
export async function openStore(
  directory: string,
  deployment: string | null,
  warn: (line: string) => void,
): Promise<{ objects: Objects; chain: BundleChain; readers: Readers }> {
  const objects = await Objects.open(join(directory, 'segments'));
  for (const each of objects.damageNow()) warn(sentence(each));
  if (!objects.logIsWhole) {
    warn(
      'Entries of the log are lost: the endpoint serves objects, takes nothing, and signs no ' +
        'checkpoint. Restore DATA_DIR from a backup.',
    );
  }
  const chain = new BundleChain(deployment);
  const bundles = await storedBundles(objects);
  const left = await chain.rebuild(bundles);
  if (bundles.length > 0 && !chain.newest && deployment !== null) {
    await objects.close();
    throw new EndpointRefused('The data directory belongs to another deployment than DEPLOYMENT.');
  }
  for (const { id, bundle } of left) {
    warn(`The stored trust bundle ${bundle.seq} (${id}) does not continue the trust in force.`);
  }
  const readers = new Readers();
  const placeOf = (id: string) => objects.placeOf(id);
  for (const head of objects.heads()) {
    const inForce = chain.inForceAt(placeOf(head.id) ?? 0, placeOf);
    await readers.take(objects, head, inForce).catch((error: unknown) => {
      if (!(error instanceof DamagedObject)) throw error;
    });
  }
  return { objects, chain, readers };
}

async function storedBundles(objects: Objects): Promise<ReceivedBundle[]> {
  const found: ReceivedBundle[] = [];
  for (const object of objects.ofType('trust/bundle')) {
    try {
      const head = await readHead(await objects.read(object));
      const contents = new Map<string, Uint8Array>();
      for (const { name, digest } of head.contents) {
        const stored = objects.get(digest);
        if (stored) contents.set(name, await objects.read(stored));
      }
      const bundle = bundleIn(await readPackage(writePackageFile(head, contents)));
      if (bundle) found.push(bundle);
    } catch (error) {
      if (!(error instanceof DamagedObject)) throw error;
    }
  }
  return found;
}

function sentence({ segment, offset, length, what, id, restored }: DamageReport): string {
  const lost =
    what === 'object' ? 'it cannot be given until somebody stores it again' : 'it is lost';
  const which = id ? `${what} ${id}` : what;
  const outcome = restored ? 'its content is whole' : lost;
  return `Damage in ${segment} at octet ${offset}, ${length} long: ${which}; ${outcome}.`;
}
