/**
 * Signed requests (RFC 9421), as far as this endpoint needs them: who asks is shown by a signature
 * over method, target, certificates and the body's digest, fresh by `created` and `nonce`.
 *
 * The value of `Cinnabar-Certificates` is the signing certificate and, where there is one, the
 * encryption certificate of the same holder: packages name their recipients by the latter.
 */
import {
  concat,
  digest,
  fromBase64,
  type KeyKind,
  Malformed,
  type Signer,
  signatureAlgorithmOf,
  toBase64,
  utf8,
  verifySignature,
} from '../crypto/index.ts';
import { certificateId, namingDigest, readCertificate } from '../pki/index.ts';

/** RFC 9530, in the suite of who sends; SM3 is not registered there. */
export async function contentDigest(sender: Uint8Array, body: Uint8Array): Promise<string> {
  const name = namingDigest(sender);
  return `${name.toLowerCase()}=:${toBase64(await digest(name, body))}:`;
}

const ALGORITHMS: Record<KeyKind, string> = {
  'P-256': 'ecdsa-p256-sha256-der',
  'P-384': 'ecdsa-p384-sha384-der',
  'P-521': 'ecdsa-p521-sha512-der',
  SM2: 'sm2-sm3-der',
  RSA: 'rsa-v1_5-sha256',
  'RSA-PSS': 'rsa-pss-sha256',
  Ed25519: 'ed25519',
};

export interface RequestSignatureOptions {
  method: string;
  uri: string;
  signer: Signer;
  encryptionCertificate: Uint8Array | null;
  /** What is sent; absent where nothing is. */
  body?: Uint8Array;
  now: Date;
}

/** Headers to add to the request. */
export async function signRequest(
  options: RequestSignatureOptions,
): Promise<Record<string, string>> {
  const { method, uri, signer, encryptionCertificate, body, now } = options;
  const certificates = [
    signer.certificate,
    ...(encryptionCertificate ? [encryptionCertificate] : []),
  ]
    .map((der) => `:${toBase64(der)}:`)
    .join(', ');
  const nonce = toBase64(crypto.getRandomValues(new Uint8Array(16)));
  const created = Math.floor(now.getTime() / 1000);
  const keyid = await certificateId(signer.certificate);
  const digested = body ? await contentDigest(signer.certificate, body) : null;
  const covered = `("@method" "@target-uri" "cinnabar-certificates"${digested ? ' "content-digest"' : ''})`;
  const parameters = `${covered};created=${created};keyid="${keyid}";alg="${ALGORITHMS[signer.suite]}";nonce="${nonce}"`;
  const signature = await signer.sign(
    signatureBase(method, uri, certificates, digested, parameters),
  );
  return {
    'Cinnabar-Certificates': certificates,
    ...(digested ? { 'Content-Digest': digested } : {}),
    'Signature-Input': `sig1=${parameters}`,
    Signature: `sig1=:${toBase64(signature)}:`,
  };
}

export interface VerifiedRequest {
  certificate: Uint8Array;
  encryptionCertificate: Uint8Array | null;
  nonce: string;
  /** Content-Digest, where the signature covers it: the body is compared by the caller. */
  digest: string | null;
  /** Seconds since 1970. */
  created: number;
}

/**
 * Checks the signature itself; freshness, replay and trust are the caller's.
 * @throws {Malformed} `request-signature`
 */
export async function verifyRequest(
  method: string,
  uri: string,
  headers: { certificates: string; input: string; signature: string; digest?: string },
): Promise<VerifiedRequest> {
  const refuse = () => new Malformed('request-signature', 'the request is not properly signed');
  const parameters = headers.input.match(
    /^sig1=(\("@method" "@target-uri" "cinnabar-certificates"( "content-digest")?\);created=(\d{9,11});keyid="([0-9a-f]{64})";alg="([a-z0-9_-]+)";nonce="([A-Za-z0-9+/=]{16,64})")$/,
  );
  const signature = fromBase64(headers.signature.match(/^sig1=:([A-Za-z0-9+/=]+):$/)?.[1] ?? '!');
  const listed = headers.certificates
    .split(', ')
    .map((item) => item.match(/^:([A-Za-z0-9+/=]+):$/)?.[1]);
  const [certificate, encryption] = listed.map((text) => (text ? fromBase64(text) : null));
  if (!parameters || !signature || !certificate || listed.length > 2) throw refuse();
  const [, covered, withDigest, created, keyid, alg, nonce] = parameters as unknown as string[];
  const digested = withDigest ? (headers.digest ?? '') : null;
  if ((await certificateId(certificate)) !== keyid) throw refuse();
  const kind = (Object.keys(ALGORITHMS) as KeyKind[]).find((each) => ALGORITHMS[each] === alg);
  if (!kind) throw refuse();
  const { valid } = await verifySignature({
    spki: readCertificate(certificate).spki,
    algorithm: signatureAlgorithmOf(kind),
    signature,
    data: signatureBase(method, uri, headers.certificates, digested, covered as string),
  });
  if (!valid) throw refuse();
  return {
    certificate,
    encryptionCertificate: encryption ?? null,
    nonce: nonce as string,
    digest: digested,
    created: Number(created),
  };
}

/** Signature base of RFC 9421 section 2.5. */
function signatureBase(
  method: string,
  uri: string,
  certificates: string,
  digested: string | null,
  parameters: string,
): Uint8Array {
  return concat(
    utf8(`"@method": ${method}\n`),
    utf8(`"@target-uri": ${uri}\n`),
    utf8(`"cinnabar-certificates": ${certificates}\n`),
    utf8(digested === null ? '' : `"content-digest": ${digested}\n`),
    utf8(`"@signature-params": ${parameters}`),
  );
}
