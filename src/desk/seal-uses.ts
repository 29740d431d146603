/** The log of a seal: what was stamped with it, as far as this device knows. */
import { sha256Hex } from '../crypto/index.ts';
import type { SealUse } from './api/index.ts';
import { type DeskContext, newCase } from './context.ts';
import { sealCase } from './seals.ts';

/** Documents from elsewhere are stamped on one device and told nobody: it alone keeps a note of them. */
const NOTES = 'stamped';

interface StampNote {
  esId: string;
  at: string;
  name: string;
  sha256: string;
}

/** @returns latest first */
export async function sealUses(context: DeskContext, caseId: string): Promise<SealUse[]> {
  const found = await sealCase(context, caseId);
  const { applications } = await context.state();
  const filed = found.uses.map(({ case: of, esId, at, pdf }): SealUse => {
    const name = applications.get(of)?.application?.goods.name ?? '';
    return { at, esId, kind: 'application', caseId: of, name, sha256: pdf };
  });
  const seals = [found.seal, ...found.earlier].map((seal) => seal?.esId);
  const noted = (await context.store.records(NOTES)).flatMap(({ value }): SealUse[] => {
    const { esId, at, name, sha256 } = value as StampNote;
    return seals.includes(esId) ? [{ at, esId, kind: 'document', caseId: null, name, sha256 }] : [];
  });
  return [...filed, ...noted].sort((a, b) => (a.at < b.at ? 1 : -1));
}

/** Takes down that a document was stamped here. */
export async function noteStamp(
  context: DeskContext,
  esId: string,
  { name, bytes }: { name: string; bytes: Uint8Array },
): Promise<void> {
  const value: StampNote = { esId, at: context.now(), name, sha256: await sha256Hex(bytes) };
  await context.store.commit({ records: [{ namespace: NOTES, id: newCase(), value }] });
}
