/** Scans of a letter that were chosen but not sent yet: kept on this device, as drafts are. */
import type { KeptScan } from './api/index.ts';
import type { DeskContext } from './context.ts';
import { DeskError } from './refusals.ts';

const SCANS = 'scans';
const MOST = 8;
const MAX_BYTES = 20 * 1024 * 1024;

interface StoredScans {
  person: string;
  scans: KeptScan[];
}

/** In the order in which they were chosen; none where another person chose them. */
export async function keptScans(context: DeskContext, caseId: string): Promise<KeptScan[]> {
  const found = (await context.store.record(SCANS, caseId)) as StoredScans | undefined;
  return found && found.person === context.current ? found.scans : [];
}

/**
 * Replaces what was kept; an empty list forgets it.
 * @throws {DeskError} `scans-too-many`, `scan-too-large`, storage refusals
 */
export async function keepScans(
  context: DeskContext,
  caseId: string,
  scans: KeptScan[],
): Promise<void> {
  const person = (await context.person()).id;
  if (scans.length > MOST) throw new DeskError('scans-too-many', 'too many scans', { max: MOST });
  scans.forEach(demandSize);
  const value: StoredScans | undefined = scans.length > 0 ? { person, scans } : undefined;
  await context.store.commit({ records: [{ namespace: SCANS, id: caseId, value }] });
}

/** @throws {DeskError} `scan-too-large` */
export function demandSize({ bytes }: { bytes: Uint8Array }): void {
  if (bytes.length > MAX_BYTES) {
    throw new DeskError('scan-too-large', 'at most 20 MiB', { max: 20 });
  }
}

/** Once a scan was sent, nothing is kept of it beside the package. */
export const forgotten = (caseId: string) => [{ namespace: SCANS, id: caseId, value: undefined }];
