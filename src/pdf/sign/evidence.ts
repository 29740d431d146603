/** Which certificates a signature or a time stamp brings, and what is known about them. */
import { OID, readTimeStampToken, verifyDetached } from '../../cms/index.ts';
import type { Evidence } from './dss.ts';

/** Revocation data and issuers for certificates, DER. */
export type EvidenceSource = (certificates: readonly Uint8Array[]) => Evidence | Promise<Evidence>;

/** The certificates themselves, and what is found about them. */
export async function evidenceOn(
  certificates: readonly Uint8Array[],
  source: EvidenceSource | undefined,
): Promise<Evidence> {
  const none = { certs: [], crls: [], ocsps: [] };
  const found = certificates.length > 0 ? ((await source?.(certificates)) ?? none) : none;
  return { ...found, certs: [...certificates, ...found.certs] };
}

export const together = (all: readonly Evidence[]): Evidence => ({
  certs: all.flatMap(({ certs }) => certs),
  crls: all.flatMap(({ crls }) => crls),
  ocsps: all.flatMap(({ ocsps }) => ocsps),
});

const FORM = { allowBer: true, allowTrailing: true };

/** Those inside a time-stamp token. */
export async function certificatesOf(token: Uint8Array): Promise<readonly Uint8Array[]> {
  return (await readTimeStampToken(token, FORM)).cms.certificates;
}

/** Those inside a signature, its signature time stamps included. @param contents with its padding */
export async function certificatesUnder(contents: Uint8Array): Promise<readonly Uint8Array[]> {
  // Whether it is sound is for who verifies; here it is only unpacked.
  const { certificates, unsigned } = await verifyDetached(contents, new Uint8Array(), FORM);
  const tokens = unsigned.filter(({ oid }) => oid === OID.signatureTimeStamp);
  const inside = await Promise.all(tokens.map(({ value }) => certificatesOf(value)));
  return [...certificates, ...inside.flat()];
}
