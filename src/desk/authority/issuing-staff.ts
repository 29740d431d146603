/** Certificates for the people of the authority: by their request files, and renewed. */
import { type Signer, toBase64 } from '../../crypto/index.ts';
import {
  certificateId,
  organizationOf,
  type Role,
  type RosterEntry,
  readCertificate,
  readPem,
  writePem,
} from '../../pki/index.ts';
import type { CertificateRequest, Subject } from '../../pki/issuing/index.ts';
import type { DeskContext } from '../context.ts';
import { ownCas } from '../crls.ts';
import { certifierOf, demandSuite, type Issuer, termFrom } from '../identities.ts';
import { DeskError } from '../refusals.ts';
import { type Holding, holdings } from './books.ts';
import { addToRoster } from './roster.ts';

const YEARS = { staff: 5, enterprise: 3 };

/** One request for signing, one for encryption, in this order; a single one is for signing. */
export async function readRequests(file: Uint8Array): Promise<CertificateRequest[]> {
  const { readCsr } = await import('../../pki/issuing/index.ts');
  const blocks = readPem(file).filter(({ label }) => label === '' || label.endsWith('REQUEST'));
  if (blocks.length === 0 || blocks.length > 2) {
    throw new DeskError('csr-refused', 'one or two requests are expected', { detail: 'malformed' });
  }
  return Promise.all(
    blocks.map(async ({ der }) => {
      const result = await readCsr(der);
      if (result.ok) return result.request;
      throw new DeskError('csr-refused', 'the request is not in order', { detail: result.code });
    }),
  );
}

interface StaffRequest {
  file: Uint8Array;
  name: string;
  serialNumber: string;
  roles: Role[];
}

/** Issues to a request file. @returns the roster entry and the answer, PEM */
export async function certifyStaff(
  context: { now(): string },
  ca: Issuer,
  organization: string,
  { file, name, serialNumber, roles }: StaffRequest,
): Promise<{ entry: RosterEntry; answer: Uint8Array }> {
  if (name.trim() === '') throw new DeskError('name-empty', 'the name is empty');
  const [signing, encryption] = await readRequests(file);
  for (const each of [signing, encryption]) if (each) demandSuite(ca.certificate, each.spki);
  const subject: Subject = {
    organization,
    commonName: name.trim(),
    ...(serialNumber.trim() ? { serialNumber: serialNumber.trim() } : {}),
  };
  const issue = await issuer(context, ca, subject, YEARS.staff);
  const kind = roles.includes('seal-maker') ? 'seal-maker' : 'staff-signing';
  const certificate = await issue(kind, (signing as CertificateRequest).spki);
  const other = encryption ? await issue('staff-encryption', encryption.spki) : null;
  const id = await certificateId(certificate);
  const entry: RosterEntry = {
    id,
    person: id,
    since: context.now(),
    name: subject.commonName,
    organization,
    roles: [...new Set(roles)].sort(),
    signing: toBase64(certificate),
    ...(other ? { encryption: toBase64(other) } : {}),
  };
  return { entry, answer: answerOf([certificate, ...(other ? [other] : [])], ca.chain) };
}

const answerOf = (own: Uint8Array[], chain: readonly Uint8Array[]) =>
  writePem([...own, ...chain].map((der) => ({ label: 'CERTIFICATE', der })));

async function issuer(context: { now(): string }, ca: Issuer, subject: Subject, years: number) {
  const { issueCertificate, randomSerial } = await import('../../pki/issuing/index.ts');
  const by: Signer = certifierOf(ca);
  const { notBefore, notAfter } = readCertificate(ca.certificate);
  const term = termFrom(context.now(), years);
  const seconds = (time: number) => `${new Date(time).toISOString().slice(0, 19)}Z`;
  const within = {
    notBefore: seconds(Math.max(Date.parse(term.notBefore), notBefore)),
    notAfter: seconds(Math.min(Date.parse(term.notAfter), notAfter)),
  };
  return (kind: Parameters<typeof issueCertificate>[0]['kind'], spki: Uint8Array) =>
    issueCertificate({
      kind,
      subject,
      spki,
      issuer: by,
      serial: randomSerial(),
      pilot: ca.session.pilot,
      ...within,
    });
}

