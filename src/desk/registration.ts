/** Registration of an enterprise: its key asks, the registrar's CA answers with certificates. */
import { equal, fromBase64, type Json, type Signer, toBase64 } from '../crypto/index.ts';
import type { KeySession } from '../keys/index.ts';
import { checkUscc } from '../licence/index.ts';
import { nameText, organizationOf, readCertificate } from '../pki/index.ts';
import type { RegistrationForm } from './api/index.ts';
import { type DeskContext, newCase } from './context.ts';
import { ownCas } from './crls.ts';
import { type PersonRecord, READERS } from './device-records.ts';
import { certifierOf, type Issuer, termFrom } from './identities.ts';
import { DeskError } from './refusals.ts';

/** Makes the enterprise's electronic key on this device. */
export async function createEnterprise(
  context: DeskContext,
  { name, uscc, password }: { name: string; uscc: string; password?: string },
): Promise<{ person: string; recoveryCode: string | null }> {
  const bundle = await context.bundle();
  const checked = checkUscc(uscc);
  if (name.trim() === '') throw new DeskError('name-empty', 'the name is empty');
  if (!checked.ok && checked.code !== 'check-digit') {
    throw new DeskError('uscc-shape', 'not a unified social credit code');
  }
  const { identity, recoveryCode } = await context.vault.create({
    label: name.trim(),
    suite: bundle.policy.suite,
    pilot: bundle.pilot,
    secrets: password
      ? [{ kind: 'password', password }, { kind: 'recovery' }]
      : [{ kind: 'device' }],
  });
  const record: PersonRecord = {
    name: name.trim(),
    organization: name.trim(),
    uscc: checked.normalised,
    registration: null,
    selfSigned: null,
  };
  await context.store.commit({
    records: [{ namespace: 'people', id: identity.id, value: record }],
  });
  context.changed();
  return { person: identity.id, recoveryCode };
}

/** Sends the registration of the person at the desk. */
export async function register(context: DeskContext, form: RegistrationForm): Promise<void> {
  const person = await context.person();
  const { enterprises } = await context.state();
  const before = person.registration ? enterprises.get(person.registration) : undefined;
  if (before && before.state !== 'rejected') {
    throw new DeskError('already-registered', 'the registration was sent before');
  }
  context.session();
  await registerKey(context, person.id, tidy(form));
}

/** Blanks at the ends of what was typed or pasted belong to nobody's name. */
function tidy(form: RegistrationForm): RegistrationForm {
  const trimmed = Object.entries(form).map(([key, text]) => [key, String(text).trim()]);
  return Object.fromEntries(trimmed) as RegistrationForm;
}

/**
 * Changes the data of the enterprise at the desk. Another address or contact counts at once; another
 * name asks for certificates over the same keys, and the seal ends when they come.
 */
export async function updateRegistration(
  context: DeskContext,
  written: RegistrationForm,
): Promise<void> {
  const form = tidy(written);
  const person = await context.person();
  const found = [...(await context.state()).enterprises.values()].find(
    ({ uscc, state }) => uscc === person.uscc && state === 'approved',
  );
  if (!found) throw new DeskError('not-registered', 'the enterprise is not registered');
  if (form.name.trim() === '') throw new DeskError('name-empty', 'the name is empty');
  const { uscc } = found;
  const renamed = form.name !== found.name;
  await context.write({
    type: 'enterprise/update',
    case: found.case,
    prev: [found.head],
    fields: {
      name: form.name,
      uscc,
      ...(renamed ? { csrs: await csrsOf(context.session(), { ...form, uscc }) } : {}),
    },
    body: { ...form, uscc } as unknown as Json,
    recipients: await context.recipientsWith(uscc, ...READERS.seal),
    also: { records: [{ namespace: 'registration', id: person.id, value: { ...form, uscc } }] },
  });
}

async function csrsOf(session: KeySession, { name, uscc }: { name: string; uscc: string }) {
  const { createCsr } = await import('../pki/issuing/index.ts');
  const subject = { organization: name, uscc, commonName: name };
  const csr = async (purpose: 'signing' | 'encryption') =>
    toBase64(await createCsr({ subject, key: session.keySigner(purpose) }));
  return { signing: await csr('signing'), encryption: await csr('encryption') };
}

