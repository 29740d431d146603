/** Registration of an enterprise: its key asks, the registrar's CA answers with certificates. */
import { fromBase64, type Json, type Signer, toBase64 } from '../crypto/index.ts';
import { checkUscc } from '../licence/index.ts';
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
  await registerKey(context, person.id, form);
}

/** @returns the case */
export async function registerKey(
  context: DeskContext,
  personId: string,
  form: RegistrationForm,
): Promise<string> {
  const session = context.vault.session(personId);
  if (!session) throw new DeskError('locked', 'unlock the electronic key first');
  const { createCsr, randomSerial, selfSigned } = await import('../pki/issuing/index.ts');
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
  const csrs = {
    signing: toBase64(await createCsr({ subject, key })),
    encryption: toBase64(await createCsr({ subject, key: session.keySigner('encryption') })),
  };
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
  const issue = async (kind: 'enterprise-signing' | 'enterprise-encryption', csr: string) => {
    const result = await readCsr(fromBase64(csr) as Uint8Array);
    if (!result.ok)
      throw new DeskError('csr-refused', 'the key request is not in order', {
        detail: result.code,
      });
    return issueCertificate({
      kind,
      subject: { organization: found.name, uscc: found.uscc, commonName: found.name },
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
      name: found.name,
      uscc: found.uscc,
      signing: toBase64(await issue('enterprise-signing', found.csrs.signing)),
      encryption: toBase64(await issue('enterprise-encryption', found.csrs.encryption)),
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
    const { registration } = value as PersonRecord;
    const found = registration ? enterprises.get(registration) : undefined;
    if (found?.state !== 'approved' || !found.certificates) continue;
    const identity = await context.vault.identity(id);
    const signing = fromBase64(found.certificates.signing) as Uint8Array;
    if (
      identity.certificates.signing &&
      toBase64(identity.certificates.signing) === found.certificates.signing
    ) {
      continue;
    }
    await context.vault.setCertificates(id, {
      signing,
      encryption: fromBase64(found.certificates.encryption) as Uint8Array,
      chain: found.certificates.chain.map((text) => fromBase64(text) as Uint8Array),
    });
    if (context.current === id) context.forget();
  }
}
