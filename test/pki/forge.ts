/** Certificates, CRLs and OCSP responses as a test wants them, right or wrong. */
import { derWrite as d, digest, ecdsaToDer, owned, sha256 } from '../../src/crypto/index.ts';
import { EXTENSION as X } from '../../src/pki/index.ts';

export interface Party {
  name: Uint8Array;
  key: CryptoKeyPair;
  spki: Uint8Array;
  keyId: Uint8Array;
}

const ECDSA_SHA256 = d.sequence(d.oid('1.2.840.10045.4.3.2'));
const NAME = { CN: '2.5.4.3', O: '2.5.4.10', C: '2.5.4.6', email: '1.2.840.113549.1.9.1' };

/** A Name of UTF8Strings: `CN=x`, most significant first; `tlv` for other string types. */
export function nameOf(...parts: (string | [string, Uint8Array])[]): Uint8Array {
  return d.sequence(
    ...parts.map((part) => {
      const [label, value] =
        typeof part === 'string' ? (part.split('=') as [string, string]) : part;
      const oid = NAME[label as keyof typeof NAME];
      const text = typeof value === 'string' ? d.utf8String(value) : value;
      return d.setOf(d.sequence(d.oid(oid), text));
    }),
  );
}

export async function party(name: string | Uint8Array): Promise<Party> {
  const key = (await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, [
    'sign',
    'verify',
  ])) as CryptoKeyPair;
  const spki = new Uint8Array(await crypto.subtle.exportKey('spki', key.publicKey));
  const keyId = (await sha256(spki)).subarray(0, 20);
  return { name: typeof name === 'string' ? nameOf(`CN=${name}`) : name, key, spki, keyId };
}

async function sign(key: CryptoKeyPair, data: Uint8Array): Promise<Uint8Array> {
  const algorithm = { name: 'ECDSA', hash: 'SHA-256' };
  const raw = await crypto.subtle.sign(algorithm, key.privateKey, owned(data));
  return ecdsaToDer(new Uint8Array(raw));
}

export async function signed(key: CryptoKeyPair, tbs: Uint8Array, algorithm = ECDSA_SHA256) {
  return d.sequence(tbs, algorithm, d.bitString(await sign(key, tbs)));
}

export const extension = (oid: string, critical: boolean, value: Uint8Array) =>
  d.sequence(d.oid(oid), ...(critical ? [d.boolean(true)] : []), d.octetString(value));

/** BIT STRING of named bits given as a bit set, first bit lowest. */
export function namedBits(bits: number): Uint8Array {
  const octets: number[] = [];
  const top = 31 - Math.clz32(bits);
  for (let i = 0; i <= top; i++) {
    if (bits & (1 << i)) octets[i >> 3] = (octets[i >> 3] ?? 0) | (0x80 >> (i & 7));
    else octets[i >> 3] ??= 0;
  }
  return d.tlv(0x03, new Uint8Array([7 - (top & 7), ...octets]));
}

export const ext = {
  ca: (pathLen?: number) =>
    extension(
      X.basicConstraints,
      true,
      d.sequence(d.boolean(true), ...(pathLen === undefined ? [] : [d.integer(pathLen)])),
    ),
  keyUsage: (bits: number) => extension(X.keyUsage, true, namedBits(bits)),
  ski: (p: Party) => extension(X.subjectKeyIdentifier, false, d.octetString(p.keyId)),
  aki: (p: Party) =>
    extension(X.authorityKeyIdentifier, false, d.sequence(d.contextPrimitive(0, p.keyId))),
  eku: (...oids: string[]) =>
    extension(X.extendedKeyUsage, false, d.sequence(...oids.map((oid) => d.oid(oid)))),
  dns: (...names: string[]) =>
    extension(
      X.subjectAltName,
      false,
      d.sequence(...names.map((n) => d.contextPrimitive(2, new TextEncoder().encode(n)))),
    ),
  policies: (...oids: string[]) =>
    extension(
      X.certificatePolicies,
      false,
      d.sequence(...oids.map((oid) => d.sequence(d.oid(oid)))),
    ),
  mappings: (...pairs: [string, string][]) =>
    extension(
      X.policyMappings,
      true,
      d.sequence(...pairs.map(([a, b]) => d.sequence(d.oid(a), d.oid(b)))),
    ),
  /** Subtrees of GeneralName TLVs. */
  constraints: (permitted: Uint8Array[], excluded: Uint8Array[] = []) =>
    extension(
      X.nameConstraints,
      true,
      d.sequence(
        ...(permitted.length ? [d.context(0, ...permitted.map((n) => d.sequence(n)))] : []),
        ...(excluded.length ? [d.context(1, ...excluded.map((n) => d.sequence(n)))] : []),
      ),
    ),
};

export const dnsName = (text: string) => d.contextPrimitive(2, new TextEncoder().encode(text));
export const uriName = (text: string) => d.contextPrimitive(6, new TextEncoder().encode(text));
export const directoryName = (name: Uint8Array) => d.context(4, name);

