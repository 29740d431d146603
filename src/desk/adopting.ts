/** Certificates that came by a package are put to the keys on this device that they are for. */
import { equal, fromBase64, toBase64 } from '../crypto/index.ts';
import { nameText, organizationOf, readCertificate } from '../pki/index.ts';
import type { DeskContext } from './context.ts';
import type { PersonRecord } from './device-records.ts';

/** Certificates that an approval brought are put to the keys that asked for them. */
export async function adoptCertificates(context: DeskContext): Promise<void> {
  const { enterprises } = await context.state();
  for (const { id, value } of await context.store.records('people')) {
    const { registration, uscc } = await known(context, id, value as PersonRecord);
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

/**
 * What a device that the key was brought to learns from the packages: the case of the registration, and
 * the encryption certificates before the present one, which older packages name.
 */
async function known(
  context: DeskContext,
  person: string,
  record: PersonRecord,
): Promise<PersonRecord> {
  if (!record.brought) return record;
  const { keys, certificates } = await context.vault.identity(person);
  const keyOf = (which: string) => keys.find(({ purpose }) => purpose === which)?.spki;
  const [spki, reading] = [keyOf('signing'), keyOf('encryption')];
  if (!spki || !reading || !certificates.encryption) return record;
  const pairs = await certified(context, record.uscc);
  const own = pairs.filter(({ signing }) => equal(readCertificate(signing).spki, spki));
  const present = toBase64(certificates.encryption);
  const earlier = new Map((record.earlier ?? []).map((der) => [toBase64(der), der]));
  const before = earlier.size;
  for (const { encryption } of own) {
    if (!encryption || !equal(readCertificate(encryption).spki, reading)) continue;
    if (toBase64(encryption) !== present) earlier.set(toBase64(encryption), encryption);
  }
  const registration = record.registration ?? own.find((each) => each.caseId)?.caseId ?? null;
  if (registration === record.registration && earlier.size === before) return record;
  const value: PersonRecord = {
    ...record,
    registration,
    ...(earlier.size > 0 ? { earlier: [...earlier.values()] } : {}),
  };
  await context.store.commit({ records: [{ namespace: 'people', id: person, value }] });
  if (context.current === person) context.forget();
  return value;
}

/** Everybody's certificates, of the enterprise or of the authority. */
async function certified(context: DeskContext, uscc: string | null) {
  const { enterprises, bundles } = await context.state();
  const der = (text: string) => fromBase64(text) as Uint8Array;
  const pair = (each: { signing: string; encryption?: string }, caseId: string | null) => ({
    signing: der(each.signing),
    encryption: each.encryption ? der(each.encryption) : null,
    caseId,
  });
  if (uscc === null) {
    return bundles.flatMap(({ bundle }) => bundle.roster.map((each) => pair(each, null)));
  }
  return [...enterprises.values()]
    .filter((each) => each.uscc === uscc && each.state === 'approved')
    .flatMap((each) =>
      [...each.earlier, ...(each.certificates ? [each.certificates] : [])].map((certificates) =>
        pair(certificates, each.case),
      ),
    );
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
