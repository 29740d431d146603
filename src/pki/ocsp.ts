/** OCSP responses (RFC 6960 4.2), read strictly into plain values. */
import {
  bitStringOf,
  type DerNode,
  type DigestName,
  digestOf,
  expect,
  integerOf,
  Malformed,
  oidOf,
  readDer,
  readSignatureAlgorithm,
  type SignatureAlgorithm,
  smallIntegerOf,
  TAG,
} from '../crypto/index.ts';
import { readExtensions } from './certificate.ts';
import type { Signed } from './fields.ts';
import { readName } from './name.ts';
import { nameKey } from './name-match.ts';
import { readTime } from './time.ts';

export interface SingleResponse {
  readonly hash: DigestName;
  readonly issuerNameHash: Uint8Array;
  readonly issuerKeyHash: Uint8Array;
  readonly serial: Uint8Array;
  readonly status: 'good' | 'revoked' | 'unknown';
  /** Milliseconds; of a revoked certificate. */
  readonly revokedAt: number;
  readonly reason: number;
  readonly thisUpdate: number;
  readonly nextUpdate: number | null;
  readonly unknownCritical: boolean;
}

export interface OcspResponse extends Signed {
  readonly algorithm: SignatureAlgorithm | null;
  readonly responder: { readonly nameKey: string } | { readonly keyHash: Uint8Array };
  /** Milliseconds. */
  readonly producedAt: number;
  readonly responses: readonly SingleResponse[];
  /** Certificates that came along, DER. */
  readonly certificates: readonly Uint8Array[];
  readonly unknownCritical: boolean;
}

const BASIC = '1.3.6.1.5.5.7.48.1.1';
/** Signed certificate timestamps (RFC 6962 3.3): read by those who care, no bearing on status. */
const KNOWN_EXTENSIONS: readonly string[] = ['1.3.6.1.4.1.11129.2.4.5'];

/**
 * @throws {Malformed} for anything but one successful response of the basic type; `ocsp-status` for
 * an answer that carries no status.
 */
export function readOcspResponse(der: Uint8Array): OcspResponse {
  const [status, wrapper, extra] = expect(readDer(der), TAG.SEQUENCE, 'OCSPResponse').children;
  if (extra) throw new Malformed('ocsp-form', 'OCSPResponse has two parts', extra.at);
  if (smallIntegerOf(expect(status, TAG.ENUMERATED, 'responseStatus')) !== 0) {
    throw new Malformed('ocsp-status', 'not successful');
  }
  const bytes = expect(only(expect(wrapper, 0xa0, 'responseBytes')), TAG.SEQUENCE, 'ResponseBytes');
  const [type, content] = bytes.children;
  if (bytes.children.length !== 2 || oidOf(type) !== BASIC) {
    throw new Malformed('ocsp-form', 'not a basic response', bytes.at);
  }
  return readBasic(expect(content, TAG.OCTET_STRING, 'response').value);
}

function only(node: DerNode): DerNode {
  const [child, extra] = node.children;
  if (!child || extra) throw new Malformed('ocsp-form', 'one value expected', node.at);
  return child;
}

function readBasic(der: Uint8Array): OcspResponse {
  const parts = [...expect(readDer(der), TAG.SEQUENCE, 'BasicOCSPResponse').children];
  const tbs = expect(parts.shift(), TAG.SEQUENCE, 'tbsResponseData');
  const algorithm = expect(parts.shift(), TAG.SEQUENCE, 'signatureAlgorithm');
  const signature = bitStringOf(parts.shift());
  const certs = parts[0]?.tag === 0xa0 ? only(parts.shift() as DerNode) : null;
  if (parts.length > 0) throw new Malformed('ocsp-form', 'unexpected field', parts[0]?.at);
  const data = [...tbs.children];
  if (data[0]?.tag === 0xa0 && integerOf(only(data.shift() as DerNode)) !== 0n) {
    throw new Malformed('ocsp-form', 'version 1 expected', tbs.at);
  }
  const responder = readResponder(data.shift());
  const producedAt = readTime(expect(data.shift(), TAG.GENERALIZED_TIME, 'producedAt'));
  const singles = expect(data.shift(), TAG.SEQUENCE, 'responses').children;
  const unknownCritical = readTail(data);
  return {
    tbs: tbs.raw,
    signatureAlgorithm: algorithm.raw,
    signature,
    algorithm: algorithmOf(algorithm.raw),
    responder,
    producedAt,
    responses: singles.map(readSingle),
    certificates: certs
      ? expect(certs, TAG.SEQUENCE, 'certs').children.map((node) => node.raw)
      : [],
    unknownCritical,
  };
}