export interface CertificateOptions {
  subject: Party;
  issuer: Party;
  serial?: number;
  notBefore?: string;
  notAfter?: string;
  extensions?: Uint8Array[];
  /** Name in the issuer field, where it differs from the issuer's own. */
  issuerName?: Uint8Array;
  innerAlgorithm?: Uint8Array;
}

export async function certificate(options: CertificateOptions): Promise<Uint8Array> {
  const { subject, issuer, serial = 7, extensions } = options;
  const time = (text: string) => d.generalizedTime(new Date(text));
  const tbs = d.sequence(
    d.context(0, d.integer(2)),
    d.integer(serial),
    options.innerAlgorithm ?? ECDSA_SHA256,
    options.issuerName ?? issuer.name,
    d.sequence(
      time(options.notBefore ?? '2026-01-01T00:00:00Z'),
      time(options.notAfter ?? '2027-01-01T00:00:00Z'),
    ),
    subject.name,
    subject.spki,
    ...(extensions?.length === 0
      ? []
      : [d.context(3, d.sequence(...(extensions ?? [ext.ski(subject), ext.aki(issuer)])))]),
  );
  return signed(issuer.key, tbs);
}

export const caExtensions = (subject: Party, issuer: Party, pathLen?: number) => [
  ext.ca(pathLen),
  ext.keyUsage(32 | 64),
  ext.ski(subject),
  ext.aki(issuer),
];

export interface CrlOptions {
  issuer: Party;
  number?: number;
  thisUpdate?: string;
  nextUpdate?: string | null;
  revoked?: { serial: number; time?: string; reason?: number; extensions?: Uint8Array[] }[];
  extensions?: Uint8Array[];
}

export async function crl(options: CrlOptions): Promise<Uint8Array> {
  const { issuer, revoked = [] } = options;
  const time = (text: string) => d.generalizedTime(new Date(text));
  const entries = revoked.map((entry) => {
    const extensions = [...(entry.extensions ?? [])];
    if (entry.reason !== undefined) {
      extensions.push(extension(X.reasonCode, false, d.tlv(0x0a, new Uint8Array([entry.reason]))));
    }
    return d.sequence(
      d.integer(entry.serial),
      time(entry.time ?? '2026-03-01T00:00:00Z'),
      ...(extensions.length ? [d.sequence(...extensions)] : []),
    );
  });
  const next = options.nextUpdate === undefined ? '2026-12-01T00:00:00Z' : options.nextUpdate;
  const tbs = d.sequence(
    d.integer(1),
    ECDSA_SHA256,
    issuer.name,
    time(options.thisUpdate ?? '2026-05-01T00:00:00Z'),
    ...(next ? [time(next)] : []),
    ...(entries.length ? [d.sequence(...entries)] : []),
    d.context(
      0,
      d.sequence(
        extension(X.cRLNumber, false, d.integer(options.number ?? 5)),
        ...(options.extensions ?? []),
      ),
    ),
  );
  return signed(issuer.key, tbs);
}

export interface OcspOptions {
  /** Who signs. */
  signer: Party;
  /** The certificate's issuer. */
  issuer: Party;
  singles: { serial: number; status: 'good' | 'revoked' | 'unknown'; extensions?: Uint8Array[] }[];
  certificates?: Uint8Array[];
  thisUpdate?: string;
  nextUpdate?: string;
  producedAt?: string;
}

export async function ocsp(options: OcspOptions): Promise<Uint8Array> {
  const { signer, issuer } = options;
  const time = (text: string) => d.generalizedTime(new Date(text));
  const thisUpdate = options.thisUpdate ?? '2026-05-01T00:00:00Z';
  const keyBits = issuer.spki.subarray(issuer.spki.length - 65);
  const id = [
    d.sequence(d.oid('1.3.14.3.2.26'), d.nullValue()),
    d.octetString(await digest('SHA-1', issuer.name)),
    d.octetString(await digest('SHA-1', keyBits)),
  ];
  const statuses = {
    good: d.contextPrimitive(0, new Uint8Array()),
    revoked: d.context(1, time('2026-03-01T00:00:00Z')),
    unknown: d.contextPrimitive(2, new Uint8Array()),
  };
  const singles = options.singles.map(({ serial, status, extensions }) =>
    d.sequence(
      d.sequence(...id, d.integer(serial)),
      statuses[status],
      time(thisUpdate),
      d.context(0, time(options.nextUpdate ?? '2026-12-01T00:00:00Z')),
      ...(extensions ? [d.context(1, d.sequence(...extensions))] : []),
    ),
  );
  const producedAt = time(options.producedAt ?? thisUpdate);
  const tbs = d.sequence(d.context(1, signer.name), producedAt, d.sequence(...singles));
  const basic = d.sequence(
    tbs,
    ECDSA_SHA256,
    d.bitString(await sign(signer.key, tbs)),
    ...(options.certificates ? [d.context(0, d.sequence(...options.certificates))] : []),
  );
  return d.sequence(
    d.tlv(0x0a, new Uint8Array([0])),
    d.context(0, d.sequence(d.oid('1.3.6.1.5.5.7.48.1.1'), d.octetString(basic))),
  );
}
