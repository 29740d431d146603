/// <reference lib="webworker" />
/** Verifies files and licence tokens away from the page; readers are loaded by kind of file. */

import { digest, sha256Hex, toHex } from '../../crypto/index.ts';
import type { TokenReport } from '../../licence/index.ts';
import type { TimeOfCheck } from '../../pdf/index.ts';
import type { TrustBundle } from '../../pki/index.ts';
import { blankReport, type CheckedFile, TONES } from './checked-file.ts';
import { kindOf } from './file-kind.ts';
import { serve } from './serve.ts';

export interface VerifyJob {
  name: string;
  bytes: Uint8Array;
  /** Trust bundle of the joined deployment; null: nobody is trusted. */
  trust: TrustBundle | null;
  password?: string;
  /** Of a PDF for recipients: what the key of one of them opened. */
  envelopeContent?: Uint8Array;
  /** The moment at which signers of a PDF are judged. */
  timeOfCheck?: TimeOfCheck;
}

export type Check = (job: VerifyJob) => Promise<Partial<CheckedFile>>;

const READERS: Record<CheckedFile['kind'], () => Promise<{ check: Check }>> = {
  pdf: () => import('./verify/check-pdf.ts'),
  seal: () => import('./verify/check-seal.ts'),
  ofd: () => import('./verify/check-ofd.ts'),
  package: () => import('./verify/check-package.ts'),
  certificate: () => import('./verify/check-certificates.ts'),
  pfx: () => import('./verify/check-pfx.ts'),
  crl: () => import('./verify/check-crl.ts'),
  token: () => import('./verify/check-token.ts'),
  image: () => import('./verify/check-image.ts'),
  unknown: () => import('./verify/check-unknown.ts'),
};

/** @param file read here, so that the page never holds it */
async function check(asked: Omit<VerifyJob, 'bytes'>, file: Blob): Promise<CheckedFile> {
  const blank = { ...blankReport(asked.name, file.size), trusted: asked.trust !== null };
  if (file.size === 0) return { ...blank, situation: 'empty' };
  const bytes = new Uint8Array(await file.arrayBuffer());
  const job: VerifyJob = { ...asked, bytes };
  const kind = kindOf(job.name, bytes);
  Object.assign(blank, { kind, sha256: await sha256Hex(bytes) });
  try {
    const reader = await READERS[kind]();
    const checked = { ...blank, ...(await reader.check(job)) };
    if (checked.signers.some(({ algorithms }) => algorithms?.startsWith('SM2'))) {
      checked.sm3 = toHex(await digest('SM3', bytes));
    }
    return outOfDate(job, checked);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { ...blank, findings: [{ code: 'unreadable', message, severity: 'error' }] };
  }
}

/** What passes by trust data past their time is said to pass by those, and no more. */
function outOfDate({ trust }: VerifyJob, checked: CheckedFile): CheckedFile {
  const stale = trust !== null && Date.parse(checked.checkedAt) > Date.parse(trust.nextUpdate);
  return stale && TONES[checked.situation] === 'ok' ? { ...checked, situation: 'stale' } : checked;
}

async function token(text: string, trust: TrustBundle | null): Promise<TokenReport> {
  const { readLicenceToken } = await import('../../licence/index.ts');
  return readLicenceToken(text, trust ? { trust } : {});
}

async function covered(bytes: Uint8Array, field: string, password?: string) {
  return (await import('./verify/covered.ts')).covered(bytes, field, password);
}

serve({ check, token, covered } as never);
