import { zipSync } from 'fflate';
import { verifyOfd } from '../../src/ofd/index.ts';
import { gmSignedData, sealFor, signedOfd } from '../ofd/fixtures/ofd.ts';
import { people } from '../seal/fixtures/people.ts';
import type { FuzzedReader } from './reader.ts';

/** Signed OFD documents, packed and stored, so that mutations meet the ZIP, the XML and the DER. */
export const reader: FuzzedReader = {
  name: 'ofd',
  async seeds() {
    const { maker, enterprise } = people('SM2');
    const now = Date.now();
    const seal = await sealFor(maker, enterprise, now);
    const sealed = { seal, signer: enterprise, time: new Date(now).toISOString() };
    const once = await signedOfd(sealed);
    const twice = await signedOfd({ ...sealed, files: once, name: 'Sign_1' });
    const plain = await signedOfd({
      ...sealed,
      value: (file) => gmSignedData(enterprise, file, true),
    });
    return [zipSync(once), zipSync(twice, { level: 0 }), zipSync(plain, { level: 0 })];
  },
  read: (input) => verifyOfd(input),
};
