/**
 * SESeal: the seal as its maker issued it. Versions 1 (GM/T 0031-2014), 4 (GB/T 38540-2020) and
 * 5 (GM/T 0031-2025) are told by their structure.
 */
import {
  bitStringOf,
  type DerNode,
  derWrite,
  expect,
  Malformed,
  oidOf,
  readDer,
  TAG,
} from '../../crypto/index.ts';
import { parts, readSealInfo, type SealInfo } from './seal-info.ts';

export interface SESeal {
  /** The whole seal as read. */
  readonly der: Uint8Array;
  readonly version: 1 | 4 | 5;
  readonly info: SealInfo;
  /** Certificate of the maker, as it stands in the seal. */
  readonly makerCertificate: Uint8Array;
  /** Signature algorithm, dotted. */
  readonly signatureAlgorithm: string;
  readonly signature: Uint8Array;
  /** The message that the maker signed, assembled from the original bytes. */
  readonly signed: Uint8Array;
  /** Version 5: a time stamp over the signature value, not judged here. */
  readonly timeStamp: Uint8Array | null;
}

/** Largest seal that is read: a picture of several hundred kB fits. */
export const MAX_SEAL_BYTES = 4 * 1024 * 1024;
export const DER_LIMITS = { maxDepth: 16, maxNodes: 4096 };

/**
 * Reads exactly one SESeal.
 * @throws {Malformed} `der-trailing` for bytes left over, `seal-version` for an unknown element
 * count, other codes for what is broken.
 */
export function readSeal(der: Uint8Array): SESeal {
  if (der.length > MAX_SEAL_BYTES) throw new Malformed('seal-size', 'seal is too large');
  return sealOf(readDer(der, DER_LIMITS));
}

/** The same for a seal inside another structure. */
export function sealOf(node: DerNode | undefined): SESeal {
  const { children, raw, at } = expect(node, TAG.SEQUENCE, 'SESeal');
  if (children.length === 2) return readVersion1(raw, children);
  if (children.length !== 4 && children.length !== 5) {
    throw new Malformed('seal-version', `SESeal has ${children.length} elements`, at);
  }
  const [esealInfo, cert, algorithm, value, stamp] = children;
  const info = readSealInfo(esealInfo, 4);
  return {
    der: raw,
    version: stamp || info.headerVersion === 5 ? 5 : 4,
    info,
    makerCertificate: expect(cert, TAG.OCTET_STRING, 'cert').value,
    signatureAlgorithm: oidOf(algorithm),
    signature: bitStringOf(value),
    signed: info.raw,
    timeStamp: stamp ? taggedBits(stamp) : null,
  };
}

/** Version 1 signs a new SEQUENCE around three original values. */
function readVersion1(der: Uint8Array, [esealInfo, signInfo]: readonly DerNode[]): SESeal {
  const info = readSealInfo(esealInfo, 1);
  const [cert, algorithm, value] = parts(signInfo, 3, 'SES_SignInfo');
  const certificate = expect(cert, TAG.OCTET_STRING, 'cert');
  const signatureAlgorithm = oidOf(algorithm);
  return {
    der,
    version: 1,
    info,
    makerCertificate: certificate.value,
    signatureAlgorithm,
    signature: bitStringOf(value),
    signed: derWrite.sequence(info.raw, certificate.raw, (algorithm as DerNode).raw),
    timeStamp: null,
  };
}

/** `[0] EXPLICIT BIT STRING`. */
export function taggedBits(node: DerNode): Uint8Array {
  if (node.tag !== 0xa0 || node.children.length !== 1) {
    throw new Malformed('seal-form', 'time stamp is not [0] EXPLICIT', node.at);
  }
  return bitStringOf(node.children[0]);
}
