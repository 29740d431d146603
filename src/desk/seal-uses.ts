/**
 * The log of a seal: what was stamped with it, as far as this device knows. Application forms are in
 * the signed records, so that everybody who holds those sees them.
 */
import type { Verdict } from '../crypto/index.ts';
import type { State } from '../workflow/index.ts';
import type { SealUse } from './api/index.ts';
import { FORM_FILE } from './applications.ts';
import { type DeskContext, newId } from './context.ts';
import { authoritySealIn, authoritySealUses } from './seal-register.ts';
import { sealCase } from './seals.ts';

/** Documents from elsewhere are stamped on one device and told nobody: it alone keeps a note of them. */
const NOTES = 'stamped';
/** Latest uses whose forms are verified anew when the log is shown. */
const VERIFIED = 100;

interface StampNote {
  esId: string;
  at: string;
  name: string;
  digest: string;
  by: string;
}

/** @returns latest first */
export async function sealUses(context: DeskContext, caseId: string): Promise<SealUse[]> {
  const authority = await authoritySealIn(context, caseId);
  if (authority) {
    const stamped = await stampedHere(context, [authority.esId]);
    return latestFirst([...(await authoritySealUses(context, authority)), ...stamped]);
  }
  const found = await sealCase(context, caseId);
  const state = await context.state();
  const seals = [found.seal, ...found.earlier].flatMap((seal) => seal?.esId ?? []);
  const noted = await stampedHere(context, seals);
  const filed = await Promise.all(
    found.uses.toReversed().map(async (use, i): Promise<SealUse> => {
      const { id: record, case: of, esId, at, pdf: digest } = use;
      const step = state.steps.get(of)?.find(({ id }) => id === record);
      const verdict = i < VERIFIED ? await verdictNow(context, record) : null;
      const by = step?.byName ?? '';
      return {
        at,
        esId,
        kind: 'application',
        caseId: of,
        name: nameOf(state, of),
        digest,
        by,
        record,
        verdict,
      };
    }),
  );
  return latestFirst([...filed, ...noted]);
}

const latestFirst = (uses: SealUse[]): SealUse[] => uses.sort((a, b) => (a.at < b.at ? 1 : -1));

async function stampedHere(context: DeskContext, seals: readonly string[]): Promise<SealUse[]> {
  return (await context.store.records(NOTES)).flatMap(({ value }): SealUse[] => {
    const note = value as StampNote;
    const nowhere = { caseId: null, record: null, verdict: null };
    return seals.includes(note.esId) ? [{ ...note, kind: 'document', ...nowhere }] : [];
  });
}

function nameOf({ applications }: State, caseId: string): string {
  const application = applications.get(caseId)?.application;
  return application ? `${application.number} ${application.goods.name}` : '';
}

async function verdictNow(context: DeskContext, id: string): Promise<Verdict | null> {
  const pdf = (await context.files(id))?.get(FORM_FILE);
  if (!pdf) return null;
  const { verifyPdf } = await import('../pdf/index.ts');
  const trust = await context.bundle();
  const { verdict } = await verifyPdf(pdf, { time: context.now(), trust, sight: false });
  return verdict === 'NO-SIGNATURE' ? 'TOTAL-FAILED' : verdict;
}

/** Takes down that a document was stamped here. */
export async function noteStamp(
  context: DeskContext,
  esId: string,
  { name, bytes }: { name: string; bytes: Uint8Array },
): Promise<void> {
  const { name: by } = await context.person();
  const value: StampNote = {
    esId,
    at: context.now(),
    name,
    digest: await context.digest(bytes),
    by,
  };
  await context.store.commit({ records: [{ namespace: NOTES, id: newId(), value }] });
}
