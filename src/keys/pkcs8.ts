/** Private keys of the two suites as PrivateKeyInfo (RFC 5208) around ECPrivateKey (RFC 5915). */
import {
  type Bytes,
  bitStringOf,
  type DerNode,
  derWrite,
  expect,
  Malformed,
  oidOf,
  readDer,
  type Suite,
  smallIntegerOf,
  TAG,
} from '../crypto/index.ts';

const EC_PUBLIC_KEY = '1.2.840.10045.2.1';
const CURVES: Record<Suite, string> = {
  'P-256': '1.2.840.10045.3.1.7',
  SM2: '1.2.156.10197.1.301',
};
const SIZE = 32;

const algorithm = (suite: Suite) =>
  derWrite.sequence(derWrite.oid(EC_PUBLIC_KEY), derWrite.oid(CURVES[suite]));

/** SubjectPublicKeyInfo of an uncompressed point. */
export const spkiOf = (suite: Suite, point: Uint8Array): Bytes =>
  derWrite.sequence(algorithm(suite), derWrite.bitString(point));

/** PrivateKeyInfo with the public key inside, which Safari's WebCrypto insists on. */
export function pkcs8Of(suite: Suite, scalar: Uint8Array, point: Uint8Array): Bytes {
  const ecPrivateKey = derWrite.sequence(
    derWrite.integer(1),
    derWrite.octetString(scalar),
    derWrite.context(1, derWrite.bitString(point)),
  );
  return derWrite.sequence(
    derWrite.integer(0),
    algorithm(suite),
    derWrite.octetString(ecPrivateKey),
  );
}

export interface EcPrivateKey {
  suite: Suite;
  /** 32 octets, a view of the input. */
  scalar: Uint8Array;
  /** Uncompressed point where the file states it. */
  point: Uint8Array | null;
}

/**
 * @throws {Malformed} `unsupported-alg` for other key kinds (RSA among them) and other curves,
 * `pkcs8-*` and `der-*` for broken structures. That the point belongs to the scalar is checked by
 * whoever computes with them.
 */
export function readPkcs8(der: Uint8Array): EcPrivateKey {
  const [version, kind, key, ...rest] = children(readDer(der), 'PrivateKeyInfo');
  if (smallIntegerOf(version) > 1) throw new Malformed('pkcs8-version', 'version 0 or 1');
  if (rest.some((node) => node.tag !== 0xa0 && node.tag !== 0x81)) {
    throw new Malformed('pkcs8-form', 'unexpected field');
  }
  const [type, parameters] = children(kind, 'privateKeyAlgorithm');
  if (oidOf(type) !== EC_PUBLIC_KEY || parameters?.tag !== TAG.OID) {
    throw new Malformed('unsupported-alg', 'not an elliptic curve key');
  }
  const curve = oidOf(parameters);
  const suite = curve === CURVES.SM2 ? 'SM2' : curve === CURVES['P-256'] ? 'P-256' : null;
  if (!suite) throw new Malformed('unsupported-alg', `curve ${curve}`);
  return { suite, ...readEcPrivateKey(expect(key, TAG.OCTET_STRING, 'privateKey').value) };
}

function readEcPrivateKey(der: Uint8Array): { scalar: Uint8Array; point: Uint8Array | null } {
  const [version, octets, ...rest] = children(readDer(der), 'ECPrivateKey');
  if (smallIntegerOf(version) !== 1) throw new Malformed('pkcs8-version', 'ECPrivateKey version');
  let scalar = expect(octets, TAG.OCTET_STRING, 'privateKey').value;
  // Some writers keep the sign octet of an INTEGER, or drop leading zeros.
  if (scalar.length === SIZE + 1 && scalar[0] === 0) scalar = scalar.subarray(1);
  if (scalar.length > SIZE || scalar.every((byte) => byte === 0)) {
    throw new Malformed('pkcs8-scalar', 'private key out of range');
  }
  if (scalar.length < SIZE) {
    const padded = new Uint8Array(SIZE);
    padded.set(scalar, SIZE - scalar.length);
    scalar = padded;
  }
  const wrapper = rest.find((node) => node.tag === 0xa1);
  if (!wrapper) return { scalar, point: null };
  const point = bitStringOf(wrapper.children[0]);
  if (point.length !== 1 + 2 * SIZE || point[0] !== 4) {
    throw new Malformed('unsupported-alg', 'compressed point');
  }
  return { scalar, point };
}

const children = (node: DerNode | undefined, what: string) =>
  expect(node, TAG.SEQUENCE, what).children;
