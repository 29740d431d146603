/**
 * The books of the certification authority. Nothing is kept beside the packages: who was certified
 * stands in approvals and bundles, who is revoked in the newest revocation lists.
 */
import { fromBase64, toHex } from '../../crypto/index.ts';
import {
  attributeOf,
  certificateId,
  type IssuedCrl,
  nameText,
  newestCrls,
  organizationOf,
  type Role,
  readCertificate,
  type TrustBundle,
} from '../../pki/index.ts';
import type { EnterpriseCase } from '../../workflow/index.ts';
import type { CertificateState, IssuedCertificate } from '../api/index.ts';
import type { DeskContext } from '../context.ts';
import { draftRoster } from './roster.ts';

/** A pair of certificates with what is known of its holder. */
export interface Holding {
  id: string;
  kind: IssuedCertificate['kind'];
  signing: Uint8Array;
  encryption: Uint8Array | null;
  name: string;
  organization: string;
  roles: Role[];
  current: boolean;
  caseId: string | null;
  /** Of the roster: who it is, whatever the certificate. */
  person?: string;
}

const COMMON_NAME = '2.5.4.3';

const der = (text: string) => fromBase64(text) as Uint8Array;

/** Everybody who was ever certified here, the newest of each kind last. */
export async function holdings(context: DeskContext): Promise<Holding[]> {
  const { bundles, enterprises } = await context.state();
  const found = new Map<string, Holding>();
  const add = (holding: Holding) => found.set(holding.id, holding);
  for (const { bundle } of bundles) {
    for (const holding of await authoritiesOf(bundle)) add(holding);
    for (const entry of bundle.roster) {
      add({ ...entry, kind: 'staff', ...pair(entry), current: false, caseId: null });
    }
  }
  for (const holding of await authoritiesOf(await context.bundle())) {
    add({ ...holding, current: true });
  }
  for (const { entry, change } of await draftRoster(context)) {
    const current = change !== 'removed';
    add({ ...entry, kind: 'staff', ...pair(entry), current, caseId: null });
  }
  for (const enterprise of enterprises.values()) {
    for (const holding of await ofEnterprise(enterprise)) add(holding);
  }
  return [...found.values()];
}

const pair = ({ signing, encryption }: { signing: string; encryption?: string }) => ({
  signing: der(signing),
  encryption: encryption ? der(encryption) : null,
});

async function authoritiesOf({ root, anchors, intermediates }: TrustBundle): Promise<Holding[]> {
  const all = [
    { text: root, kind: 'root' as const },
    ...[...anchors.map(({ certificate }) => certificate), ...intermediates].map((text) => ({
      text,
      kind: 'authority' as const,
    })),
  ];
  return Promise.all(
    all.map(async ({ text, kind }) => {
      const signing = der(text);
      const { subject } = readCertificate(signing);
      return {
        id: await certificateId(signing),
        kind,
        signing,
        encryption: null,
        name: attributeOf(subject, COMMON_NAME) ?? nameText(subject),
        organization: organizationOf(subject).organization ?? '',
        roles: kind === 'root' ? (['root'] as Role[]) : [],
        current: false,
        caseId: null,
      };
    }),
  );
}

function ofEnterprise({ certificates, earlier, case: caseId }: EnterpriseCase) {
  const all = [
    ...earlier.map((each) => ({ ...each, current: false })),
    ...(certificates ? [{ ...certificates, current: true }] : []),
  ];
  return Promise.all(
    all.map(async (each): Promise<Holding> => {
      const signing = der(each.signing);
      const organization = organizationOf(readCertificate(signing).subject).organization ?? '';
      return {
        id: await certificateId(signing),
        kind: 'enterprise',
        ...pair(each),
        name: organization,
        organization,
        roles: [],
        current: each.current,
        caseId,
      };
    }),
  );
}

/** CRLReason (RFC 5280 5.3.1) by number. */
const REASONS = [
  'unspecified',
  'keyCompromise',
  'cACompromise',
  'affiliationChanged',
  'superseded',
  'cessationOfOperation',
  'certificateHold',
  'unspecified',
  'unspecified',
  'privilegeWithdrawn',
] as const;

export type ReasonName = (typeof REASONS)[number];
export const reasonName = (code: number): ReasonName => REASONS[code] ?? 'unspecified';

/** Which authority of the bundle issued a certificate: its id, or null. */
export async function issuerOf(bundle: TrustBundle, signing: Uint8Array): Promise<string | null> {
  const issuer = nameText(readCertificate(signing).issuer);
  for (const text of [...bundle.anchors.map((each) => each.certificate), ...bundle.intermediates]) {
    if (nameText(readCertificate(der(text)).subject) === issuer) return certificateId(der(text));
  }
  return null;
}

export async function issuedView(
  holding: Holding,
  bundle: TrustBundle,
  lists: ReadonlyMap<string, IssuedCrl>,
  distrusted: ReadonlyMap<string, number>,
  now: string,
): Promise<IssuedCertificate> {
  const { signing, encryption: _, ...rest } = holding;
  const read = readCertificate(signing);
  const issuer = await issuerOf(bundle, signing);
  const entry = issuer ? lists.get(issuer)?.revoked.get(toHex(read.serial)) : undefined;
  const [time, reason] = entry ? [entry.time, reasonName(entry.reason)] : [];
  return {
    ...rest,
    uscc: organizationOf(read.subject).uscc,
    serial: toHex(read.serial),
    notBefore: new Date(read.notBefore).toISOString(),
    notAfter: new Date(read.notAfter).toISOString(),
    state: stateOf(read, reason ?? null, now),
    revocation: time && reason ? { time, reason } : null,
    distrustedFrom: distrusted.get(holding.id) ?? null,
  };
}

function stateOf(
  { notBefore, notAfter }: { notBefore: number; notAfter: number },
  reason: ReasonName | null,
  now: string,
): CertificateState {
  if (reason) return reason === 'certificateHold' ? 'on-hold' : 'revoked';
  const at = Date.parse(now);
  return at < notBefore ? 'not-yet' : at > notAfter ? 'expired' : 'valid';
}

/** The newest revocation list of every authority. */
export async function listsInForce(context: DeskContext): Promise<Map<string, IssuedCrl>> {
  return newestCrls(await context.bundle());
}
