/** CRLs that the authorities of a trust bundle issue: whose they are, and which is the newest. */
import { type Bytes, fromBase64, Malformed, toBase64 } from '../../crypto/index.ts';
import { crlOf } from '../crl.ts';
import { fieldsOf, idOf, isSignedBy } from '../fields.ts';
import type { TrustBundle } from '../trust.ts';

export interface IssuedCrl {
  der: Uint8Array;
  /** SHA-256 hex of the authority's certificate. */
  issuer: string;
  number: number;
  /** ISO 8601. */
  thisUpdate: string;
  nextUpdate: string;
  /** By serial number, hex of the INTEGER's octets: when and why (CRLReason). */
  revoked: ReadonlyMap<string, { time: string; reason: number }>;
}

/**
 * A complete CRL that an authority of the bundle, or its root, signed.
 * @throws {Malformed} a reader's code; `crl-issuer` where none of them did; `crl-form` for a delta or
 * indirect list, a missing number or nextUpdate
 */
export async function readIssuedCrl(
  bundle: Pick<TrustBundle, 'root' | 'anchors' | 'intermediates'>,
  der: Uint8Array,
): Promise<IssuedCrl> {
  const crl = crlOf(der);
  if (crl.delta !== null || crl.idp || crl.unknownCritical) {
    throw new Malformed('crl-form', 'a complete list is expected');
  }
  if (crl.number === null || crl.nextUpdate === null || crl.number > Number.MAX_SAFE_INTEGER) {
    throw new Malformed('crl-form', 'number and nextUpdate are expected');
  }
  const revoked = new Map<string, { time: string; reason: number }>();
  for (const [serial, entries] of crl.entries) {
    const [entry] = entries;
    if (entry) revoked.set(serial, { time: iso(entry.revokedAt), reason: entry.reason });
  }
  const authorities = [
    ...bundle.anchors.map(({ certificate }) => certificate),
    ...bundle.intermediates,
    bundle.root,
  ];
  for (const text of authorities) {
    const fields = fieldsOf(fromBase64(text) as Bytes);
    if (fields.subjectKey !== crl.issuerKey || !(await isSignedBy(crl, fields.certificate.spki)))
      continue;
    return {
      der,
      issuer: await idOf(fields),
      number: Number(crl.number),
      thisUpdate: iso(crl.thisUpdate),
      nextUpdate: iso(crl.nextUpdate),
      revoked,
    };
  }
  throw new Malformed('crl-issuer', 'no authority of this deployment signed it');
}

const iso = (time: number): string => new Date(time).toISOString();

/** The newest list of each authority, by its id; what nobody here signed is left out. */
export async function newestCrls(bundle: TrustBundle): Promise<Map<string, IssuedCrl>> {
  const found = new Map<string, IssuedCrl>();
  for (const text of bundle.crls) {
    try {
      const crl = await readIssuedCrl(bundle, fromBase64(text) as Bytes);
      if ((found.get(crl.issuer)?.number ?? -1) < crl.number) found.set(crl.issuer, crl);
    } catch (error) {
      if (!(error instanceof Malformed)) throw error;
    }
  }
  return found;
}

/** The bundle with newer lists in place of those of the same authority; itself where none is newer. */
export async function withCrls(
  bundle: TrustBundle,
  newer: readonly IssuedCrl[],
): Promise<TrustBundle> {
  const lists = await newestCrls(bundle);
  let changed = false;
  for (const crl of newer) {
    if ((lists.get(crl.issuer)?.number ?? -1) >= crl.number) continue;
    lists.set(crl.issuer, crl);
    changed = true;
  }
  if (!changed) return bundle;
  return { ...bundle, crls: [...lists.values()].map(({ der }) => toBase64(der)) };
}
