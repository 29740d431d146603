/** Asks the verifying worker; what it may trust comes from the desk, where one is joined. */
import type { TokenReport } from '../../licence/index.ts';
import type { TimeOfCheck } from '../../pdf/index.ts';
import type { TrustBundle } from '../../pki/index.ts';
import { session } from '../state/session.svelte.ts';
import type { CheckedFile } from './checked-file.ts';
import { desk } from './desk-client.ts';
import { WorkerClient } from './rpc.ts';
import type { Covered } from './verify/covered.ts';

export type { Covered } from './verify/covered.ts';

const client = new WorkerClient(
  () =>
    new Worker(new URL('./verify.worker.ts', import.meta.url), { type: 'module', name: 'verify' }),
);

async function trust() {
  await session.settled;
  return session.deployment ? desk.verificationTrust() : null;
}

export interface HowToCheck {
  password?: string;
  timeOfCheck?: TimeOfCheck;
  /** What to judge by, where it is not what the desk trusts. */
  trust?: TrustBundle;
}

export async function checkFile(
  name: string,
  file: Blob,
  how: HowToCheck = {},
): Promise<CheckedFile> {
  const job = { name, ...how, trust: how.trust ?? (await trust()) };
  const checked = (await client.call('check', [job, file])) as CheckedFile;
  const envelopes = checked.pdf?.recipients;
  // Keys are the desk's alone: it is given the envelopes, and gives what one of them holds.
  const envelopeContent =
    envelopes && session.unlocked ? await desk.openEnvelopes(envelopes) : null;
  if (!envelopeContent) return checked;
  return (await client.call('check', [{ ...job, envelopeContent }, file])) as CheckedFile;
}

export async function checkToken(text: string): Promise<TokenReport> {
  return (await client.call('token', [text, await trust()])) as TokenReport;
}

/** The data that one signature of a PDF covers. */
export async function coveredBy(
  bytes: Uint8Array,
  field: string,
  password?: string,
): Promise<Covered> {
  return (await client.call('covered', [bytes, field, password])) as Covered;
}

export const stopChecking = (): void => client.end();
