/** SES_Signature: a document stamped with a seal (GM/T 0031-2014, GB/T 38540-2020). */
import {
  bitStringOf,
  type DerNode,
  expect,
  fromUtf8,
  Malformed,
  oidOf,
  readDer,
  smallIntegerOf,
  TAG,
} from '../../crypto/index.ts';
import { readTime } from '../../pki/index.ts';
import { parts, readExtensionDatas, type SealExtension, text } from './seal-info.ts';
import { DER_LIMITS, type SESeal, sealOf, taggedBits } from './ses-seal.ts';

export interface SESSignature {
  readonly seal: SESeal;
  /** Original bytes of TBS_Sign: what the signer signs. */
  readonly signed: Uint8Array;
  readonly version: number;
  /** The time the signer claims, ISO 8601; null where it cannot be read. */
  readonly time: string | null;
  /** Version 1: octets of timeInfo where they are no readable time; a time stamp token perhaps. */
  readonly timeInfo: Uint8Array | null;
  /** Digest of the protected content. */
  readonly dataHash: Uint8Array;
  /** Says what was protected: a path in an OFD, free text elsewhere. */
  readonly propertyInfo: string;
  readonly certificate: Uint8Array;
  readonly signatureAlgorithm: string;
  readonly signature: Uint8Array;
  readonly extensions: readonly SealExtension[];
  /** A time stamp token over the signature value. */
  readonly timeStamp: Uint8Array | null;
  readonly notes: readonly string[];
}

const MAX_BYTES = 6 * 1024 * 1024;

/**
 * Reads exactly one SES_Signature.
 * @throws {Malformed} `der-trailing`, `signature-version`, or another code for what is broken.
 */
export function readSealSignature(der: Uint8Array): SESSignature {
  if (der.length > MAX_BYTES) throw new Malformed('signature-size', 'signature is too large');
  const { children, at } = expect(readDer(der, DER_LIMITS), TAG.SEQUENCE, 'SES_Signature');
  if (children.length === 2) return readVersion1(children);
  if (children.length !== 4 && children.length !== 5) {
    throw new Malformed('signature-version', `SES_Signature has ${children.length} elements`, at);
  }
  const [toSign, cert, algorithm, value, stamp] = children;
  const tbs = expect(toSign, TAG.SEQUENCE, 'TBS_Sign');
  const [version, eseal, timeInfo, dataHash, propertyInfo, extDatas] = tbs.children;
  if (tbs.children.length < 5 || tbs.children.length > 6) {
    throw new Malformed('signature-form', `TBS_Sign has ${tbs.children.length} elements`, tbs.at);
  }
  const seal = sealOf(eseal);
  if (seal.version === 1) throw new Malformed('signature-version', 'seal of version 1 inside');
  const notes: string[] = [];
  return {
    seal,
    signed: tbs.raw,
    version: smallIntegerOf(version),
    time: new Date(readTime(expect(timeInfo, TAG.GENERALIZED_TIME, 'timeInfo'))).toISOString(),
    timeInfo: null,
    dataHash: bitStringOf(dataHash),
    propertyInfo: text(propertyInfo, 'propertyInfo'),
    certificate: expect(cert, TAG.OCTET_STRING, 'cert').value,
    signatureAlgorithm: oidOf(algorithm),
    signature: bitStringOf(value),
    extensions: extDatas ? readExtensionDatas(extDatas, notes) : [],
    timeStamp: stamp ? taggedBits(stamp) : null,
    notes,
  };
}

function readVersion1([toSign, signature]: readonly DerNode[]): SESSignature {
  const tbs = expect(toSign, TAG.SEQUENCE, 'TBS_Sign');
  const [version, eseal, timeInfo, dataHash, propertyInfo, cert, algorithm] = parts(
    tbs,
    7,
    'TBS_Sign',
  );
  const seal = sealOf(eseal);
  if (seal.version !== 1)
    throw new Malformed('signature-version', 'seal of a later version inside');
  const octets = bitsOrOctets(timeInfo);
  const time = claimedTime(octets);
  return {
    seal,
    signed: tbs.raw,
    version: smallIntegerOf(version),
    time,
    timeInfo: time === null ? octets : null,
    dataHash: bitsOrOctets(dataHash),
    propertyInfo: text(propertyInfo, 'propertyInfo'),
    certificate: expect(cert, TAG.OCTET_STRING, 'cert').value,
    signatureAlgorithm: oidOf(algorithm),
    signature: bitStringOf(signature),
    extensions: [],
    timeStamp: null,
    notes: [],
  };
}

function bitsOrOctets(node: DerNode | undefined): Uint8Array {
  return node?.tag === TAG.OCTET_STRING ? node.value : bitStringOf(node);
}

/** timeInfo of version 1: a time value in DER, or ISO text as real producers write it. */
function claimedTime(octets: Uint8Array): string | null {
  try {
    return new Date(readTime(readDer(octets, { maxDepth: 1 }))).toISOString();
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
  }
  const written = fromUtf8(octets) ?? '';
  const match = /^(\d{4}-\d\d-\d\d)([T ])(\d\d:\d\d:\d\d)(\.\d{1,3})?(Z?)$/.exec(written);
  // Without a Z the zone is unknown, and so is the time.
  if (match?.[5] !== 'Z') return null;
  const iso = `${match[1]}T${match[3]}${match[4] ?? ''}Z`;
  const time = Date.parse(iso);
  if (Number.isNaN(time) || !new Date(time).toISOString().startsWith(iso.slice(0, 19))) return null;
  return new Date(time).toISOString();
}
