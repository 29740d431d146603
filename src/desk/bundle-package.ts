/** A trust bundle as a package, signed by the root. */
import type { Signer } from '../crypto/index.ts';
import { type PackageFile, type WrittenPackage, writePackage } from '../packages/index.ts';
import { type TrustBundle, writeTrustBundleJson } from '../pki/index.ts';
import { TRUST_FILE } from '../workflow/index.ts';

export async function writeBundle(
  bundle: TrustBundle,
  signer: Signer,
  at: string,
): Promise<WrittenPackage> {
  const file: PackageFile = {
    name: TRUST_FILE,
    bytes: writeTrustBundleJson(bundle),
    confidential: false,
    type: 'application/json',
  };
  return writePackage({
    record: {
      deployment: bundle.deployment,
      type: 'trust/bundle',
      prev: bundle.previous ? [bundle.previous] : [],
      at,
    },
    files: [file],
    signer,
  });
}
