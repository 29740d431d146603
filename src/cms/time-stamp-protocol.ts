/** Asking a time-stamping authority (RFC 3161 2.4.1, 2.4.2), and being a small one. */
import {
  type Bytes,
  DIGEST_OID,
  derWrite,
  expect,
  integerOf,
  Malformed,
  oidOf,
  readDer,
  type Signer,
  smallIntegerOf,
  TAG,
} from '../crypto/index.ts';
import { OID } from './oids.ts';
import { signAttached } from './sign.ts';
import { type MessageImprint, readMessageImprint } from './time-stamp.ts';

const { boolean, generalizedTime, integer, nullValue, octetString, oid, sequence } = derWrite;

const writeImprint = ({ hash, value }: MessageImprint) =>
  sequence(sequence(oid(DIGEST_OID[hash]), nullValue()), octetString(value));

/** TimeStampReq that asks for the certificates too. The nonce is the caller's randomness. */
export function createTimeStampRequest(imprint: MessageImprint, nonce?: bigint): Bytes {
  return sequence(
    integer(1),
    writeImprint(imprint),
    ...(nonce === undefined ? [] : [integer(nonce)]),
    boolean(true),
  );
}

export interface TimeStampRequest {
  readonly imprint: MessageImprint;
  readonly policy: string | null;
  readonly nonce: bigint | null;
  readonly certificates: boolean;
}

/** @throws {Malformed} for anything but a request of version 1; extensions are refused. */
export function readTimeStampRequest(der: Uint8Array): TimeStampRequest {
  const parts = [...expect(readDer(der), TAG.SEQUENCE, 'TimeStampReq').children];
  const take = (tag: number) => (parts[0]?.tag === tag ? parts.shift() : undefined);
  if (smallIntegerOf(parts.shift()) !== 1) throw new Malformed('tsp-form', 'version');
  const imprint = readMessageImprint(parts.shift());
  const policy = take(TAG.OID);
  const nonce = take(TAG.INTEGER);
  const certificates = take(TAG.BOOLEAN);
  if (parts.length > 0) throw new Malformed('tsp-form', 'unexpected field', parts[0]?.at);
  return {
    imprint,
    policy: policy ? oidOf(policy) : null,
    nonce: nonce ? integerOf(nonce) : null,
    certificates: certificates?.value[0] === 0xff,
  };
}

/** TimeStampResp that grants. */
export const createTimeStampResponse = (token: Uint8Array): Bytes =>
  sequence(sequence(integer(0)), token);

/**
 * @returns the token of a granted response; what is in it is for `readTimeStampToken`.
 * @throws {Malformed} `tsp-rejected` where the authority refused, `tsp-form` for a broken answer.
 */
export function readTimeStampResponse(der: Uint8Array): Uint8Array {
  const [status, token, more] = expect(readDer(der), TAG.SEQUENCE, 'TimeStampResp').children;
  const code = smallIntegerOf(expect(status, TAG.SEQUENCE, 'PKIStatusInfo').children[0]);
  if (code > 1) throw new Malformed('tsp-rejected', `the authority refused with status ${code}`);
  if (!token || more) throw new Malformed('tsp-form', 'granted without a token');
  return token.raw;
}

/** A token of one's own authority: for tests, and for deployments that run one. */
export function createTimeStampToken(options: {
  readonly signer: Signer;
  readonly imprint: MessageImprint;
  /** genTime, ISO 8601; whole seconds are kept. */
  readonly time: string;
  readonly serial: bigint | number;
  readonly policy: string;
  readonly nonce?: bigint | null | undefined;
}): Promise<Bytes> {
  const { signer, imprint, time, serial, policy, nonce } = options;
  const content = sequence(
    integer(1),
    oid(policy),
    writeImprint(imprint),
    integer(serial),
    generalizedTime(new Date(time)),
    ...(nonce === undefined || nonce === null ? [] : [integer(nonce)]),
  );
  return signAttached({ content, contentType: OID.tstInfo, signer, signingTime: time });
}
