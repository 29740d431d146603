/**
 * Licence status lists: two bits per licence (as IETF Token Status List packs them), zlib, in a
 * canonical JSON envelope that the issuing key signs. One list covers one shard of 131 072 indexes.
 */
import {
  type Bytes,
  canonicalJson,
  digestHex,
  fromBase64,
  type JsonObject,
  Malformed,
  readCanonicalJson,
  readPublicKey,
  type Signer,
  signatureAlgorithmOf,
  toBase64,
  utf8,
  verifySignature,
} from '../../crypto/index.ts';
import { readCertificate } from '../certificate.ts';
import { certificateId, namingDigest } from '../certificate-id.ts';
import { base64, hash, matching, object, oneOf, time, whole } from './shape.ts';
import { deflate, inflateExactly } from './zlib.ts';

/** Licences of one list. */
export const SHARD_SIZE = 131_072;
const RAW_BYTES = SHARD_SIZE / 4;

/** By their two bits. */
const STATUSES = ['valid', 'revoked', 'suspended', 'used'] as const;
export type LicenceStatus = (typeof STATUSES)[number];

export interface StatusList {
  /** SHA-256 hex of the whole list as signed. */
  id: string;
  /** Signing certificate, DER, and its SHA-256 hex. */
  certificate: Uint8Array;
  issuer: string;
  /** Names the shard; every licence of it carries this id and its index. */
  list: string;
  seq: number;
  thisUpdate: string;
  nextUpdate: string;
  /** How many licences of the shard are issued: an index from here on was not, as far as the list knows. */
  upTo: number;
  /** Id of the list before this one; null in the first. */
  previous: string | null;
  /** 32 768 octets, four licences each, the lowest bits first. */
  bits: Uint8Array;
}

const ENVELOPE = object(
  {
    v: oneOf(1),
    type: oneOf('licence/status-list'),
    issuer: hash,
    list: matching(/^[A-Za-z0-9._-]{1,32}$/, 'list id'),
    seq: whole(1),
    size: oneOf(SHARD_SIZE),
    upTo: whole(0, SHARD_SIZE),
    thisUpdate: time,
    nextUpdate: time,
    previous: hash,
    statuses: base64(RAW_BYTES + 1024),
    certificate: base64(16 << 10),
    signature: base64(256),
  },
  ['previous'],
);

/** An all-valid shard. */
export const emptyStatuses = (): Bytes => new Uint8Array(RAW_BYTES);

/** @throws {Malformed} `status-index` */
export function statusAt(bits: Uint8Array, index: number): LicenceStatus {
  checkIndex(index);
  const octet = bits[index >> 2] as number;
  return STATUSES[(octet >> (2 * (index & 3))) & 3] as LicenceStatus;
}

/** A copy with one status changed. @throws {Malformed} `status-index` */
export function withStatus(bits: Uint8Array, index: number, status: LicenceStatus): Bytes {
  checkIndex(index);
  const out = Uint8Array.from(bits);
  const shift = 2 * (index & 3);
  const cleared = (out[index >> 2] as number) & ~(3 << shift);
  out[index >> 2] = cleared | (STATUSES.indexOf(status) << shift);
  return out;
}

function checkIndex(index: number): void {
  if (!Number.isInteger(index) || index < 0 || index >= SHARD_SIZE) {
    throw new Malformed('status-index', 'outside the shard');
  }
}

/** @throws {Malformed} `bundle-*` or `status-term` for values that no list can carry */
export async function createStatusList(options: {
  signer: Signer;
  list: string;
  seq: number;
  thisUpdate: string;
  nextUpdate: string;
  previous?: string;
  upTo: number;
  bits: Uint8Array;
}): Promise<Bytes> {
  const { signer, bits, list, seq, thisUpdate, nextUpdate, previous, upTo } = options;
  if (bits.length !== RAW_BYTES) throw new Malformed('status-index', 'not one shard');
  const body: JsonObject = {
    v: 1,
    type: 'licence/status-list',
    issuer: await certificateId(signer.certificate),
    list,
    seq,
    size: SHARD_SIZE,
    upTo,
    thisUpdate,
    nextUpdate,
    ...(previous === undefined ? {} : { previous }),
    statuses: toBase64(await deflate(bits)),
    certificate: toBase64(signer.certificate),
  };
  const signature = toBase64(await signer.sign(utf8(canonicalJson(body))));
  const bytes = utf8(canonicalJson({ ...body, signature }));
  await readStatusList(bytes);
  return bytes;
}

