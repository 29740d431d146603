/**
 * Reading AuthEnvelopedData, strictly: one form, AES-256-GCM or SM4-GCM with a 16-octet tag, no
 * attributes; in an envelope of either suite every key travels as that suite has it.
 */
import {
  bitStringOf,
  concat,
  type Decrypter,
  type DerNode,
  equal,
  expect,
  type KeyDecrypter,
  Malformed,
  oidOf,
  owned,
  readAlgorithmIdentifier,
  readPublicKey,
  smallIntegerOf,
  TAG,
} from '../crypto/index.ts';
import { readCertificate } from '../pki/index.ts';
import {
  KEY_IDENTIFIER,
  keyIdentifier,
  MAX_RECIPIENTS,
  OAEP_SHA256,
  SM2_ENCRYPTION,
} from './encrypt.ts';
import { AES_WRAP, checkPoint, wrappingKey } from './key-agreement.ts';
import { OID } from './oids.ts';
import { readContentInfo, readIssuerAndSerial } from './signed-data.ts';

export type Recipient =
  | {
      /** Name of the certificate's issuer, DER. */
      readonly issuer: Uint8Array;
      /** Value octets of the certificate's serial number. */
      readonly serial: Uint8Array;
    }
  /** First 20 octets of the digest of the recipient's SubjectPublicKeyInfo. */
  | { readonly keyIdentifier: Uint8Array };

/** Somebody reached by key agreement: the ephemeral point and the wrapped content key. */
interface Agreement {
  readonly recipient: Recipient;
  readonly point: Uint8Array;
  readonly wrapped: Uint8Array;
}

/** Somebody reached by key transport: the content key under an RSA or SM2 key. */
interface Transport {
  readonly recipient: Recipient;
  readonly algorithm: Uint8Array;
  readonly encryptedKey: Uint8Array;
}

interface Envelope {
  readonly recipients: readonly (Transport | Agreement)[];
  /** Content encryption. */
  readonly cipher: string;
  readonly nonce: Uint8Array;
  readonly ciphertext: Uint8Array;
  readonly mac: Uint8Array;
}

/**
 * Who can decrypt, by issuer and serial number of their certificates, or by key identifier.
 * @throws {Malformed} for anything but AuthEnvelopedData of the form that `encryptTo` writes.
 */
export function recipientsOf(der: Uint8Array): Recipient[] {
  return readEnvelope(der).recipients.map(({ recipient }) => recipient);
}

/**
 * @throws {Malformed} `cms-not-recipient` where the decrypter's certificate or key is not among
 * the recipients, `unsupported-alg` for OAEP of other digests, `cms-decrypt` where key, ciphertext or tag do not fit, other codes
 * for a broken form. What the decrypter throws of itself (a locked key) passes through.
 */
export async function decryptWith(
  der: Uint8Array,
  decrypter: Decrypter | KeyDecrypter,
): Promise<Uint8Array> {
  const envelope = readEnvelope(der);
  return openWith(envelope, await keyIn(envelope, decrypter));
}

/**
 * The key of a content, for somebody else who is to open it as it stands: 32 octets, 16 for SM4.
 * @throws {Malformed} as {@link decryptWith}
 */
export function contentKeyOf(
  der: Uint8Array,
  decrypter: Decrypter | KeyDecrypter,
): Promise<Uint8Array> {
  return keyIn(readEnvelope(der), decrypter);
}

/**
 * Opens with a content key that somebody handed on.
 * @throws {Malformed} `cms-decrypt` where it does not fit, other codes for a broken form
 */
export async function decryptWithKey(der: Uint8Array, key: Uint8Array): Promise<Uint8Array> {
  return openWith(readEnvelope(der), key.slice());
}

async function keyIn(envelope: Envelope, decrypter: Decrypter | KeyDecrypter): Promise<Uint8Array> {
  const { spki, is } = await identify(decrypter);
  const found = envelope.recipients.find(({ recipient }) => is(recipient));
  if (!found) throw new Malformed('cms-not-recipient', 'not encrypted to this certificate');
  if ('point' in found) return agreedKey(found, spki, decrypter);
  if (envelope.cipher !== OID.sm4Gcm) return transportedKey(found, decrypter);
  const key = await decrypter.open?.(found.encryptedKey);
  if (!key) throw doesNotDecrypt();
  return key;
}

