/** A PKCS #12 file: its certificates are shown once its password is given; its keys never. */
import { openPfx, pfxSeconds } from '../../../keys/index.ts';
import type { Check } from '../verify.worker.ts';
import { chainsOf } from './certificate-chains.ts';
import { reportOf } from './check-certificates.ts';

/** Opened without a word before. */
const SOON = 15;
/** Beyond this no password is asked for: nobody waits so long, and nothing else could be checked. */
const MOST = 1800;

export const check: Check = async ({ bytes, trust, password }) => {
  const seconds = await pfxSeconds(bytes);
  const params = { minutes: String(Math.max(1, Math.ceil(seconds / 60))) };
  if (seconds > MOST) return { situation: 'password-too-slow', params };
  if (password === undefined) {
    return seconds > SOON
      ? { situation: 'password-slow', params }
      : { situation: 'password-needed' };
  }
  const limit = Math.max(SOON, seconds);
  const { ok, certificates, code, findings } = await openPfx({
    pfx: bytes,
    password,
    seconds: limit,
  });
  if (!ok) return { situation: code === 'mac' ? 'password-wrong' : 'unreadable' };
  return { ...reportOf(await chainsOf(certificates, trust)), findings };
};