function algorithmOf(der: Uint8Array): SignatureAlgorithm | null {
  try {
    return readSignatureAlgorithm(der);
  } catch {
    return null;
  }
}

function readResponder(node: DerNode | undefined): OcspResponse['responder'] {
  if (node?.tag === 0xa1) return { nameKey: nameKey(readName(only(node))) };
  const keyHash = expect(
    only(expect(node, 0xa2, 'responderID')),
    TAG.OCTET_STRING,
    'KeyHash',
  ).value;
  if (keyHash.length !== 20) throw new Malformed('ocsp-form', 'KeyHash is SHA-1', node?.at);
  return { keyHash };
}

/** `[1]` extensions at the end. @returns whether a critical one is unknown */
function readTail(parts: DerNode[]): boolean {
  const wrapper = parts[0]?.tag === 0xa1 ? parts.shift() : undefined;
  if (parts.length > 0) throw new Malformed('ocsp-form', 'unexpected field', parts[0]?.at);
  const extensions = wrapper ? [...readExtensions(only(wrapper)).values()] : [];
  return extensions.some(({ oid, critical }) => critical && !KNOWN_EXTENSIONS.includes(oid));
}

function readSingle(node: DerNode): SingleResponse {
  const parts = [...expect(node, TAG.SEQUENCE, 'SingleResponse').children];
  const id = expect(parts.shift(), TAG.SEQUENCE, 'certID').children;
  if (id.length !== 4) throw new Malformed('ocsp-form', 'CertID has four parts', node.at);
  const status = readStatus(parts.shift());
  const thisUpdate = readTime(expect(parts.shift(), TAG.GENERALIZED_TIME, 'thisUpdate'));
  const next = parts[0]?.tag === 0xa0 ? only(parts.shift() as DerNode) : null;
  return {
    hash: digestOf(id[0]),
    issuerNameHash: expect(id[1], TAG.OCTET_STRING, 'issuerNameHash').value,
    issuerKeyHash: expect(id[2], TAG.OCTET_STRING, 'issuerKeyHash').value,
    serial: expect(id[3], TAG.INTEGER, 'serialNumber').value,
    ...status,
    thisUpdate,
    nextUpdate: next ? readTime(expect(next, TAG.GENERALIZED_TIME, 'nextUpdate')) : null,
    unknownCritical: readTail(parts),
  };
}

function readStatus(
  node: DerNode | undefined,
): Pick<SingleResponse, 'status' | 'revokedAt' | 'reason'> {
  if (node?.tag === 0xa1) {
    const [time, wrapper, extra] = node.children;
    if (extra) throw new Malformed('ocsp-form', 'RevokedInfo', extra.at);
    const reason = wrapper
      ? smallIntegerOf(expect(only(expect(wrapper, 0xa0, 'reason')), TAG.ENUMERATED, 'CRLReason'))
      : 0;
    if (reason > 10 || reason === 7) throw new Malformed('ocsp-form', 'CRLReason', node.at);
    return { status: 'revoked', revokedAt: readTime(time), reason };
  }
  if ((node?.tag === 0x80 || node?.tag === 0x82) && node.value.length === 0) {
    return { status: node.tag === 0x80 ? 'good' : 'unknown', revokedAt: 0, reason: 0 };
  }
  throw new Malformed('ocsp-form', 'certStatus', node?.at);
}