/** @param key wiped afterwards */
async function openWith(
  { cipher, nonce, ciphertext, mac }: Envelope,
  key: Uint8Array,
): Promise<Uint8Array> {
  const sealed = concat(ciphertext, mac);
  if (cipher === OID.sm4Gcm) return (await import('./sm-envelope.ts')).smOpen(key, nonce, sealed);
  try {
    const usable = await crypto.subtle.importKey('raw', owned(key), 'AES-GCM', false, ['decrypt']);
    const algorithm = { name: 'AES-GCM', iv: owned(nonce), tagLength: 128 };
    return new Uint8Array(await crypto.subtle.decrypt(algorithm, usable, sealed));
  } catch {
    throw doesNotDecrypt();
  } finally {
    key.fill(0);
  }
}

/** The decrypter's key, and which recipient he is. */
async function identify(decrypter: Decrypter | KeyDecrypter) {
  if ('spki' in decrypter) {
    const { spki } = decrypter;
    const own = await keyIdentifier(spki);
    const is = (r: Recipient) => 'keyIdentifier' in r && equal(r.keyIdentifier, own);
    return { spki, is };
  }
  const { spki, serial, issuer } = readCertificate(decrypter.certificate);
  const is = (r: Recipient) =>
    'serial' in r && equal(r.serial, serial) && equal(r.issuer, issuer.raw);
  return { spki, is };
}

const doesNotDecrypt = () => new Malformed('cms-decrypt', 'the content does not decrypt');

async function agreedKey(
  { point, wrapped }: Agreement,
  spki: Uint8Array,
  decrypter: Pick<Decrypter, 'agree'>,
): Promise<Uint8Array> {
  const key = readPublicKey(spki);
  if (key.kind !== 'EC' || key.point.length !== point.length) {
    throw new Malformed('cms-decrypt', 'the ephemeral key is of another curve');
  }
  await checkPoint(key.curve, point);
  const kek = await wrappingKey(await decrypter.agree(point));
  try {
    const octets = owned(wrapped);
    const key = await crypto.subtle.unwrapKey('raw', octets, kek, 'AES-KW', 'AES-GCM', true, [
      'decrypt',
    ]);
    return new Uint8Array(await crypto.subtle.exportKey('raw', key));
  } catch {
    throw doesNotDecrypt();
  }
}

/** One answer for everything that does not open, so that nobody learns from the difference. */
async function transportedKey(
  { algorithm, encryptedKey }: Transport,
  decrypter: Pick<Decrypter, 'open'>,
): Promise<Uint8Array> {
  if (!OAEP_SHA256.some((known) => equal(algorithm, known))) {
    throw new Malformed('unsupported-alg', 'OAEP with other parameters');
  }
  const content = await decrypter.open?.(encryptedKey);
  if (content?.length !== 32) throw doesNotDecrypt();
  return content;
}

function readEnvelope(der: Uint8Array): Envelope {
  const { type, content } = readContentInfo(der, {});
  if (type !== OID.authEnvelopedData) throw new Malformed('cms-content-type', 'not enveloped');
  const parts = expect(content, TAG.SEQUENCE, 'AuthEnvelopedData').children;
  const [version, infos, encrypted, mac] = parts;
  if (parts.length !== 4 || smallIntegerOf(version) !== 0) {
    throw new Malformed('cms-form', 'AuthEnvelopedData of another form', content.at);
  }
  const list = expect(infos, TAG.SET, 'recipientInfos').children;
  if (list.length < 1 || list.length > MAX_RECIPIENTS) {
    throw new Malformed('cms-recipients', 'number of recipients', content.at);
  }
  const tag = expect(mac, TAG.OCTET_STRING, 'mac').value;
  if (tag.length !== 16) throw new Malformed('cms-form', 'mac of 16 octets', mac?.at);
  const inside = readEncryptedContent(encrypted);
  const recipients = list.flatMap(readRecipientInfo);
  const chinese = inside.cipher === OID.sm4Gcm;
  if (recipients.some((each) => isSm2Transport(each) !== chinese)) {
    throw new Malformed('unsupported-alg', 'an envelope of two suites', content.at);
  }
  return { recipients, ...inside, mac: tag };
}

const isSm2Transport = (recipient: Transport | Agreement): boolean =>
  'encryptedKey' in recipient && equal(recipient.algorithm, SM2_ENCRYPTION);

