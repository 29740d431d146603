/** What the registrar does for parties: other rights, somebody by file, a successor. */
import { fromBase64, toBase64 } from '../../crypto/index.ts';
import { readPem, writePem } from '../../pki/index.ts';
import type { Right } from '../../workflow/index.ts';
import { readRequests } from '../authority/issuing-staff.ts';
import type { DeskContext } from '../context.ts';
import { DeskError } from '../refusals.ts';
import { bindAgain, certified, enterpriseCa } from '../registration-decisions.ts';

export async function changeRights(
  context: DeskContext,
  caseId: string,
  rights: readonly Right[],
): Promise<void> {
  await context.demandRole('registrar');
  if (rights.length === 0) throw new DeskError('mandate-empty', 'choose what the person may do');
  await bindAgain(context, caseId, await enterpriseCa(context), context.signer(), rights);
}

export async function succeed(
  context: DeskContext,
  uscc: string,
  successor: string,
): Promise<void> {
  await context.demandRole('registrar');
  await context.write({
    type: 'enterprise/succeed',
    party: uscc,
    prev: [],
    fields: { successor },
  });
}

/** @returns the answer: both certificates and their chain, PEM */
export async function bindRequest(
  context: DeskContext,
  {
    file,
    uscc,
    person,
    rights,
  }: { file: Uint8Array; uscc: string; person: string; rights: readonly Right[] },
): Promise<Uint8Array> {
  await context.demandRole('registrar');
  const name = (await context.state()).partyNames.get(uscc);
  if (!name) throw new DeskError('not-registered', 'nobody of this code is registered');
  const [signing, encryption] = await readRequests(file);
  if (!signing || !encryption) {
    throw new DeskError('csr-refused', 'two requests are expected', { detail: 'malformed' });
  }
  const [first, second] = readPem(file).map(({ der }) => toBase64(der));
  const fields = await certified(context, await enterpriseCa(context), {
    name,
    uscc,
    person,
    rights,
    keys: { signing: signing.spki, encryption: encryption.spki },
  });
  await context.write({
    type: 'enterprise/bind',
    party: uscc,
    prev: [],
    fields: { ...fields, csrs: { signing: first as string, encryption: second as string } },
  });
  const der = (text: string) => fromBase64(text) as Uint8Array;
  return writePem(
    [fields.signing, fields.encryption, ...fields.chain].map((text) => ({
      label: 'CERTIFICATE',
      der: der(text),
    })),
  );
}
