/**
 * What an empty signature field asks of whoever signs it (ISO 32000-2, 12.7.5.5): seed values, of
 * which those that are marked as required are kept or the field is not signed.
 */
import { digestNameOf, equal, type KeyKind, Malformed } from '../../crypto/index.ts';
import type { PdfRevision } from '../read/document.ts';
import { isName, type PdfDict, PdfName, PdfString, textOf } from '../read/objects.ts';

export interface Offer {
  readonly suite: KeyKind;
  readonly certificate: Uint8Array;
  readonly chain: readonly Uint8Array[];
  readonly reason: string;
  readonly certify: 1 | 2 | 3 | undefined;
  readonly stamped: boolean;
  readonly evidence: boolean;
}

/** Bits of Ff. */
const REQUIRED = {
  Filter: 1,
  SubFilter: 2,
  V: 4,
  Reasons: 8,
  LegalAttestation: 16,
  AddRevInfo: 32,
  DigestMethod: 64,
  LockDocument: 128,
  AppearanceFilter: 256,
} as const;

/** Bits of a certificate seed value dictionary's Ff. */
const CERTIFICATE = { Subject: 1, Issuer: 2 } as const;

/** @throws {Malformed} `field-seed`: the field demands what this signature is not */
export function keepSeedValues(revision: PdfRevision, field: PdfDict, offer: Offer): void {
  const seed = revision.dict(field.raw('SV'));
  if (!seed) return;
  const flags = Number(revision.get(seed, 'Ff') ?? 0);
  const demand = (key: keyof typeof REQUIRED, kept: () => boolean): void => {
    if ((flags & REQUIRED[key]) === 0 || (seed.has(key) && kept())) return;
    throw refused(key);
  };
  const names = (key: string): string[] =>
    (revision.array(seed.raw(key)) ?? []).flatMap((item) => {
      const value = revision.resolve(item);
      if (value instanceof PdfName) return [value.name];
      return value instanceof PdfString ? [textOf(value)] : [];
    });
  demand('Filter', () => isName(revision.get(seed, 'Filter'), 'Adobe.PPKLite'));
  demand('SubFilter', () => names('SubFilter').includes('ETSI.CAdES.detached'));
  demand('V', () => Number(revision.get(seed, 'V')) <= 3);
  demand('DigestMethod', () =>
    names('DigestMethod').includes(digestNameOf(offer.suite).replace('-', '')),
  );
  demand('Reasons', () => {
    const reasons = names('Reasons');
    return reasons.join() === '.' ? offer.reason === '' : reasons.includes(offer.reason);
  });
  demand('AddRevInfo', () => revision.get(seed, 'AddRevInfo') !== true || offer.evidence);
  for (const key of ['LegalAttestation', 'LockDocument', 'AppearanceFilter'] as const) {
    demand(key, () => false);
  }
  keepPermissions(revision, seed, offer);
  const stamp = revision.dict(seed.raw('TimeStamp'));
  if (stamp && (Number(revision.get(stamp, 'Ff') ?? 0) & 1) !== 0 && !offer.stamped) {
    throw refused('TimeStamp');
  }
  keepCertificate(revision, seed, offer);
}

/** MDP: P 0 asks for an approval, 1 to 3 for a certification of that level. */
function keepPermissions(revision: PdfRevision, seed: PdfDict, { certify }: Offer): void {
  const mdp = revision.dict(seed.raw('MDP'));
  if (mdp && revision.get(mdp, 'P') !== (certify ?? 0)) throw refused('MDP');
}

function keepCertificate(revision: PdfRevision, seed: PdfDict, offer: Offer): void {
  const wanted = revision.dict(seed.raw('Cert'));
  if (!wanted) return;
  const flags = Number(revision.get(wanted, 'Ff') ?? 0);
  const oneOf = (key: string, ours: readonly Uint8Array[]): boolean =>
    (revision.array(wanted.raw(key)) ?? []).some((item) => {
      const value = revision.resolve(item);
      return value instanceof PdfString && ours.some((der) => equal(der, value.bytes));
    });
  if (flags & CERTIFICATE.Subject && !oneOf('Subject', [offer.certificate])) {
    throw refused('Cert/Subject');
  }
  if (flags & CERTIFICATE.Issuer && !oneOf('Issuer', [offer.certificate, ...offer.chain])) {
    throw refused('Cert/Issuer');
  }
  if (flags & ~(CERTIFICATE.Subject | CERTIFICATE.Issuer)) throw refused('Cert');
}

const refused = (what: string): Malformed =>
  new Malformed('field-seed', `the field asks for something else: ${what}`);
