/** Certificates that came by a package are put to the keys on this device that they are for. */
import { equal, fromBase64, toBase64 } from '../crypto/index.ts';
import { nameText, organizationOf, readCertificate } from '../pki/index.ts';
import type { DeskContext } from './context.ts';
import type { PersonRecord } from './device-records.ts';

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
