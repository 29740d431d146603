/** A signer who is himself what the caller trusts: the deployment root, or a bare anchor. */
import { equal, type Finding, fromBase64, readDer, TAG } from '../crypto/index.ts';
import {
  certificateId,
  EXTENSION,
  type Judgement,
  readCertificate,
  signerName,
  type Trust,
} from '../pki/index.ts';

export function isAnchor(certificate: Uint8Array, { anchors, bundle }: Trust): boolean {
  const root = bundle && fromBase64(bundle.root);
  return (
    anchors.some((anchor) => equal(anchor.certificate, certificate)) ||
    (root !== null && equal(root, certificate))
  );
}

/** @param time ISO 8601 */
export async function judgeAnchor(der: Uint8Array, trust: Trust, time: string): Promise<Judgement> {
  const certificate = readCertificate(der);
  const id = await certificateId(der);
  const now = Date.parse(time);
  const early = !(now >= certificate.notBefore);
  const expired = !(now <= certificate.notAfter);
  const code = early ? 'not-yet-valid' : expired ? 'expired' : maySign(der) ? 'ok' : 'key-usage';
  const findings: Finding[] = [];
  if (code !== 'ok') {
    const message =
      code === 'key-usage'
        ? 'The trusted certificate may not sign records.'
        : 'The trusted certificate was not valid at the time of checking.';
    findings.push({ code: `path-${code}`, message, object: id, severity: 'error' });
  }
  const who = signerName(certificate);
  return {
    verdict: code === 'ok' ? 'TOTAL-PASSED' : 'INDETERMINATE',
    ...(code === 'ok' ? {} : { subIndication: SUB_INDICATION[code] }),
    code,
    path: [id],
    findings,
    name: who.name,
    subject: who.subject,
    organization: who.organization ?? null,
    uscc: who.uscc ?? null,
    id,
    issuerKey: null,
    pilot: trust.bundle?.pilot ?? false,
  };
}

const SUB_INDICATION = {
  'not-yet-valid': 'NOT_YET_VALID',
  expired: 'OUT_OF_BOUNDS_NO_POE',
  'key-usage': 'CHAIN_CONSTRAINTS_FAILURE',
} as const;

/** digitalSignature or nonRepudiation (the first two bits), where key usage is limited at all. */
function maySign(der: Uint8Array): boolean {
  const extension = readCertificate(der).extensions.get(EXTENSION.keyUsage);
  if (!extension) return true;
  const node = readDer(extension.value);
  const bits = node.tag === TAG.BIT_STRING ? (node.value[1] ?? 0) : 0;
  return (bits & 0xc0) !== 0;
}
