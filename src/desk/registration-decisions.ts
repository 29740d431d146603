/** The registrar's answer to a registration: certificates of the CA on this device, or reasons. */
import { fromBase64, type Signer, toBase64 } from '../crypto/index.ts';
import { attributeOf, readCertificate } from '../pki/index.ts';
import type { Subject } from '../pki/issuing/index.ts';
import { type EnterpriseCase, RIGHTS, type Right } from '../workflow/index.ts';
import type { DeskContext } from './context.ts';
import { ownCas } from './crls.ts';
import { certifierOf, demandSuite, type Issuer, termFrom } from './identities.ts';
import { pairsInForce } from './parties/in-force.ts';
import { DeskError } from './refusals.ts';
import { demandUscc } from './registration-texts.ts';

const COMMON_NAME = '2.5.4.3';
const YEARS = 3;

/** Who a further certificate of an enterprise is for, and what it may do. */
export interface PersonToBind {
  /** Name of the person, as the certificate states it; absent: the contact of the registration. */
  person?: string;
  rights?: readonly Right[];
}

/**
 * The registrar binds keys to an enterprise: two certificates for the two keys that asked. The first ones
 * of a code are approved, another person's are bound to the same party.
 */
export async function approveRegistration(
  context: DeskContext,
  caseId: string,
  ca: Issuer,
  registrar: Signer,
  bound: PersonToBind = {},
): Promise<void> {
  const state = await context.state();
  const found = state.enterprises.get(caseId);
  if (!found) throw new DeskError('unknown-case', 'no such registration');
  const { csrs } = found.change ?? found;
  const further = !found.certificates && isBound(state.bindings.values(), found);
  const name = further ? (state.partyNames.get(found.uscc) ?? found.name) : nameOf(found);
  const { change } = found;
  const others = change ? await pairsInForce(state, found.uscc) : [];
  const person = bound.person ?? (further ? contactOf(found) : '');
  const rights = further
    ? (bound.rights ?? (await rightsByDefault(context, found.uscc)))
    : found.certificates
      ? found.rights
      : RIGHTS;
  if (rights.length === 0) throw new DeskError('mandate-empty', 'choose what the person may do');
  await context.write({
    type: further ? 'enterprise/bind' : 'enterprise/approve',
    case: caseId,
    party: found.uscc,
    prev: [found.head],
    fields: await certified(context, ca, {
      name,
      uscc: found.uscc,
      person: found.certificates ? personOf(found) : person,
      rights,
      keys: { signing: await keyOf(csrs.signing), encryption: await keyOf(csrs.encryption) },
    }),
    signer: registrar,
  });
  // Those of the others state the name of before, and sign no more: the same keys are certified anew.
  for (const other of others) {
    if (other.case !== caseId) await bindAgain(context, other.case, ca, registrar, null);
  }
}

const nameOf = ({ change, name }: EnterpriseCase): string => change?.name ?? name;

export const isBound = (
  bindings: Iterable<{ party: string; case: string }>,
  { uscc, case: own }: Pick<EnterpriseCase, 'uscc' | 'case'>,
): boolean => [...bindings].some((each) => each.party === uscc && each.case !== own);

/** Where nobody is left whose certificate is in force, the next one takes his place. */
export async function rightsByDefault(context: DeskContext, uscc: string): Promise<Right[]> {
  const left = await pairsInForce(await context.state(), uscc);
  return left.length === 0 ? [...RIGHTS] : ['fill-in'];
}

function contactOf({ form }: EnterpriseCase): string {
  const contact = (form as { contact?: unknown } | null)?.contact;
  return typeof contact === 'string' ? contact.trim() : '';
}

/** The person whom the present certificate names; empty where it names the enterprise alone. */
function personOf({ certificates, name }: EnterpriseCase): string {
  const der = certificates && fromBase64(certificates.signing);
  const stated = (der && attributeOf(readCertificate(der).subject, COMMON_NAME)) || name;
  return stated === name ? '' : stated;
}

/** SubjectPublicKeyInfo of a request. @throws {DeskError} `csr-refused` */
async function keyOf(csr: string): Promise<Uint8Array> {
  const { readCsr } = await import('../pki/issuing/index.ts');
  const result = await readCsr(fromBase64(csr) as Uint8Array);
  if (result.ok) return result.request.spki;
  throw new DeskError('csr-refused', 'the key request is not in order', { detail: result.code });
}

interface ToCertify {
  name: string;
  uscc: string;
  person: string;
  rights: readonly Right[];
  keys: { signing: Uint8Array; encryption: Uint8Array };
}

/** Public fields of an approval: a pair of certificates of one holder, and what they may do. */
export async function certified(
  context: DeskContext,
  ca: Issuer,
  { name, uscc, person, rights, keys }: ToCertify,
) {
  const { issueCertificate, randomSerial } = await import('../pki/issuing/index.ts');
  const subject: Subject = { organization: name, uscc, commonName: person.trim() || name };
  const issue = async (kind: 'enterprise-signing' | 'enterprise-encryption', spki: Uint8Array) => {
    demandSuite(ca.certificate, spki);
    return issueCertificate({
      kind,
      subject,
      spki,
      issuer: certifierOf(ca),
      serial: randomSerial(),
      pilot: ca.session.pilot,
      ...termFrom(context.now(), YEARS),
    });
  };
  return {
    name,
    signing: toBase64(await issue('enterprise-signing', keys.signing)),
    encryption: toBase64(await issue('enterprise-encryption', keys.encryption)),
    chain: ca.chain.map(toBase64),
    rights: [...rights],
  };
}

/** The same keys of a person, with the name that the party has by now, or with other rights. */
export async function bindAgain(
  context: DeskContext,
  caseId: string,
  ca: Issuer,
  registrar: Signer,
  rights: readonly Right[] | null,
): Promise<void> {
  const state = await context.state();
  const found = state.enterprises.get(caseId);
  if (!found?.certificates) throw new DeskError('unknown-case', 'no such registration');
  const key = (text: string) => readCertificate(fromBase64(text) as Uint8Array).spki;
  const { signing, encryption } = found.certificates;
  await context.write({
    type: 'enterprise/bind',
    case: caseId,
    party: found.uscc,
    prev: [found.head],
    fields: await certified(context, ca, {
      name: state.partyNames.get(found.uscc) ?? found.name,
      uscc: found.uscc,
      person: personOf(found),
      rights: rights ?? found.rights,
      keys: { signing: key(signing), encryption: key(encryption) },
    }),
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
  { codeConfirmed = false, ...bound }: PersonToBind & { codeConfirmed?: boolean } = {},
): Promise<void> {
  await context.demandRole('registrar');
  if (approve) {
    const { enterprises } = await context.state();
    demandUscc(enterprises.get(caseId)?.uscc ?? '', codeConfirmed);
    const ca = await enterpriseCa(context);
    return approveRegistration(context, caseId, ca, context.signer(), bound);
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
