/** The registrar's answer to a registration: certificates of the CA on this device, or reasons. */
import { fromBase64, type Signer, toBase64 } from '../crypto/index.ts';
import type { DeskContext } from './context.ts';
import { ownCas } from './crls.ts';
import { certifierOf, demandSuite, type Issuer, termFrom } from './identities.ts';
import { DeskError } from './refusals.ts';
import { demandUscc } from './registration-texts.ts';

/** The registrar binds keys to an enterprise: two certificates for the two keys that asked. */
export async function approveRegistration(
  context: DeskContext,
  caseId: string,
  ca: Issuer,
  registrar: Signer,
): Promise<void> {
  const found = (await context.state()).enterprises.get(caseId);
  if (!found) throw new DeskError('unknown-case', 'no such registration');
  const { issueCertificate, randomSerial, readCsr } = await import('../pki/issuing/index.ts');
  const { name, csrs } = found.change ?? found;
  const issue = async (kind: 'enterprise-signing' | 'enterprise-encryption', csr: string) => {
    const result = await readCsr(fromBase64(csr) as Uint8Array);
    if (!result.ok)
      throw new DeskError('csr-refused', 'the key request is not in order', {
        detail: result.code,
      });
    demandSuite(ca.certificate, result.request.spki);
    return issueCertificate({
      kind,
      subject: { organization: name, uscc: found.uscc, commonName: name },
      spki: result.request.spki,
      issuer: certifierOf(ca),
      serial: randomSerial(),
      pilot: ca.session.pilot,
      ...termFrom(context.now(), 3),
    });
  };
  await context.write({
    type: 'enterprise/approve',
    case: caseId,
    party: found.uscc,
    prev: [found.head],
    fields: {
      name,
      signing: toBase64(await issue('enterprise-signing', csrs.signing)),
      encryption: toBase64(await issue('enterprise-encryption', csrs.encryption)),
      chain: ca.chain.map(toBase64),
    },
    signer: registrar,
  });
}

/** The CA of enterprises, where this device holds it. @throws {DeskError} `not-permitted` */
export async function enterpriseCa(context: DeskContext): Promise<Issuer> {
  const [ca] = await ownCas(context);
  if (!ca) throw new DeskError('not-permitted', 'the certification authority is on another device');
  return ca;
}

export async function decideRegistration(
  context: DeskContext,
  caseId: string,
  approve: boolean,
  reasons: string[],
  codeConfirmed = false,
): Promise<void> {
  await context.demandRole('registrar');
  if (approve) {
    const { enterprises } = await context.state();
    demandUscc(enterprises.get(caseId)?.uscc ?? '', codeConfirmed);
    return approveRegistration(context, caseId, await enterpriseCa(context), context.signer());
  }
  if (reasons.length === 0) throw new DeskError('reasons-needed', 'say why');
  const found = (await context.state()).enterprises.get(caseId);
  if (!found) throw new DeskError('unknown-case', 'no such registration');
  await context.write({
    type: 'enterprise/reject',
    case: caseId,
    party: found.uscc,
    prev: [found.head],
    fields: { reasons },
  });
}
