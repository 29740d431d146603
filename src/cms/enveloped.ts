/**
 * Reading EnvelopedData (RFC 5652 6), as other software encrypts to certificates: AES in CBC mode,
 * the content key agreed by ECDH (RFC 5753), under RSAES-OAEP with SHA-256, or under
 * RSAES-PKCS1-v1_5 (RFC 8017 7.2), which is read and never written. Nothing here proves that a
 * content is whole: it is for keys whose use shows whether they are right.
 */
import {
  bitStringOf,
  concat,
  type Decrypter,
  type DerNode,
  type DigestName,
  derWrite,
  digest,
  equal,
  expect,
  Malformed,
  owned,
  readAlgorithmIdentifier,
  readPublicKey,
  TAG,
} from '../crypto/index.ts';
import { readCertificate } from '../pki/index.ts';
import { MAX_RECIPIENTS, OAEP_SHA256 } from './encrypt.ts';
import { checkPoint } from './key-agreement.ts';
import { OID } from './oids.ts';
import { readContentInfo, readIssuerAndSerial } from './signed-data.ts';

const ENVELOPED_DATA = '1.2.840.113549.1.7.3';
const SUBJECT_KEY_IDENTIFIER = '2.5.29.14';

/** dhSinglePass-stdDH of RFC 5753 7.1.4, by the digest of its key derivation. */
const AGREEMENTS: Readonly<Record<string, DigestName>> = {
  '1.3.133.16.840.63.0.2': 'SHA-1',
  [OID.ecdhSha256]: 'SHA-256',
  '1.3.132.1.11.2': 'SHA-384',
  '1.3.132.1.11.3': 'SHA-512',
};

/** Octets of the key of aes-wrap and of AES-CBC. */
const WRAPS: Readonly<Record<string, number>> = {
  '2.16.840.1.101.3.4.1.5': 16,
  '2.16.840.1.101.3.4.1.25': 24,
  [OID.aes256Wrap]: 32,
};
const CIPHERS: Readonly<Record<string, number>> = {
  '2.16.840.1.101.3.4.1.2': 16,
  '2.16.840.1.101.3.4.1.22': 24,
  '2.16.840.1.101.3.4.1.42': 32,
};

const doesNotDecrypt = () => new Malformed('cms-decrypt', 'the content does not decrypt');

/**
 * @throws {Malformed} `cms-not-recipient` where the certificate is not among the recipients,
 * `unsupported-alg` for algorithms other than those above, `cms-decrypt` where key and ciphertext
 * do not fit, other codes for a broken form. What the decrypter throws of itself passes through.
 */
export async function openEnveloped(ber: Uint8Array, decrypter: Decrypter): Promise<Uint8Array> {
  const { type, content } = readContentInfo(ber, { allowBer: true, allowTrailing: true });
  if (type !== ENVELOPED_DATA) throw new Malformed('cms-content-type', 'not enveloped');
  const parts = expect(content, TAG.SEQUENCE, 'EnvelopedData').children.slice(1);
  if (parts[0]?.tag === 0xa0) parts.shift();
  const infos = expect(parts[0], TAG.SET, 'recipientInfos').children;
  if (infos.length > MAX_RECIPIENTS) throw new Malformed('cms-recipients', 'too many recipients');
  const { iv, size, ciphertext } = readEncrypted(parts[1]);
  const is = naming(decrypter.certificate);
  for (const info of infos) {
    const key =
      info.tag === TAG.SEQUENCE
        ? await transported(info, is, decrypter, size)
        : info.tag === 0xa1
          ? await agreed(info, is, decrypter)
          : null;
    if (!key) continue;
    try {
      const plain = await crypto.subtle.decrypt({ name: 'AES-CBC', iv }, key, ciphertext);
      return new Uint8Array(plain);
    } catch {
      throw doesNotDecrypt();
    }
  }
  throw new Malformed('cms-not-recipient', 'not encrypted to this certificate');
}

function readEncrypted(node: DerNode | undefined) {
  const [, algorithm, content] = expect(node, TAG.SEQUENCE, 'encryptedContentInfo').children;
  const { oid, parameters } = readAlgorithmIdentifier(algorithm);
  const size = CIPHERS[oid];
  if (!size) throw new Malformed('unsupported-alg', `content encryption ${oid}`);
  const iv = expect(parameters, TAG.OCTET_STRING, 'initial value').value;
  // In BER the ciphertext may come in pieces.
  const pieces = content?.tag === 0xa0 ? content.children.map(({ value }) => value) : null;
  if (!content || iv.length !== 16 || (!pieces && content.tag !== 0x80)) {
    throw new Malformed('cms-form', 'encrypted content of another form', node?.at);
  }
  return { iv: owned(iv), size, ciphertext: owned(pieces ? concat(...pieces) : content.value) };
}

type Named = (id: DerNode | undefined) => boolean;

