/** Subjects as design section 4 names them: C=CN, O, organizationIdentifier, CN, serialNumber. */
import { type Bytes, derWrite, Malformed } from '../../crypto/index.ts';
import { attributeOf, type Name, organizationOf } from '../name.ts';

export interface Subject {
  organization: string;
  /** Unified social credit code, 18 characters; absent for an authority that has none. */
  uscc?: string;
  /** The enterprise again, a person, or what a CA is called. */
  commonName: string;
  /** Tells people of one name apart; PrintableString. */
  serialNumber?: string;
}

const OID = {
  country: '2.5.4.6',
  organization: '2.5.4.10',
  organizationIdentifier: '2.5.4.97',
  commonName: '2.5.4.3',
  serialNumber: '2.5.4.5',
} as const;

/** Upper bounds of X.520: ub-organization-name, ub-common-name and ub-serial-number. */
const UPPER_BOUND = 64;

const pair = (type: string, value: Uint8Array) =>
  derWrite.setOf(derWrite.sequence(derWrite.oid(type), value));

function directoryString(text: string, what: string): Bytes {
  const length = [...text].length;
  if (
    length === 0 ||
    length > UPPER_BOUND ||
    text.trim() !== text ||
    /[\p{Cc}\p{Cf}\p{Cs}]/u.test(text)
  ) {
    throw new Malformed('issue-subject', `${what}: 1 to ${UPPER_BOUND} printable characters`);
  }
  return derWrite.utf8String(text.normalize('NFC'));
}

/** @returns Name, DER. @throws {Malformed} `issue-subject` */
export function writeSubject(subject: Subject): Bytes {
  const rdns = [
    pair(OID.country, derWrite.printableString('CN')),
    pair(OID.organization, directoryString(subject.organization, 'organization')),
  ];
  if (subject.uscc !== undefined) {
    if (!/^[0-9A-Z]{18}$/.test(subject.uscc)) {
      throw new Malformed('issue-subject', 'unified social credit code: 18 characters');
    }
    rdns.push(pair(OID.organizationIdentifier, derWrite.utf8String(`NTRCN-${subject.uscc}`)));
  }
  rdns.push(pair(OID.commonName, directoryString(subject.commonName, 'common name')));
  if (subject.serialNumber !== undefined) {
    if (!/^[A-Za-z0-9 '()+,\-./:=?]{1,64}$/.test(subject.serialNumber)) {
      throw new Malformed('issue-subject', 'serialNumber: a PrintableString');
    }
    rdns.push(pair(OID.serialNumber, derWrite.printableString(subject.serialNumber)));
  }
  return derWrite.sequence(...rdns);
}

/** The subject that a name states, as far as it has our attributes. */
export function subjectOf(name: Name): Subject {
  const { organization, uscc } = organizationOf(name);
  const serialNumber = attributeOf(name, OID.serialNumber);
  return {
    organization: organization ?? '',
    commonName: attributeOf(name, OID.commonName) ?? organization ?? '',
    ...(uscc ? { uscc } : {}),
    ...(serialNumber ? { serialNumber } : {}),
  };
}