/** Certifies somebody and enters him in the roster of the next bundle. @returns the answer, PEM */
export async function issueStaff(context: DeskContext, request: StaffRequest): Promise<Uint8Array> {
  await context.demandRole('registrar', 'root');
  const [, ca] = await ownCas(context);
  if (!ca) throw new DeskError('not-permitted', 'the authority is on another device');
  const { authority } = await context.bundle();
  const { entry, answer } = await certifyStaff(context, ca, authority.zh, request);
  await addToRoster(context, entry);
  return answer;
}

/** A new term for the same keys and name. @returns the answer for somebody of the authority */
export async function renewCertificate(
  context: DeskContext,
  id: string,
): Promise<Uint8Array | null> {
  await context.demandRole('registrar', 'root');
  const found = (await holdings(context)).find((each) => each.id === id);
  if (!found?.current || found.kind === 'root' || found.kind === 'authority') {
    throw new DeskError('unknown-certificate', 'no certificate in use that could be renewed');
  }
  const [enterpriseCa, staffCa] = await ownCas(context);
  const ca = found.kind === 'enterprise' ? enterpriseCa : staffCa;
  if (!ca) throw new DeskError('not-permitted', 'the authority is on another device');
  const { subjectOf } = await import('../../pki/issuing/index.ts');
  const old = readCertificate(found.signing);
  const issue = await issuer(
    context,
    ca,
    subjectOf(old.subject),
    found.kind === 'enterprise' ? YEARS.enterprise : YEARS.staff,
  );
  const again = async (kind: Parameters<typeof issue>[0], der: Uint8Array) =>
    issue(kind, readCertificate(der).spki);
  return found.kind === 'enterprise'
    ? renewEnterprise(context, found, ca, again)
    : renewStaff(context, found, ca, again);
}

type Again = (
  kind: Parameters<Awaited<ReturnType<typeof issuer>>>[0],
  der: Uint8Array,
) => Promise<Uint8Array>;

async function renewEnterprise(
  context: DeskContext,
  { caseId, signing, encryption }: Holding,
  ca: Issuer,
  again: Again,
): Promise<null> {
  const found = (await context.state()).enterprises.get(caseId ?? '');
  if (!found || !encryption) throw new DeskError('unknown-case', 'no such registration');
  if (found.change) throw new DeskError('registration-waiting', 'a change of name waits');
  const { organization } = organizationOf(readCertificate(signing).subject);
  await context.write({
    type: 'enterprise/approve',
    case: found.case,
    party: found.uscc,
    prev: [found.head],
    fields: {
      name: organization ?? found.name,
      signing: toBase64(await again('enterprise-signing', signing)),
      encryption: toBase64(await again('enterprise-encryption', encryption)),
      chain: ca.chain.map(toBase64),
      rights: found.rights,
    },
  });
  return null;
}

async function renewStaff(
  context: DeskContext,
  { id, person, name, organization, roles, signing, encryption }: Holding,
  ca: Issuer,
  again: Again,
): Promise<Uint8Array> {
  const kind = roles.includes('seal-maker') ? 'seal-maker' : 'staff-signing';
  const next = await again(kind, signing);
  const other = encryption ? await again('staff-encryption', encryption) : null;
  const entry: RosterEntry = {
    id: await certificateId(next),
    person: person ?? id,
    since: context.now(),
    name,
    organization,
    roles,
    signing: toBase64(next),
    ...(other ? { encryption: toBase64(other) } : {}),
  };
  await addToRoster(context, entry, id);
  return answerOf([next, ...(other ? [other] : [])], ca.chain);
}
