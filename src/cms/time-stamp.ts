/**
 * Time-stamp tokens (RFC 3161 2.4.2): what was stamped, when, by whom. That the certificate is a
 * time-stamping authority's (extended key usage, path) is for the caller's path validation.
 */
import {
  type DerNode,
  DIGEST_SIZE,
  type DigestName,
  digestOf,
  equal,
  expect,
  type Finding,
  integerOf,
  latin1,
  Malformed,
  oidOf,
  readDer,
  smallIntegerOf,
  TAG,
} from '../crypto/index.ts';
import { type Content, digestContent } from './content.ts';
import { OID } from './oids.ts';
import type { CmsReport } from './report.ts';
import type { FormOptions } from './signed-data.ts';
import { verifyAttached } from './verify.ts';

export interface MessageImprint {
  readonly hash: DigestName;
  readonly value: Uint8Array;
}

/** TSTInfo, as far as anybody decides by it. */
export interface TstInfo {
  readonly policy: string;
  readonly imprint: MessageImprint;
  readonly serial: bigint;
  /** genTime, ISO 8601, fractions of a second kept to milliseconds. */
  readonly time: string;
  /** Accuracy in milliseconds, where stated. */
  readonly accuracy: number | null;
  readonly nonce: bigint | null;
}

export interface TimeStamp {
  /** Signature and signing certificate in order, and the imprint is the data's where data was given. */
  readonly ok: boolean;
  /** `ok`, a CMS code, or `tst-form`, `tst-imprint`, `cms-ess`. */
  readonly code: string;
  readonly findings: Finding[];
  readonly info: TstInfo | null;
  /** The signature under it: certificates, signer, weakness. */
  readonly cms: CmsReport;
}

/**
 * Reads and verifies a token; never throws for bad input.
 * @param data what must have been stamped: for a signature time stamp the signature value
 */
export async function readTimeStampToken(
  token: Uint8Array,
  options: FormOptions & { readonly data?: Content | undefined } = {},
): Promise<TimeStamp> {
  const cms = await verifyAttached(token, OID.tstInfo, options);
  const findings = [...cms.findings];
  let code: string = cms.code;
  let info: TstInfo | null = null;
  const fail = (failure: string, message: string) => {
    if (code === 'ok') code = failure;
    findings.push({ code: failure, message, severity: 'error' });
  };
  // RFC 3161 2.4.2: the token names its certificate in a signing-certificate attribute.
  if (cms.ok && !cms.essPresent) fail('cms-ess', 'The time stamp does not name its certificate.');
  try {
    if (cms.content) info = readTstInfo(cms.content);
    if (info && options.data !== undefined) {
      const digest = await digestContent(info.imprint.hash, options.data);
      if (!equal(digest, info.imprint.value))
        fail('tst-imprint', 'The time stamp is of other data.');
    }
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    fail(error.code, `Not a well-formed time stamp: ${error.message}.`);
  }
  return { ok: code === 'ok', code, findings, info, cms };
}

/** @throws {Malformed} for anything but one TSTInfo of version 1. */
export function readTstInfo(der: Uint8Array): TstInfo {
  const parts = [...expect(readDer(der), TAG.SEQUENCE, 'TSTInfo').children];
  const take = (tag: number) => (parts[0]?.tag === tag ? parts.shift() : undefined);
  if (smallIntegerOf(parts.shift()) !== 1) throw new Malformed('tst-form', 'version of TSTInfo');
  const policy = oidOf(parts.shift());
  const imprint = readMessageImprint(parts.shift());
  const serial = integerOf(parts.shift());
  const time = readGenTime(parts.shift());
  const accuracy = readAccuracy(take(TAG.SEQUENCE));
  take(TAG.BOOLEAN); // ordering
  const nonce = take(TAG.INTEGER);
  take(0xa0); // tsa: a hint, never a proof
  for (const extension of take(0xa1)?.children ?? []) {
    const critical = expect(extension, TAG.SEQUENCE, 'Extension').children[1];
    if (critical?.tag === TAG.BOOLEAN && critical.value[0] === 0xff) {
      throw new Malformed('tst-form', 'unknown critical extension', extension.at);
    }
  }
  if (parts.length > 0) throw new Malformed('tst-form', 'unexpected field', parts[0]?.at);
  return { policy, imprint, serial, time, accuracy, nonce: nonce ? integerOf(nonce) : null };
}

/** MessageImprint; the value is as long as the digest. */
export function readMessageImprint(node: DerNode | undefined): MessageImprint {
  const [algorithm, value, more] = expect(node, TAG.SEQUENCE, 'messageImprint').children;
  const hash = digestOf(algorithm);
  const octets = expect(value, TAG.OCTET_STRING, 'hashedMessage').value;
  if (more || octets.length !== DIGEST_SIZE[hash])
    throw new Malformed('tst-form', 'imprint', node?.at);
  return { hash, value: octets };
}

/** GeneralizedTime in UTC with an optional fraction (RFC 3161 2.4.2). */
function readGenTime(node: DerNode | undefined): string {
  const text = latin1(expect(node, TAG.GENERALIZED_TIME, 'genTime').value);
  const match = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\.\d*[1-9])?Z$/.exec(text);
  if (!match) throw new Malformed('tst-form', 'genTime', node?.at);
  const [, year, month, day, hour, minute, second, fraction = ''] = match;
  const whole = `${year}-${month}-${day}T${hour}:${minute}:${second}`;
  const milliseconds = fraction.slice(1, 4).padEnd(3, '0');
  const iso = `${whole}.${milliseconds}Z`;
  const time = Date.parse(iso);
  if (Number.isNaN(time) || new Date(time).toISOString() !== iso) {
    throw new Malformed('tst-form', 'no such time', node?.at);
  }
  return iso;
}

/** Accuracy ::= SEQUENCE { seconds INTEGER, millis [0], micros [1] }, each optional. */
function readAccuracy(node: DerNode | undefined): number | null {
  if (!node) return null;
  let total = 0;
  for (const part of node.children) {
    const { value } = part;
    if (value.length < 1 || value.length > 4) throw new Malformed('tst-form', 'accuracy', node.at);
    const number = value.reduce((sum, byte) => sum * 256 + byte, 0);
    if (part.tag === TAG.INTEGER) total += number * 1000;
    else if (part.tag === 0x80) total += number;
    else if (part.tag === 0x81) total += number / 1000;
    else throw new Malformed('tst-form', 'accuracy', part.at);
  }
  return total;
}
