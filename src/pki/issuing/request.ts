/** Certificate requests: PKCS #10 (RFC 2986), written for an outside CA and read by our own. */
import {
  bitStringOf,
  type DerNode,
  derWrite,
  expect,
  Malformed,
  oidOf,
  type PublicKey,
  readDer,
  readPublicKey,
  smallIntegerOf,
  TAG,
  verifySignature,
} from '../../crypto/index.ts';
import { readName } from '../name.ts';
import { type KeySigner, sign } from './certificate.ts';
import { type Subject, subjectOf, writeSubject } from './subject.ts';

export interface CertificateRequest {
  subject: Subject;
  /** SubjectPublicKeyInfo, DER. */
  spki: Uint8Array;
  publicKey: PublicKey;
  /** OIDs of the attributes; a CA of ours decides the extensions itself and honours none. */
  attributes: string[];
}

export type RequestResult =
  | { ok: true; request: CertificateRequest }
  /** `malformed`, `unsupported-alg`, or `bad-signature`: the key was not proven to be in hand. */
  | { ok: false; code: 'malformed' | 'unsupported-alg' | 'bad-signature' };

const MAX_BYTES = 65_536;

/** A request for `subject`, signed by the key itself. @throws {Malformed} `issue-subject` */
export async function createCsr(options: {
  subject: Subject;
  key: KeySigner;
}): Promise<Uint8Array> {
  const info = derWrite.sequence(
    derWrite.integer(0),
    writeSubject(options.subject),
    options.key.spki,
    derWrite.context(0),
  );
  return sign(info, options.key);
}

/** Reads a request and checks proof of possession: the signature by the key that it names. */
export async function readCsr(der: Uint8Array): Promise<RequestResult> {
  try {
    const { request, info, algorithm, signature } = readRequest(der);
    const { valid, code } = await verifySignature({
      spki: request.spki,
      algorithm,
      signature,
      data: info,
    });
    return valid ? { ok: true, request } : { ok: false, code: code ?? 'bad-signature' };
  } catch (error) {
    const unsupported = error instanceof Malformed && error.code === 'unsupported-alg';
    return { ok: false, code: unsupported ? 'unsupported-alg' : 'malformed' };
  }
}

function readRequest(der: Uint8Array) {
  if (der.length > MAX_BYTES) throw new Malformed('csr-size', 'too large');
  const [info, algorithm, signature, extra] = children(readDer(der), 'CertificationRequest');
  const [version, subject, key, attributes, more] = children(info, 'CertificationRequestInfo');
  if (extra || more) throw new Malformed('csr-form', 'unexpected field');
  if (smallIntegerOf(version) !== 0) throw new Malformed('csr-version', 'version 1 only');
  const spki = expect(key, TAG.SEQUENCE, 'subjectPKInfo').raw;
  const request: CertificateRequest = {
    subject: subjectOf(readName(subject)),
    spki,
    publicKey: readPublicKey(spki),
    attributes: readAttributes(expect(attributes, 0xa0, 'attributes')),
  };
  return {
    request,
    info: (info as DerNode).raw,
    algorithm: expect(algorithm, TAG.SEQUENCE, 'signatureAlgorithm').raw,
    signature: bitStringOf(signature),
  };
}

/** Attributes ::= SET OF { type, SET OF value }, no type twice. */
function readAttributes(list: DerNode): string[] {
  const types = list.children.map((attribute) => {
    const [type, values, extra] = children(attribute, 'Attribute');
    if (extra || expect(values, TAG.SET, 'values').children.length === 0) {
      throw new Malformed('csr-attribute', 'type and at least one value', attribute.at);
    }
    return oidOf(type);
  });
  if (new Set(types).size !== types.length) throw new Malformed('csr-attribute', 'type twice');
  return types;
}

const children = (node: DerNode | undefined, what: string) =>
  expect(node, TAG.SEQUENCE, what).children;
