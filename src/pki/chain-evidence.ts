/** What a validator will want to see of some certificates later, picked from what is at hand. */
import { equal } from '../crypto/index.ts';
import { crlOf } from './crl.ts';
import { type Fields, fieldsOf } from './fields.ts';
import { nameKey } from './name-match.ts';
import { readOcspResponse } from './ocsp.ts';

/** DER each. */
export interface ChainEvidence {
  certs: Uint8Array[];
  crls: Uint8Array[];
  ocsps: Uint8Array[];
}

/**
 * The issuers above the certificates, up to the roots, whoever signs their CRLs, those CRLs, and the
 * OCSP answers about any of them. Picked by name and serial number: signatures are for whoever
 * validates. What cannot be read is left out.
 * @param certificates DER; they are not repeated in the answer
 */
export function chainEvidence(
  certificates: readonly Uint8Array[],
  known: { [kind in keyof ChainEvidence]: readonly Uint8Array[] },
): ChainEvidence {
  const given = readable(certificates, fieldsOf);
  const pool = readable(known.certs, fieldsOf);
  const chain = [...given];
  const take = (found: readonly Read<Fields>[]) => {
    for (const each of found) {
      if (!chain.some(({ der }) => equal(der, each.der))) chain.push(each);
    }
  };
  const named = (key: string) => pool.filter(({ value }) => value.subjectKey === key);
  for (let i = 0; i < chain.length; i++) take(named((chain[i] as Read<Fields>).value.issuerKey));
  const issuers = new Set(chain.flatMap(({ value }) => crlIssuersOf(value)));
  const crls = readable(known.crls, crlOf).filter(({ value }) => issuers.has(value.issuerKey));
  for (const { value } of crls) take(named(value.issuerKey));
  const serials = chain.map(({ value }) => value.certificate.serial);
  const ocsps = readable(known.ocsps, readOcspResponse).filter(({ value }) =>
    value.responses.some(({ serial }) => serials.some((one) => equal(one, serial))),
  );
  const ders = (found: readonly Read<unknown>[]) => found.map(({ der }) => der);
  return { certs: ders(chain.slice(given.length)), crls: ders(crls), ocsps: ders(ocsps) };
}

/** Comparable names of whoever may list the certificate: its issuer, and a cRLIssuer (4.2.1.13). */
function crlIssuersOf({ issuerKey, distributionPoints }: Fields): string[] {
  const others = (distributionPoints ?? []).flatMap(({ cRLIssuer }) => cRLIssuer ?? []);
  return [
    issuerKey,
    ...others.flatMap((other) => (other.kind === 'directory' ? [nameKey(other.name)] : [])),
  ];
}

interface Read<T> {
  readonly der: Uint8Array;
  readonly value: T;
}

function readable<T>(ders: readonly Uint8Array[], read: (der: Uint8Array) => T): Read<T>[] {
  return ders.flatMap((der) => {
    try {
      return [{ der, value: read(der) }];
    } catch {
      return [];
    }
  });
}