/** Whether an identifier names this certificate: by issuer and serial number, or its key identifier. */
function naming(certificate: Uint8Array): Named {
  const { serial, issuer, extensions } = readCertificate(certificate);
  const own = extensions.get(SUBJECT_KEY_IDENTIFIER)?.value;
  return (id) => {
    if (id?.tag === 0x80) return own !== undefined && equal(own.subarray(2), id.value);
    if (id?.tag === 0xa0) {
      const value = id.children[0]?.value;
      return own !== undefined && value !== undefined && equal(own.subarray(2), value);
    }
    const named = readIssuerAndSerial(id);
    return equal(named.serial, serial) && equal(named.issuer, issuer.raw);
  };
}

/** One answer for everything that does not open, so that nobody learns from the difference. */
async function transported(
  { children: [, id, algorithm, wrapped] }: DerNode,
  is: Named,
  decrypter: Decrypter,
  size: number,
): Promise<CryptoKey | null> {
  if (!is(id)) return null;
  const encrypted = expect(wrapped, TAG.OCTET_STRING, 'encryptedKey').value;
  const octets = OAEP_SHA256.some((known) => algorithm && equal(algorithm.raw, known))
    ? await decrypter.open?.(encrypted)
    : await openedPkcs1(algorithm, encrypted, decrypter, size);
  if (octets?.length !== size) throw doesNotDecrypt();
  const key = await crypto.subtle.importKey('raw', owned(octets), 'AES-CBC', false, ['decrypt']);
  octets.fill(0);
  return key;
}

/** Always as many octets as the cipher takes: what is no key of it fails where it is used. */
function openedPkcs1(
  algorithm: DerNode | undefined,
  encrypted: Uint8Array,
  { openPkcs1 }: Decrypter,
  size: number,
): Promise<Uint8Array> {
  const { oid, parameters } = readAlgorithmIdentifier(algorithm);
  const plain = oid === OID.rsaEncryption && (!parameters || parameters.tag === TAG.NULL);
  if (!plain || !openPkcs1) {
    throw new Malformed('unsupported-alg', `key transport ${oid}, or with other parameters`);
  }
  return openPkcs1(encrypted, size);
}

async function agreed(
  { children }: DerNode,
  is: Named,
  decrypter: Decrypter,
): Promise<CryptoKey | null> {
  const [, originator, maybeUkm] = children;
  const ukm = maybeUkm?.tag === 0xa1 ? maybeUkm : null;
  const [algorithm, keys] = children.slice(ukm ? 3 : 2);
  const entries = expect(keys, TAG.SEQUENCE, 'recipientEncryptedKeys').children;
  const entry = entries.slice(0, MAX_RECIPIENTS).find(({ children: [id] }) => is(id));
  if (!entry) return null;
  const { oid, parameters } = readAlgorithmIdentifier(algorithm);
  const name = AGREEMENTS[oid];
  const wrap = parameters ? readAlgorithmIdentifier(parameters).oid : '';
  const size = WRAPS[wrap];
  if (!name || !parameters || !size) {
    throw new Malformed('unsupported-alg', `key agreement ${oid} with ${wrap}`);
  }
  const point = ephemeralPoint(originator);
  const own = readPublicKey(readCertificate(decrypter.certificate).spki);
  if (own.kind !== 'EC' || own.point.length !== point.length) throw doesNotDecrypt();
  await checkPoint(own.curve, point);
  const z = await decrypter.agree(point);
  const kek = await derived(z, name, size, parameters.raw, ukm);
  const wrapped = owned(expect(entry.children[1], TAG.OCTET_STRING, 'encryptedKey').value);
  const { subtle } = crypto;
  try {
    const usages: KeyUsage[] = ['unwrapKey'];
    const key = await subtle.importKey('raw', owned(kek), 'AES-KW', false, usages);
    return await subtle.unwrapKey('raw', wrapped, key, 'AES-KW', 'AES-CBC', false, ['decrypt']);
  } catch {
    throw doesNotDecrypt();
  }
}

/** [0] EXPLICIT [1] OriginatorPublicKey; the curve is the recipient's. */
function ephemeralPoint(originator: DerNode | undefined): Uint8Array {
  const inner = expect(expect(originator, 0xa0, 'originator').children[0], 0xa1, 'originatorKey');
  return bitStringOf(inner.children[1]);
}

/** X9.63 over ECC-CMS-SharedInfo (RFC 5753 7.2). */
async function derived(
  z: Uint8Array,
  name: DigestName,
  size: number,
  wrap: Uint8Array,
  ukm: DerNode | null,
): Promise<Uint8Array> {
  const { context, octetString, sequence } = derWrite;
  const bits = new Uint8Array([0, 0, (size * 8) >> 8, (size * 8) & 0xff]);
  const entropy = ukm?.children[0] ? [context(0, ukm.children[0].raw)] : [];
  const info = sequence(wrap, ...entropy, context(2, octetString(bits)));
  let out: Uint8Array = new Uint8Array();
  for (let i = 1; out.length < size; i++) {
    out = concat(out, await digest(name, concat(z, new Uint8Array([0, 0, 0, i]), info)));
  }
  return out.subarray(0, size);
}
