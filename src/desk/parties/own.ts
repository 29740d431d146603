/** Which registration the person at the desk is, and for whom he may act. */
import { certificateId } from '../../pki/index.ts';
import type { EnterpriseCase } from '../../workflow/index.ts';
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
