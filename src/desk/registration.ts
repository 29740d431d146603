/** Registration as an enterprise does it: it makes its key, asks for certificates, changes its data. */
import { type Json, toBase64 } from '../crypto/index.ts';
import type { KeySession } from '../keys/index.ts';
import type { RegistrationForm } from './api/index.ts';
import type { DeskContext } from './context.ts';
import { type PersonRecord, READERS } from './device-records.ts';
import { termFrom } from './identities.ts';
import { DeskError } from './refusals.ts';
import { demandPrintable, demandUscc } from './registration-texts.ts';

/** Makes the enterprise's electronic key on this device. */
export async function createEnterprise(
  context: DeskContext,
  {
    name,
    uscc,
    password,
    codeConfirmed = false,
  }: { name: string; uscc: string; password?: string; codeConfirmed?: boolean },
): Promise<{ person: string; recoveryCode: string | null }> {
  const bundle = await context.bundle();
  if (name.trim() === '') throw new DeskError('name-empty', 'the name is empty');
  const code = demandUscc(uscc, codeConfirmed);
  await demandPrintable(context, { name: name.trim() });
  const { identity, recoveryCode } = await context.vault.create({
    label: name.trim(),
    suite: bundle.policy.suite,
    pilot: bundle.pilot,
    secrets: password
      ? [{ kind: 'password', password, known: [code] }, { kind: 'recovery' }]
      : [{ kind: 'device' }],
  });
  const record: PersonRecord = {
    name: name.trim(),
    organization: name.trim(),
    uscc: code,
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
export async function register(
  context: DeskContext,
  written: RegistrationForm,
  codeConfirmed = false,
): Promise<void> {
  const person = await context.person();
  const { enterprises } = await context.state();
  const before = person.registration ? enterprises.get(person.registration) : undefined;
  if (before && before.state !== 'rejected') {
    throw new DeskError('already-registered', 'the registration was sent before');
  }
  context.session();
  const form = tidy(written);
  // The code that the key was made for was looked at then.
  const known = form.uscc === person.uscc;
  const uscc = demandUscc(form.uscc, codeConfirmed || known);
  await demandPrintable(context, { ...form });
  await registerKey(context, person.id, { ...form, uscc });
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
  await demandPrintable(context, { ...form });
  const { uscc } = found;
  const renamed = form.name !== found.name;
  await context.write({
    type: 'enterprise/update',
    case: found.case,
    party: uscc,
    prev: [found.head],
    fields: {
      name: form.name,
      ...(renamed ? { csrs: await csrsOf(context.session(), { ...form, uscc }) } : {}),
    },
    body: { ...form, uscc } as unknown as Json,
    recipients: await context.recipientsFor({ party: uscc }, ...READERS.seal),
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
  const next = (caseId: string): PersonRecord => ({
    ...record,
    name: form.name,
    organization: form.name,
    uscc: form.uscc,
    registration: caseId,
    selfSigned: certificate,
  });
  return context.write({
    type: 'enterprise/register',
    party: form.uscc,
    prev: [],
    fields: { name: form.name, csrs },
    body: form as unknown as Json,
    recipients: await context.staffRecipients(...READERS.seal),
    signer: session.certificates.signing
      ? session.signerOf()
      : { certificate, chain: [], suite: session.suite, sign: (data) => key.sign(data) },
    also: (caseId) => ({
      records: [
        { namespace: 'people', id: personId, value: next(caseId) },
        { namespace: 'registration', id: personId, value: form },
      ],
    }),
  });
}
