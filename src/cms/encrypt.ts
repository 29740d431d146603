/**
 * Producing AuthEnvelopedData (RFC 5083, 5084) in one of two suites, which the recipients' keys
 * decide: AES-256-GCM with a content key wrapped by ECDH (P-256, P-384, P-521) or RSA-OAEP, or
 * SM4-GCM with a content key under SM2 encryption. No authenticated attributes: what binds a
 * ciphertext to its context stands inside it and in the signature over it.
 */
import {
  type Bytes,
  derWrite,
  type EnvelopeRecipient,
  keyDigest,
  Malformed,
  owned,
  type PublicKey,
  readPublicKey,
} from '../crypto/index.ts';
import { readCertificate } from '../pki/index.ts';
import { AES_WRAP, ephemeral, wrappingKey } from './key-agreement.ts';
import { OID } from './oids.ts';

const { bitString, context, contextPrimitive, integer, nullValue, octetString, oid } = derWrite;
const { sequence, setOf, tlv } = derWrite;

export const MAX_RECIPIENTS = 64;

const oaep = (digest: Bytes): Bytes =>
  sequence(
    oid(OID.rsaesOaep),
    sequence(context(0, digest), context(1, sequence(oid(OID.mgf1), digest))),
  );

/**
 * RSAES-OAEP with SHA-256 for digest and mask, as it is written, and as some write it without the
 * NULL of the digest: RFC 4055 2.1 has both read.
 */
export const OAEP_SHA256 = [
  oaep(sequence(oid(OID.sha256), nullValue())),
  oaep(sequence(oid(OID.sha256))),
] as const;

/** AlgorithmIdentifier of SM2 encryption: no parameters (GM/T 0010). */
export const SM2_ENCRYPTION = sequence(oid(OID.sm2Encryption));

/** Octets of a key identifier: the first of the digest of the SubjectPublicKeyInfo. */
export const KEY_IDENTIFIER = 20;

/** Names a key without certificate in a RecipientInfo (RFC 5652 6.2, RFC 7093 2 for the method). */
export const keyIdentifier = async (spki: Uint8Array): Promise<Uint8Array> =>
  (await keyDigest(spki)).subarray(0, KEY_IDENTIFIER);

/** A recipient's key, and how it is named: by certificate, or by key identifier. */
interface Named {
  key: PublicKey;
  /** IssuerAndSerialNumber, DER; or the key identifier. */
  id: { kind: 'certificate'; value: Bytes } | { kind: 'key'; value: Uint8Array };
}

async function named(recipient: EnvelopeRecipient): Promise<Named> {
  if ('spki' in recipient) {
    const key = readPublicKey(recipient.spki);
    return { key, id: { kind: 'key', value: await keyIdentifier(recipient.spki) } };
  }
  const { issuer, serial, spki } = readCertificate(recipient);
  const value = sequence(issuer.raw, tlv(0x02, serial));
  return { key: readPublicKey(spki), id: { kind: 'certificate', value } };
}

/** What an envelope holds, in either suite. */
interface Sealed {
  readonly infos: readonly Bytes[];
  readonly cipher: string;
  readonly iv: Bytes;
  /** Ciphertext and tag. */
  readonly sealed: Bytes;
}

/**
 * Encrypts to the holders of these certificates and keys: in the Chinese suite where their keys are
 * of SM2, else in the international one.
 * @param recipients one to 64
 * @throws {Malformed} for no or too many recipients, or recipients of two suites (`cms-recipients`),
 * or a certificate or key of a kind that cannot receive (`unsupported-alg`).
 */
