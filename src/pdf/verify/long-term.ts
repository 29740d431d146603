/**
 * The long-term view of a signature: its chain, by what evidence each certificate of it is known not
 * to be revoked, and until when all that can be verified. For showing; it changes no verdict.
 */
import { equal, Malformed, sha256Hex } from '../../crypto/index.ts';
import {
  type RevocationEvidence,
  readCertificate,
  revocationEvidence,
  signerName,
  type Trust,
} from '../../pki/index.ts';
import type { CheckedSignature } from './check-signature.ts';
import type { Evidence } from './evidence.ts';
import type { LongTerm, SignatureReport } from './report.ts';

interface Sources {
  readonly trust: Trust;
  /** Of the document's store. */
  readonly evidence: Evidence;
  /** Time of the check, ISO 8601. */
  readonly time: string;
}

/** Milliseconds that the evidence of one file may take. */
const EVIDENCE_MS = 1200;

/** Fills in `longTerm` of every signature that has a path. */
export async function viewLongTerm(
  checked: readonly CheckedSignature[],
  sources: Sources,
): Promise<void> {
  const until = performance.now() + EVIDENCE_MS;
  const byId = new Map<string, Uint8Array>();
  const { trust, evidence } = sources;
  const pool = [
    ...trust.anchors.map(({ certificate }) => certificate),
    ...trust.intermediates,
    ...evidence.certificates,
    ...checked.flatMap(({ cms }) => cms?.certificates ?? []),
  ];
  for (const der of pool) byId.set(await sha256Hex(der), der);
  for (const one of checked) {
    const { report } = one;
    if (report.certificate) byId.set(await sha256Hex(report.certificate), report.certificate);
    try {
      const chain = await chainOf(one, byId, { ...sources, until });
      if (chain.length > 0) report.longTerm = { chain, ...holdsUntil(report, chain, checked) };
    } catch (error) {
      // A certificate that is read leniently elsewhere has no view, and its verdict stands.
      if (!(error instanceof Malformed)) throw error;
    }
  }
}

type Link = LongTerm['chain'][number];

async function chainOf(
  { report, cms }: CheckedSignature,
  byId: ReadonlyMap<string, Uint8Array>,
  { trust, evidence, time, until }: Sources & { until: number },
): Promise<Link[]> {
  const ders = report.path.flatMap((id) => byId.get(id) ?? []);
  if (ders.length === 0 || ders.length < report.path.length) return [];
  const at = report.judgedAt?.time ?? time;
  const places = [
    ['signature', cms?.ocsps ?? [], cms?.crls ?? []],
    ['document', evidence.ocsps, evidence.crls],
    ['list', trust.ocsp, trust.crls],
  ] as const;
  const out: Link[] = [];
  for (const [i, target] of ders.entries()) {
    const certificate = readCertificate(target);
    const issuer = ders[i + 1];
    const [notBefore, notAfter] = [certificate.notBefore, certificate.notAfter].map((ms) =>
      new Date(ms).toISOString(),
    ) as [string, string];
    const link: Link = {
      id: report.path[i] as string,
      name: signerName(certificate).name,
      notBefore,
      notAfter,
      anchor: !issuer && trust.anchors.some((anchor) => equal(anchor.certificate, target)),
    };
    for (const [source, ocsps, crls] of issuer ? places : []) {
      const asked = { issuer: issuer as Uint8Array, target, time: at, ocsps, crls, until };
      const found: RevocationEvidence | null = await revocationEvidence(asked);
      if (!found || link.revocation?.status === 'revoked') continue;
      if (!link.revocation || found.status === 'revoked') link.revocation = { ...found, source };
    }
    out.push(link);
  }
  return out;
}

const STORED = new Set(['B-LT', 'B-LTA']);

/**
 * With evidence stored under a time stamp, as long as the authority of the last one; without it,
 * as long as every certificate below the anchor.
 */
function holdsUntil(
  report: SignatureReport,
  chain: readonly Link[],
  checked: readonly CheckedSignature[],
): Pick<LongTerm, 'until' | 'by'> {
  const own = chain.filter(({ anchor }) => !anchor || chain.length === 1);
  const expiry = own.map(({ notAfter }) => notAfter).sort()[0] ?? '';
  if (!report.provenLevel || !STORED.has(report.provenLevel)) return { until: expiry, by: 'chain' };
  const later = checked.filter(
    ({ report: { kind, timeProven, revision } }) =>
      kind === 'timestamp' && timeProven && revision > report.revision,
  );
  const stamps = [
    ...report.timeStamps.flatMap(({ trusted, until }) => (trusted && until ? [until] : [])),
    ...later.flatMap(({ cms }) => (cms?.signer ? [expiryOf(cms.signer)] : [])),
  ];
  const last = stamps.sort().at(-1);
  return last ? { until: last, by: 'time-stamp' } : { until: expiry, by: 'chain' };
}

function expiryOf(der: Uint8Array): string {
  return new Date(readCertificate(der).notAfter).toISOString();
}
