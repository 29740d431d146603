/** Revocation: the next list of an authority, published as `trust/crl` without waiting for the root. */
import { type Bytes, fromHex, type Json, toHex } from '../../crypto/index.ts';
import { certificateId, type IssuedCrl, readCertificate } from '../../pki/index.ts';
import type { RevocationReason, RevocationRegister } from '../../pki/issuing/index.ts';
import { CRL_FILE } from '../../workflow/index.ts';
import type { DeskContext } from '../context.ts';
import { ownCas } from '../crls.ts';
import { certifierOf, type Issuer } from '../identities.ts';
import { DeskError } from '../refusals.ts';
import { type Holding, holdings, issuerOf, listsInForce, reasonName } from './books.ts';

/** How long a list is good for; the authority's page says when the next one is due. */
const TERM = 90 * 86_400_000;

const COMPROMISE: (RevocationReason | null)[] = ['keyCompromise', 'cACompromise'];

/** @param from for a compromise, the first place in the log from which nothing of it counts */
export async function revokeCertificate(
  context: DeskContext,
  id: string,
  reason: RevocationReason | null,
  from: number | null,
): Promise<void> {
  await context.demandRole('registrar', 'root');
  const all = await holdings(context);
  const holding = all.find((each) => each.id === id);
  if (!holding) throw new DeskError('unknown-certificate', 'no such certificate here');
  if (holding.kind === 'root' || holding.kind === 'authority') {
    throw new DeskError('not-permitted', 'an authority leaves with a trust bundle, by the root');
  }
  const issuerId = await issuerOf(await context.bundle(), holding.signing);
  const ca = await authorityOf(context, issuerId);
  const lists = await listsInForce(context);
  const { revoke } = await import('../../pki/issuing/index.ts');
  const time = seconds(context.now());
  let register = registerOf(lists.get(issuerId as string), all);
  for (const certificate of [holding.signing, holding.encryption]) {
    if (certificate) register = revoke(register, certificate, { time, reason });
  }
  const compromised = COMPROMISE.includes(reason) && from !== null;
  await publish(context, ca, register, compromised ? [{ certificate: id, from }] : []);
}

/** Every authority's list anew: the same entries, the next number, a new term. */
export async function publishCrls(context: DeskContext): Promise<void> {
  await context.demandRole('registrar', 'root');
  const all = await holdings(context);
  const cas = await ownCas(context);
  if (cas.length === 0) throw new DeskError('not-permitted', 'the authority is on another device');
  for (const ca of cas) {
    const lists = await listsInForce(context);
    await publish(context, ca, registerOf(lists.get(await certificateId(ca.certificate)), all), []);
  }
}

/** The lists for the next bundle: signed anew where the keys are open here. */
export async function crlsForBundle(
  context: DeskContext,
  cas: readonly Issuer[],
  now: string,
): Promise<IssuedCrl['der'][]> {
  const [lists, all] = [await listsInForce(context), await holdings(context)];
  const fresh = new Map([...lists].map(([id, { der }]) => [id, der]));
  for (const ca of cas) {
    const id = await certificateId(ca.certificate);
    fresh.set(id, (await sign(ca, registerOf(lists.get(id), all), now)).crl);
  }
  return [...fresh.values()];
}

/** What stands on a list, as the authority's register: the term of a stranger's certificate never ends. */
function registerOf(list: IssuedCrl | undefined, all: readonly Holding[]): RevocationRegister {
  if (!list) return { crlNumber: 0, revoked: [] };
  const terms = new Map<string, string>();
  for (const { signing, encryption } of all) {
    for (const der of [signing, encryption]) {
      if (!der) continue;
      const { serial, notAfter } = readCertificate(der);
      terms.set(toHex(serial), new Date(notAfter).toISOString());
    }
  }
  return {
    crlNumber: list.number,
    revoked: [...list.revoked].map(([serial, { time, reason }]) => ({
      serial: fromHex(serial) as Bytes,
      time: seconds(time),
      reason: reasonName(reason),
      notAfter: terms.get(serial) ?? '9999-12-31T23:59:59Z',
    })),
  };
}

const seconds = (time: string) => `${new Date(time).toISOString().slice(0, 19)}Z`;

async function sign(ca: Issuer, register: RevocationRegister, now: string) {
  const { nextCrl } = await import('../../pki/issuing/index.ts');
  return nextCrl(register, {
    issuer: certifierOf(ca),
    thisUpdate: seconds(now),
    nextUpdate: seconds(new Date(Date.parse(now) + TERM).toISOString()),
  });
}

async function publish(
  context: DeskContext,
  ca: Issuer,
  register: RevocationRegister,
  distrusted: { certificate: string; from: number }[],
): Promise<void> {
  const { crl } = await sign(ca, register, context.now());
  await context.write({
    type: 'trust/crl',
    prev: [],
    fields: { distrusted: distrusted as unknown as Json },
    files: [{ name: CRL_FILE, bytes: crl, confidential: false, type: 'application/pkix-crl' }],
  });
}

async function authorityOf(context: DeskContext, issuer: string | null): Promise<Issuer> {
  for (const ca of await ownCas(context)) {
    if ((await certificateId(ca.certificate)) === issuer) return ca;
  }
  throw new DeskError('not-permitted', 'the authority that issued it is on another device');
}
