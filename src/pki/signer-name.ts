/** Who a certificate speaks for, in the words that every report uses. */
import type { Certificate } from './certificate.ts';
import { readComposedName } from './common-name.ts';
import { readExtendedKeyUsage, EXTENSION as X } from './extensions.ts';
import { readAltNames } from './general-name.ts';
import { identityKind, identityText, isPersonal } from './identity.ts';
import { attributeText, type Name, nameText, usccOf } from './name.ts';
import { isUscc, withoutPersonalNumbers } from './numbers.ts';
import { TIME_STAMPING } from './purpose.ts';

export interface SignerName {
  /** Common name, or given name and surname; what comes closest where there is neither. */
  readonly name: string;
  /** The whole subject in one line, personal numbers masked. */
  readonly subject: string;
  /** Where it is stated and is not a CA's name in the signer's place. */
  readonly organization?: string;
  /** Unified social credit code. */
  readonly uscc?: string;
  /** Stamps times and seals nothing: extended key usage is timeStamping alone (RFC 3161 2.3). */
  readonly timeStampAuthority: boolean;
}

const CN = '2.5.4.3';
const SURNAME = '2.5.4.4';
const ORGANIZATION = '2.5.4.10';
const UNIT = '2.5.4.11';
const GIVEN_NAME = '2.5.4.42';
const PSEUDONYM = '2.5.4.65';
const MAIL = '1.2.840.113549.1.9.1';

const known = new WeakMap<Certificate, SignerName>();

/** Never throws: a broken extension says nothing. */
export function signerName(certificate: Certificate): SignerName {
  let name = known.get(certificate);
  if (!name) {
    name = readSignerName(certificate);
    known.set(certificate, name);
  }
  return name;
}

function readSignerName(certificate: Certificate): SignerName {
  const { subject } = certificate;
  const common = attributeText(subject, CN);
  const composed = common === null ? null : readComposedName(common);
  const organization = composed ? null : attributeText(subject, ORGANIZATION);
  const number = composed?.number.replace(/^N/, '');
  const uscc = usccOf(subject) ?? usccOfExtensions(certificate) ?? (isUscc(number) ? number : null);
  const name = composed?.name ?? nameIn(subject) ?? altName(certificate) ?? nameText(subject);
  const body = organization ?? (composed && uscc ? composed.name : null);
  return {
    name: withoutPersonalNumbers(name),
    subject: nameText(subject),
    ...(body ? { organization: withoutPersonalNumbers(body) } : {}),
    ...(uscc ? { uscc } : {}),
    timeStampAuthority: stampsTimes(certificate),
  };
}

function nameIn(subject: Name): string | null {
  const text = (oid: string) => attributeText(subject, oid)?.trim() || null;
  return (
    text(CN) ??
    personName(text(GIVEN_NAME), text(SURNAME)) ??
    text(PSEUDONYM) ??
    text(ORGANIZATION) ??
    text(UNIT) ??
    text(MAIL)
  );
}

/** Surname first, and together, where both are Chinese. */
function personName(given: string | null, surname: string | null): string | null {
  if (!given || !surname) return given ?? surname;
  const han = /^\p{Script=Han}+$/u;
  return han.test(given) && han.test(surname) ? surname + given : `${given} ${surname}`;
}

function altName({ extensions }: Certificate): string | null {
  const extension = extensions.get(X.subjectAltName);
  for (const name of (extension && quietly(() => readAltNames(extension.value))) ?? []) {
    if (name.kind === 'directory') return nameIn(name.name);
    if ('text' in name) return name.text;
  }
  return null;
}

function usccOfExtensions({ extensions }: Certificate): string | null {
  for (const { oid, value } of extensions.values()) {
    const kind = identityKind(oid);
    const text = kind && !isPersonal(kind) ? identityText(value).replace(/^[^@]*@/, '') : '';
    if (isUscc(text)) return text;
  }
  return null;
}

function stampsTimes({ extensions }: Certificate): boolean {
  const extension = extensions.get(X.extendedKeyUsage);
  const usages = extension && quietly(() => readExtendedKeyUsage(extension.value));
  return usages?.length === 1 && usages[0] === TIME_STAMPING;
}

function quietly<T>(read: () => T): T | null {
  try {
    return read();
  } catch {
    return null;
  }
}
