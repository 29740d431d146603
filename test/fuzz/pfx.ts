import { randomBytes } from 'node:crypto';
import { openPfx } from '../../src/keys/index.ts';
import { exportPfx } from '../../src/keys/pfx/index.ts';
import { certificate, party } from '../pki/forge.ts';
import type { FuzzedReader } from './reader.ts';

const password = randomBytes(24).toString('base64');

/** PKCS #12 files under a known password. */
export const reader: FuzzedReader = {
  name: 'pfx',
  async seeds() {
    const who = await party('holder');
    const pkcs8 = new Uint8Array(await crypto.subtle.exportKey('pkcs8', who.key.privateKey));
    const own = await certificate({ subject: who, issuer: who });
    return [await exportPfx({ entries: [{ pkcs8, certificate: own }], password })];
  },
  read: (input) => openPfx({ pfx: input, password }),
};