/** {data, {AES-256-GCM or SM4-GCM, {nonce 12 octets, tag length 16}}, [0] IMPLICIT ciphertext}. */
function readEncryptedContent(node: DerNode | undefined) {
  const parts = expect(node, TAG.SEQUENCE, 'authEncryptedContentInfo').children;
  const [type, algorithm, ciphertext] = parts;
  const { oid, parameters } = readAlgorithmIdentifier(algorithm);
  if (oid !== OID.aes256Gcm && oid !== OID.sm4Gcm)
    throw new Malformed('unsupported-alg', `content encryption ${oid}`);
  const [nonce, icv, more] = expect(parameters, TAG.SEQUENCE, 'GCMParameters').children;
  const iv = expect(nonce, TAG.OCTET_STRING, 'nonce').value;
  const fits = parts.length === 3 && oidOf(type) === OID.data && ciphertext?.tag === 0x80;
  if (!fits || !ciphertext || more || iv.length !== 12 || smallIntegerOf(icv) !== 16) {
    throw new Malformed('cms-form', 'encrypted content of another form', node?.at);
  }
  return { cipher: oid, nonce: iv, ciphertext: ciphertext.value };
}

function readRecipientInfo(node: DerNode): (Transport | Agreement)[] {
  if (node.tag === TAG.SEQUENCE) return [readKeyTransport(node)];
  if (node.tag === 0xa1) return readKeyAgreement(node);
  throw new Malformed('cms-form', 'recipient of another kind', node.at);
}

function readKeyTransport(node: DerNode): Transport {
  const [version, id, algorithm, wrapped, more] = node.children;
  const encryptedKey = expect(wrapped, TAG.OCTET_STRING, 'encryptedKey').value;
  const keyed = id?.tag === 0x80;
  if (more || smallIntegerOf(version) !== (keyed ? 2 : 0)) {
    throw new Malformed('cms-form', 'ktri', node.at);
  }
  const known =
    algorithm &&
    (equal(algorithm.raw, SM2_ENCRYPTION) ||
      readAlgorithmIdentifier(algorithm).oid === OID.rsaesOaep);
  if (!known) {
    throw new Malformed('unsupported-alg', 'key transport by other means', node.at);
  }
  const recipient = keyed ? readKeyIdentifier(id) : readIssuerAndSerial(id);
  return { recipient, algorithm: algorithm.raw, encryptedKey };
}

function readKeyAgreement(node: DerNode): Agreement[] {
  const [version, originator, algorithm, keys, more] = node.children;
  if (more || smallIntegerOf(version) !== 3) throw new Malformed('cms-form', 'kari', node.at);
  const { oid, parameters } = readAlgorithmIdentifier(algorithm);
  if (oid !== OID.ecdhSha256 || !parameters || !equal(parameters.raw, AES_WRAP)) {
    throw new Malformed('unsupported-alg', `key agreement ${oid}`, node.at);
  }
  const point = readOriginator(originator);
  return expect(keys, TAG.SEQUENCE, 'recipientEncryptedKeys').children.map((entry) => {
    const [id, wrapped, extra] = expect(entry, TAG.SEQUENCE, 'RecipientEncryptedKey').children;
    const { value } = expect(wrapped, TAG.OCTET_STRING, 'encryptedKey');
    if (extra || value.length !== 40) throw new Malformed('cms-form', 'wrapped key', entry.at);
    return { recipient: readRecipientIdentifier(id), point, wrapped: value };
  });
}

/** KeyAgreeRecipientIdentifier: a certificate, or [0] { subjectKeyIdentifier } without more. */
function readRecipientIdentifier(node: DerNode | undefined): Recipient {
  if (node?.tag !== 0xa0) return readIssuerAndSerial(node);
  const [id, more] = node.children;
  if (more) throw new Malformed('cms-form', 'rKeyId', node.at);
  return readKeyIdentifier(expect(id, TAG.OCTET_STRING, 'subjectKeyIdentifier'));
}

function readKeyIdentifier({ value, at }: DerNode): Recipient {
  if (value.length !== KEY_IDENTIFIER) throw new Malformed('cms-form', 'key identifier', at);
  return { keyIdentifier: value };
}

/** [0] EXPLICIT [1] OriginatorPublicKey; the curve is the recipient's. */
function readOriginator(node: DerNode | undefined): Uint8Array {
  const inner = expect(expect(node, 0xa0, 'originator').children[0], 0xa1, 'originatorKey');
  const [algorithm, point, more] = inner.children;
  const key = bitStringOf(point);
  const known = readAlgorithmIdentifier(algorithm).oid === OID.ecPublicKey;
  if (more || !known || node?.children.length !== 1 || key[0] !== 4) {
    throw new Malformed('cms-form', 'ephemeral key', node?.at);
  }
  return key;
}
