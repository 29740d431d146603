/** Certificates of a file, each with its path, looked at as the deployment would. */
import {
  type CertificateDescription,
  describeCertificate,
  explainPath,
  normaliseTrust,
  type TrustBundle,
} from '../../../pki/index.ts';
import type { CertificateChain, CheckedFile } from '../checked-file.ts';

/** Paths looked for; the rest of a large collection is only listed. */
const MOST_PATHS = 12;

/**
 * @param ders candidates; what is no certificate is left out
 */
export async function chainsOf(
  ders: readonly Uint8Array[],
  trust: TrustBundle | null,
): Promise<Pick<CheckedFile, 'certificates' | 'chains'>> {
  const known = new Map<string, { der: Uint8Array; described: CertificateDescription }>();
  for (const der of ders) {
    const described = await describeCertificate(der);
    if (described.ok) known.set(described.id, { der, described });
  }
  const all = [...known.values()];
  const issued = new Set(
    all.filter(({ described }) => !isRoot(described)).map(({ described }) => described.issuer.text),
  );
  const ends = all.filter(({ described }) => !issued.has(described.subject.text));
  const chains: CertificateChain[] = [];
  for (const { der, described } of (ends.length > 0 ? ends : all).slice(0, MOST_PATHS)) {
    chains.push(await chainOf(der, described, all, trust));
  }
  return { certificates: all.map(({ described }) => described), chains };
}

const isRoot = ({ subject, issuer }: CertificateDescription) => subject.text === issuer.text;

async function chainOf(
  target: Uint8Array,
  described: CertificateDescription,
  all: readonly { der: Uint8Array; described: CertificateDescription }[],
  bundle: TrustBundle | null,
): Promise<CertificateChain> {
  const trust = normaliseTrust(bundle ?? undefined);
  const pool = all.map(({ der }) => der);
  const question = {
    target,
    intermediates: [...pool, ...trust.intermediates],
    crls: trust.crls,
    revocation: 'soft-fail',
    anchorAsTarget: true,
  } as const;
  const anchors = trust.anchors.map(({ certificate }) => ({ cert: certificate }));
  let report = await explainPath({ ...question, anchors });
  const anchored = report.code !== 'no-path';
  if (!anchored) {
    // Nobody known stands above it: show how the file itself hangs together, and say so.
    const roots = all.filter((each) => isRoot(each.described)).map(({ der }) => ({ cert: der }));
    const own = await explainPath({ ...question, anchors: roots, revocation: 'none' });
    if (own.code !== 'no-path') report = own;
  }
  const { code, steps, revocationUnknown, certificates } = report;
  const path = certificates.length > 0 ? certificates : [described];
  return { target: described, path, anchored, code, steps: [...steps], revocationUnknown };
}