export async function encryptTo(
  plaintext: Uint8Array,
  recipients: readonly EnvelopeRecipient[],
): Promise<Bytes> {
  if (recipients.length < 1 || recipients.length > MAX_RECIPIENTS) {
    throw new Malformed('cms-recipients', 'one to 64 recipients');
  }
  const holders = await Promise.all(recipients.map(named));
  const points = holders.flatMap(({ key }) => (isSm2(key) ? [key.point] : []));
  if (points.length !== 0 && points.length !== holders.length) {
    throw new Malformed('cms-recipients', 'recipients of two suites');
  }
  const { infos, cipher, iv, sealed } =
    points.length === 0
      ? await sealInternational(plaintext, holders)
      : await sealChinese(plaintext, holders, points);
  const split = sealed.length - 16;
  return sequence(
    oid(OID.authEnvelopedData),
    context(
      0,
      sequence(
        integer(0),
        setOf(...infos),
        sequence(
          oid(OID.data),
          sequence(oid(cipher), sequence(octetString(iv), integer(16))),
          contextPrimitive(0, sealed.subarray(0, split)),
        ),
        octetString(sealed.subarray(split)),
      ),
    ),
  );
}

const isSm2 = (key: PublicKey): key is PublicKey & { kind: 'EC' } =>
  key.kind === 'EC' && key.curve === 'SM2';

async function sealInternational(
  plaintext: Uint8Array,
  holders: readonly Named[],
): Promise<Sealed> {
  const { subtle } = crypto;
  const key = await subtle.generateKey({ name: 'AES-GCM', length: 256 }, true, ['encrypt']);
  const infos: Bytes[] = [];
  for (const holder of holders) infos.push(await recipientInfo(holder, key));
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const algorithm = { name: 'AES-GCM', iv, tagLength: 128 };
  const sealed = new Uint8Array(await subtle.encrypt(algorithm, key, owned(plaintext)));
  return { infos, cipher: OID.aes256Gcm, iv, sealed };
}

async function sealChinese(
  plaintext: Uint8Array,
  holders: readonly Named[],
  points: readonly Uint8Array[],
): Promise<Sealed> {
  const { keys, iv, sealed } = (await import('./sm-envelope.ts')).smSeal(plaintext, points);
  const infos = holders.map(({ id }, i) => transport(id, SM2_ENCRYPTION, keys[i] as Bytes));
  return { infos, cipher: OID.sm4Gcm, iv, sealed };
}

function recipientInfo({ key: recipient, id }: Named, key: CryptoKey): Promise<Bytes> {
  if (recipient.kind === 'RSA') return keyTransport(id, recipient.spki, key);
  if (recipient.kind !== 'EC') throw new Malformed('unsupported-alg', 'key cannot decrypt');
  return keyAgreement(id, recipient, key);
}

/** KeyAgreeRecipientInfo (RFC 5753 3.1.1) with one recipient. */
async function keyAgreement(
  id: Named['id'],
  recipient: Parameters<typeof ephemeral>[0],
  key: CryptoKey,
): Promise<Bytes> {
  const { point, z } = await ephemeral(recipient);
  const wrapped = await crypto.subtle.wrapKey('raw', key, await wrappingKey(z), 'AES-KW');
  const rid = id.kind === 'key' ? context(0, octetString(id.value)) : id.value;
  return context(
    1,
    integer(3),
    context(0, context(1, sequence(oid(OID.ecPublicKey)), bitString(point))),
    sequence(oid(OID.ecdhSha256), AES_WRAP),
    sequence(sequence(rid, octetString(new Uint8Array(wrapped)))),
  );
}

/** RSAES-OAEP over SHA-256 (RFC 4055 4.1). */
async function keyTransport(id: Named['id'], spki: Uint8Array, key: CryptoKey): Promise<Bytes> {
  const algorithm = { name: 'RSA-OAEP', hash: 'SHA-256' };
  const peer = await crypto.subtle.importKey('spki', owned(spki), algorithm, false, ['wrapKey']);
  const wrapped = await crypto.subtle.wrapKey('raw', key, peer, algorithm);
  return transport(id, OAEP_SHA256[0], new Uint8Array(wrapped));
}

/** KeyTransRecipientInfo (RFC 5652 6.2.1). */
function transport(id: Named['id'], algorithm: Bytes, encryptedKey: Uint8Array): Bytes {
  return sequence(
    integer(id.kind === 'key' ? 2 : 0),
    id.kind === 'key' ? contextPrimitive(0, id.value) : id.value,
    algorithm,
    octetString(encryptedKey),
  );
}
