/** COSE_Sign1 (RFC 9052 4.2): one signature over a payload, its algorithm and key id protected. */
import { type Bytes, concat } from './bytes.ts';
import { type Cbor, type CborOptions, CborTag, readCbor, writeCbor } from './cbor.ts';
import { Malformed } from './malformed.ts';

export interface CoseSign1 {
  /** Encoded protected header. */
  readonly protected: Uint8Array;
  /** `alg` (1) and `kid` (4), from the protected header alone. */
  readonly alg: number | null;
  readonly kid: Uint8Array | null;
  readonly payload: Uint8Array;
  /** Raw r ‖ s for ECDSA. */
  readonly signature: Uint8Array;
  /** The bytes that were signed: Sig_structure. */
  readonly signed: Bytes;
}

/** Of ECDSA with SHA-256 on P-256. */
export const ES256 = -7;

/**
 * SM2 with SM3 and the default user id. COSE has no number for it: this one is of the range for
 * private use, and an extension of ours.
 */
export const SM2_SM3 = -65_537;

const TAG_SIGN1 = 18;

/** The bytes to sign (4.4), without external data. */
export function sigStructure(protectedHeader: Uint8Array, payload: Uint8Array): Bytes {
  return writeCbor(['Signature1', protectedHeader, new Uint8Array(0), payload]);
}

/**
 * @param sign gives raw r ‖ s
 * @returns an untagged COSE_Sign1 with `{1: alg, 4: kid}` protected and nothing unprotected
 */
export async function writeCoseSign1(
  alg: number,
  kid: Uint8Array,
  payload: Uint8Array,
  sign: (data: Bytes) => Promise<Uint8Array>,
): Promise<Bytes> {
  const header = writeCbor(
    new Map<Cbor, Cbor>([
      [1, alg],
      [4, kid],
    ]),
  );
  const signature = await sign(sigStructure(header, payload));
  return writeCbor([header, new Map(), payload, signature]);
}

/**
 * Reads our profile: tag 18 or none, both header parameters protected, no others, the unprotected
 * map empty. With `relaxed`, any COSE_Sign1: whatever is unprotected is left out of account.
 * @throws {Malformed} `cose-…`, `cbor-…`
 */
export function readCoseSign1(bytes: Uint8Array, options: CborOptions = {}): CoseSign1 {
  let value = readCbor(bytes, options);
  while (value instanceof CborTag && (value.tag === TAG_SIGN1 || options.relaxed)) {
    value = value.value;
  }
  if (!Array.isArray(value) || value.length !== 4) throw new Malformed('cose-form', 'four parts');
  const [header, unprotected, payload, signature] = value as Cbor[];
  if (
    !(header instanceof Uint8Array) ||
    !(unprotected instanceof Map) ||
    !(payload instanceof Uint8Array) ||
    !(signature instanceof Uint8Array)
  ) {
    throw new Malformed('cose-form', 'parts of another type');
  }
  const map = header.length === 0 && options.relaxed ? new Map() : readCbor(header, options);
  if (!(map instanceof Map)) throw new Malformed('cose-header', 'not a map');
  const alg = map.get(1);
  const kid = map.get(4);
  if (!options.relaxed && (unprotected.size > 0 || map.size !== 2 || alg === undefined)) {
    throw new Malformed('cose-header', 'exactly alg and kid, both protected');
  }
  return {
    protected: header,
    alg: typeof alg === 'number' ? alg : null,
    kid: kid instanceof Uint8Array ? kid : null,
    payload,
    signature,
    signed: concat(sigStructure(header, payload)),
  };
}
