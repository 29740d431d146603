/** A PKCS #12 file: its certificates are shown once its password is given; its keys never. */
import { openPfx } from '../../../keys/index.ts';
import type { Check } from '../verify.worker.ts';
import { chainsOf } from './certificate-chains.ts';
import { reportOf } from './check-certificates.ts';

export const check: Check = async ({ bytes, trust, password }) => {
  if (password === undefined) return { situation: 'password-needed' };
  const { ok, certificates, code, findings } = await openPfx({ pfx: bytes, password });
  if (!ok) return { situation: code === 'mac' ? 'password-wrong' : 'unreadable' };
  return { ...reportOf(await chainsOf(certificates, trust)), findings };
};
