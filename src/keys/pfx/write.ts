/** Writing PKCS #12 files (RFC 7292): PBES2 with AES-256-CBC, MAC with SHA-256. */
import { type Bytes, derWrite, owned, sha256 } from '../../crypto/index.ts';
import { demandStrong } from '../password.ts';
import { KeyRefused } from '../refused.ts';
import type { Secret } from '../secrets.ts';
import type { KeyVault } from '../vault.ts';
import { encodings, newWork, type Password, PURPOSE, pbkdf2, pkcs12Kdf } from './kdf.ts';

/** Rounds of both derivations: whoever guesses passwords takes the cheaper of the two. */
const ITERATIONS = 200_000;

const OID = {
  data: '1.2.840.113549.1.7.1',
  encryptedData: '1.2.840.113549.1.7.6',
  pbes2: '1.2.840.113549.1.5.13',
  pbkdf2: '1.2.840.113549.1.5.12',
  hmacSha256: '1.2.840.113549.2.9',
  aes256Cbc: '2.16.840.1.101.3.4.1.42',
  sha256: '2.16.840.1.101.3.4.2.1',
  shroudedKeyBag: '1.2.840.113549.1.12.10.1.2',
  certBag: '1.2.840.113549.1.12.10.1.3',
  x509: '1.2.840.113549.1.9.22.1',
  localKeyId: '1.2.840.113549.1.9.21',
} as const;

const { context, integer, nullValue, octetString, oid, sequence, setOf } = derWrite;

const random = (length: number): Bytes => crypto.getRandomValues(new Uint8Array(length));

export interface PfxEntry {
  /** PrivateKeyInfo, DER. */
  pkcs8: Uint8Array;
  /** Certificate of the key, DER. */
  certificate: Uint8Array;
}

/**
 * @param chain further certificates, DER
 * @throws {KeyRefused} `weak-password`
 */
export async function exportPfx(options: {
  entries: PfxEntry[];
  chain?: readonly Uint8Array[];
  password: string;
  /** What others know of the owner. */
  known?: readonly string[];
}): Promise<Uint8Array> {
  const { entries, chain = [] } = options;
  demandStrong(options.password, options.known);
  const [password] = encodings(options.password) as [Password];
  const keyBags: Bytes[] = [];
  const certificateBags: Bytes[] = [];
  for (const { pkcs8, certificate } of entries) {
    const id = await sha256(certificate);
    keyBags.push(bag(OID.shroudedKeyBag, sequence(...(await encrypt(pkcs8, password))), id));
    certificateBags.push(certificateBag(certificate, id));
  }
  certificateBags.push(...chain.map((certificate) => certificateBag(certificate)));
  const [algorithm, certificates] = await encrypt(sequence(...certificateBags), password);
  const authenticatedSafe = sequence(
    data(sequence(...keyBags)),
    sequence(
      oid(OID.encryptedData),
      context(
        0,
        sequence(
          integer(0),
          // [0] IMPLICIT OCTET STRING: the same octets under another tag.
          sequence(oid(OID.data), algorithm, retag(certificates)),
        ),
      ),
    ),
  );
  return sequence(integer(3), data(authenticatedSafe), await macData(authenticatedSafe, password));
}

/** ContentInfo of type data. */
const data = (content: Uint8Array): Bytes =>
  sequence(oid(OID.data), context(0, octetString(content)));

function retag(octets: Bytes): Bytes {
  const out = Uint8Array.from(octets);
  out[0] = 0x80;
  return out;
}

function bag(type: string, value: Uint8Array, localKeyId?: Uint8Array): Bytes {
  const attributes = localKeyId
    ? [setOf(sequence(oid(OID.localKeyId), setOf(octetString(localKeyId))))]
    : [];
  return sequence(oid(type), context(0, value), ...attributes);
}

const certificateBag = (certificate: Uint8Array, id?: Uint8Array): Bytes =>
  bag(OID.certBag, sequence(oid(OID.x509), context(0, octetString(certificate))), id);

/** AlgorithmIdentifier and OCTET STRING of what it encrypts. */
async function encrypt(plain: Uint8Array, password: Password): Promise<[Bytes, Bytes]> {
  const salt = random(16);
  const iv = random(16);
  const key = await pbkdf2('SHA-256', password, { salt, iterations: ITERATIONS }, 32, newWork());
  const aes = await crypto.subtle.importKey('raw', key, 'AES-CBC', false, ['encrypt']);
  const sealed = await crypto.subtle.encrypt({ name: 'AES-CBC', iv }, aes, owned(plain));
  const derivation = sequence(
    oid(OID.pbkdf2),
    sequence(octetString(salt), integer(ITERATIONS), sequence(oid(OID.hmacSha256), nullValue())),
  );
  const cipher = sequence(oid(OID.aes256Cbc), octetString(iv));
  const algorithm = sequence(oid(OID.pbes2), sequence(derivation, cipher));
  return [algorithm, octetString(new Uint8Array(sealed))];
}

async function macData(content: Bytes, password: Password): Promise<Bytes> {
  const salt = random(16);
  const given = { salt, iterations: ITERATIONS };
  const key = await pkcs12Kdf('SHA-256', password, given, PURPOSE.mac, 32, newWork());
  const parameters = { name: 'HMAC', hash: 'SHA-256' };
  const hmac = await crypto.subtle.importKey('raw', key, parameters, false, ['sign']);
  const mac = new Uint8Array(await crypto.subtle.sign('HMAC', hmac, content));
  const algorithm = sequence(oid(OID.sha256), nullValue());
  return sequence(sequence(algorithm, octetString(mac)), octetString(salt), integer(ITERATIONS));
}

/**
 * A vault's identity as a PKCS #12 file: its keys with their certificates, and the chain.
 * @param secret opens the identity once more, so that an unattended session exports nothing
 * @throws {KeyRefused} as `KeyVault.unlock`; `weak-password`; `no-key` without any certificate
 */
export async function exportIdentity(
  vault: KeyVault,
  id: string,
  secret: Secret,
  password: string,
): Promise<Uint8Array> {
  const { certificates, label } = await vault.identity(id);
  const keys = await vault.exportKeys(id, secret);
  try {
    const entries = keys.flatMap(({ purpose, pkcs8 }) => {
      const certificate = certificates[purpose];
      return certificate ? [{ pkcs8, certificate }] : [];
    });
    if (entries.length === 0) throw new KeyRefused('no-key', 'no certificate to export');
    return await exportPfx({ entries, chain: certificates.chain, password, known: [label] });
  } finally {
    for (const { pkcs8 } of keys) pkcs8.fill(0);
  }
}
