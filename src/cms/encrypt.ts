/**
 * Producing AuthEnvelopedData (RFC 5083, 5084): AES-256-GCM, one content key wrapped for each
 * recipient by ECDH (P-256, P-384, P-521, SM2) or RSA-OAEP. No authenticated attributes: what binds
 * a ciphertext to its context stands inside it and in the signature over it.
 */
import {
  type Bytes,
  derWrite,
  type EnvelopeRecipient,
  keyDigest,
  Malformed,
  owned,
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

/** Octets of a key identifier: the first of the digest of the SubjectPublicKeyInfo. */
export const KEY_IDENTIFIER = 20;

/** Names a key without certificate in a RecipientInfo (RFC 5652 6.2, RFC 7093 2 for the method). */
export const keyIdentifier = async (spki: Uint8Array): Promise<Uint8Array> =>
  (await keyDigest(spki)).subarray(0, KEY_IDENTIFIER);

/** A recipient's key, and how it is named: by certificate, or by key identifier. */
interface Named {
  spki: Uint8Array;
  /** IssuerAndSerialNumber, DER; or the key identifier. */
  id: { kind: 'certificate'; value: Bytes } | { kind: 'key'; value: Uint8Array };
}

async function named(recipient: EnvelopeRecipient): Promise<Named> {
  if ('spki' in recipient) {
    const { spki } = recipient;
    return { spki, id: { kind: 'key', value: await keyIdentifier(spki) } };
  }
  const { issuer, serial, spki } = readCertificate(recipient);
  return { spki, id: { kind: 'certificate', value: sequence(issuer.raw, tlv(0x02, serial)) } };
}

/**
 * Encrypts to the holders of these certificates and keys.
 * @param recipients one to 64
 * @throws {Malformed} for no or too many recipients, or a certificate or key of a kind that cannot
 * receive (`unsupported-alg`).
 */
export async function encryptTo(
  plaintext: Uint8Array,
  recipients: readonly EnvelopeRecipient[],
): Promise<Bytes> {
  if (recipients.length < 1 || recipients.length > MAX_RECIPIENTS) {
    throw new Malformed('cms-recipients', 'one to 64 recipients');
  }
  const { subtle } = crypto;
  const key = await subtle.generateKey({ name: 'AES-GCM', length: 256 }, true, ['encrypt']);
  const infos: Bytes[] = [];
  for (const each of recipients) infos.push(await recipientInfo(await named(each), key));
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const sealed = new Uint8Array(
    await subtle.encrypt({ name: 'AES-GCM', iv, tagLength: 128 }, key, owned(plaintext)),
  );
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
          sequence(oid(OID.aes256Gcm), sequence(octetString(iv), integer(16))),
          contextPrimitive(0, sealed.subarray(0, split)),
        ),
        octetString(sealed.subarray(split)),
      ),
    ),
  );
}

function recipientInfo({ spki, id }: Named, key: CryptoKey): Promise<Bytes> {
  const recipient = readPublicKey(spki);
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

/** KeyTransRecipientInfo with RSAES-OAEP over SHA-256 (RFC 4055 4.1). */
async function keyTransport(id: Named['id'], spki: Uint8Array, key: CryptoKey): Promise<Bytes> {
  const algorithm = { name: 'RSA-OAEP', hash: 'SHA-256' };
  const peer = await crypto.subtle.importKey('spki', owned(spki), algorithm, false, ['wrapKey']);
  const wrapped = await crypto.subtle.wrapKey('raw', key, peer, algorithm);
  return sequence(
    integer(id.kind === 'key' ? 2 : 0),
    id.kind === 'key' ? contextPrimitive(0, id.value) : id.value,
    OAEP_SHA256[0],
    octetString(new Uint8Array(wrapped)),
  );
}