/**
 * Reads a list and verifies its signature under the certificate that it carries. Whether that
 * certificate may issue is for the reader's trust to say.
 * @throws {Malformed} `json-*`, `bundle-*` (shape), `status-term`, `status-previous`,
 * `status-issuer`, `status-signature`, `zlib-size`, `zlib-data`, or a certificate reader's code
 */
export function readStatusList(bytes: Uint8Array): Promise<StatusList> {
  let list = lists.get(bytes);
  if (!list) {
    list = read(bytes);
    lists.set(bytes, list);
  }
  return list;
}

/** Each array of bytes is read once: every fold asks for every list. */
const lists = new WeakMap<Uint8Array, Promise<StatusList>>();

async function read(bytes: Uint8Array): Promise<StatusList> {
  const value = readCanonicalJson(bytes, { maxBytes: 96 << 10, maxDepth: 2 });
  ENVELOPE(value, 'list');
  const { signature, ...body } = value as Record<string, string> & {
    seq: number & string;
    upTo: number & string;
  };
  const [thisUpdate, nextUpdate] = [body['thisUpdate'] as string, body['nextUpdate'] as string];
  if (Date.parse(thisUpdate) >= Date.parse(nextUpdate)) {
    throw new Malformed('status-term', 'nextUpdate does not follow thisUpdate');
  }
  const previous = body['previous'] ?? null;
  if ((body.seq === 1) !== (previous === null)) {
    throw new Malformed('status-previous', 'all but the first list name their predecessor');
  }
  const certificate = fromBase64(body['certificate'] as string) as Bytes;
  const issuer = await certificateId(certificate);
  if (issuer !== body['issuer']) throw new Malformed('status-issuer', 'another certificate');
  await checkSignature(certificate, fromBase64(signature as string) as Bytes, body);
  return {
    id: await digestHex(namingDigest(certificate), bytes),
    certificate,
    issuer,
    list: body['list'] as string,
    seq: body.seq,
    thisUpdate,
    nextUpdate,
    previous,
    upTo: body.upTo,
    bits: await inflateExactly(fromBase64(body['statuses'] as string) as Bytes, RAW_BYTES),
  };
}

async function checkSignature(certificate: Bytes, signature: Bytes, body: object): Promise<void> {
  const { spki } = readCertificate(certificate);
  const key = readPublicKey(spki);
  const suite = key.kind === 'EC' && key.curve === 'SM2' ? 'SM2' : 'P-256';
  const data = utf8(canonicalJson(body));
  const algorithm = signatureAlgorithmOf(suite);
  const { valid } = await verifySignature({ spki, algorithm, signature, data });
  if (!valid) throw new Malformed('status-signature', 'signature does not verify');
}

export type StatusListAnswer =
  | 'ok'
  | 'same'
  /** A lower number, or fewer licences issued. */
  | 'rollback'
  /** Revoked is final: a list that clears it is none. */
  | 'cleared'
  | 'other-list';

/**
 * Whether `next` may take the place of `current`, whichever issuer of the deployment signed each: two
 * who worked without a network publish one number, and the later in the log counts. Numbers may be
 * skipped.
 */
export function acceptStatusList(current: StatusList, next: StatusList): StatusListAnswer {
  if (next.list !== current.list) return 'other-list';
  if (next.id === current.id) return 'same';
  if (next.seq < current.seq || next.upTo < current.upTo) return 'rollback';
  return clears(current.bits, next.bits) ? 'cleared' : 'ok';
}

/** Whether a licence that is revoked in one is anything else in the other. */
function clears(before: Uint8Array, after: Uint8Array): boolean {
  for (const [at, octet] of before.entries()) {
    const other = after[at] as number;
    // The two bits of `revoked` are 01, wherever they stand in the octet.
    const revoked = octet & ~(octet >> 1) & 0x55;
    if (revoked & ~(other & ~(other >> 1))) return true;
  }
  return false;
}