/** @returns the case */
export async function registerKey(
  context: DeskContext,
  personId: string,
  form: RegistrationForm,
): Promise<string> {
  const session = context.vault.session(personId);
  if (!session) throw new DeskError('locked', 'unlock the electronic key first');
  const { randomSerial, selfSigned } = await import('../pki/issuing/index.ts');
  const record = (await context.store.record('people', personId)) as PersonRecord;
  const subject = { organization: form.name, uscc: form.uscc, commonName: form.name };
  const key = session.keySigner('signing');
  const certificate =
    record.selfSigned ??
    (await selfSigned({
      subject,
      key,
      pilot: session.pilot,
      serial: randomSerial(),
      ...termFrom(context.now(), 1),
    }));
  const csrs = await csrsOf(session, form);
  const caseId = newCase();
  const next: PersonRecord = {
    ...record,
    name: form.name,
    organization: form.name,
    uscc: form.uscc,
    registration: caseId,
    selfSigned: certificate,
  };
  await context.write({
    type: 'enterprise/register',
    case: caseId,
    prev: [],
    fields: { name: form.name, uscc: form.uscc, csrs },
    body: form as unknown as Json,
    recipients: await context.staffRecipients(...READERS.seal),
    signer: session.certificates.signing
      ? session.signerOf()
      : { certificate, chain: [], suite: session.suite, sign: (data) => key.sign(data) },
    also: {
      records: [
        { namespace: 'people', id: personId, value: next },
        { namespace: 'registration', id: personId, value: form },
      ],
    },
  });
  return caseId;
}

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
    prev: [found.head],
    fields: {
      name,
      uscc: found.uscc,
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
): Promise<void> {
  await context.demandRole('registrar');
  if (approve) {
    return approveRegistration(context, caseId, await enterpriseCa(context), context.signer());
  }
  if (reasons.length === 0) throw new DeskError('reasons-needed', 'say why');
  const found = (await context.state()).enterprises.get(caseId);
  if (!found) throw new DeskError('unknown-case', 'no such registration');
  await context.write({
    type: 'enterprise/reject',
    case: caseId,
    prev: [found.head],
    fields: { reasons },
  });
}

/** Certificates that an approval brought are put to the keys that asked for them. */
export async function adoptCertificates(context: DeskContext): Promise<void> {
  const { enterprises } = await context.state();
  for (const { id, value } of await context.store.records('people')) {
    const { registration, uscc } = value as PersonRecord;
    if (uscc === null) await adoptRostered(context, id);
    const found = registration ? enterprises.get(registration) : undefined;
    if (found?.state !== 'approved' || !found.certificates) continue;
    const { signing, encryption, chain } = found.certificates;
    await adopt(context, id, {
      signing: fromBase64(signing) as Uint8Array,
      encryption: fromBase64(encryption) as Uint8Array,
      chain: chain.map((text) => fromBase64(text) as Uint8Array),
    });
  }
}

/** Somebody of the authority finds the certificates for his keys in the roster. */
async function adoptRostered(context: DeskContext, person: string): Promise<void> {
  const { roster, anchors, root } = await context.bundle();
  const { certificates, keys } = await context.vault.identity(person);
  const key = keys.find(({ purpose }) => purpose === 'signing')?.spki;
  const present = certificates.signing && toBase64(certificates.signing);
  if (!key || present === root || roster.some(({ signing }) => signing === present)) return;
  const der = (text: string) => fromBase64(text) as Uint8Array;
  const found = roster.find(({ signing }) => equal(readCertificate(der(signing)).spki, key));
  if (!found) return;
  const issuer = nameText(readCertificate(der(found.signing)).issuer);
  const chain = anchors
    .map(({ certificate }) => der(certificate))
    .filter((each) => nameText(readCertificate(each).subject) === issuer);
  await adopt(context, person, {
    signing: der(found.signing),
    ...(found.encryption ? { encryption: der(found.encryption) } : {}),
    chain,
  });
}

/** New certificates for the keys of a person; those before them stay known for older packages. */
export async function adopt(
  context: DeskContext,
  person: string,
  next: { signing: Uint8Array; encryption?: Uint8Array; chain: Uint8Array[] },
): Promise<void> {
  const { certificates } = await context.vault.identity(person);
  if (certificates.signing && equal(certificates.signing, next.signing)) return;
  await context.vault.setCertificates(person, next);
  const record = (await context.store.record('people', person)) as PersonRecord;
  const subject = readCertificate(next.signing).subject;
  const { organization } = organizationOf(subject);
  const enterprise = record.uscc !== null;
  const value: PersonRecord = {
    ...record,
    name: (enterprise ? organization : null) ?? record.name,
    organization: organization ?? record.organization,
    ...(certificates.encryption
      ? { earlier: [certificates.encryption, ...(record.earlier ?? [])] }
      : {}),
  };
  await context.store.commit({ records: [{ namespace: 'people', id: person, value }] });
  if (context.current === person) context.forget();
}
