/** Certificates that a path may name, described, by SHA-256 hex. */
import { fromBase64 } from '../../../crypto/index.ts';
import { describeCertificate, type TrustBundle } from '../../../pki/index.ts';
import type { PathStep } from '../checked-file.ts';

export async function knownCertificates(
  trust: TrustBundle | null,
  more: readonly Uint8Array[],
): Promise<Map<string, PathStep>> {
  const given: (Uint8Array | null)[] = [...more];
  if (trust) {
    const texts = [...trust.anchors.map(({ certificate }) => certificate), ...trust.intermediates];
    given.push(...texts.map((text) => fromBase64(text)));
  }
  const known = new Map<string, PathStep>();
  for (const der of given) {
    const described = der && (await describeCertificate(der));
    if (!described?.ok) continue;
    const { id, subject, notBefore, notAfter } = described;
    known.set(id, { id, subject: subject.text, notBefore, notAfter });
  }
  return known;
}
