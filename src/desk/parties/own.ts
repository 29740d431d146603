/** Which registration the person at the desk is, and for whom he may act. */
import { certificateId } from '../../pki/index.ts';
import { type EnterpriseCase, speaksFor } from '../../workflow/index.ts';
import type { DeskContext } from '../context.ts';

/** The registration that bound his certificate, or the one that he sent; null without either. */
export async function ownRegistration(context: DeskContext): Promise<EnterpriseCase | null> {
  const { enterprises, bindings } = await context.state();
  const person = await context.person();
  const { signing } = (await context.vault.identity(person.id)).certificates;
  const bound = signing && bindings.get(await certificateId(signing));
  const found = bound ? bound.case : person.registration;
  return (found && enterprises.get(found)) || null;
}

/** Which cases are the person's business: those of his enterprise and what it succeeded, and of its clients. */
export async function isHandled(
  context: DeskContext,
  uscc: string | null,
): Promise<(found: { uscc: string; case: string }) => boolean> {
  const state = await context.state();
  return ({ uscc: party, case: caseId }) => {
    if (uscc === null) return false;
    if (speaksFor(state, uscc, party)) return true;
    return (state.steps.get(caseId) ?? []).some(({ by, actedFor }) => {
      const broker = actedFor === null ? undefined : state.bindings.get(by)?.party;
      return broker !== undefined && speaksFor(state, uscc, broker);
    });
  };
}
