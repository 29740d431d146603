/** Time stamps (RFC 3161): what a token says, and whether it is sound. Trust is judged apart. */

import { type CmsReport, type Content, verifyAttached } from '../../cms/index.ts';
import {
  type DerNode,
  type DigestName,
  digest,
  digestOf,
  equal,
  expect,
  Malformed,
  oidOf,
  readDer,
  smallIntegerOf,
  TAG,
} from '../../crypto/index.ts';
import { readTime } from '../../pki/index.ts';

export const TST_INFO = '1.2.840.113549.1.9.16.1.4';
export const SIGNATURE_TIME_STAMP = '1.2.840.113549.1.9.16.2.14';

export interface TstInfo {
  readonly imprintAlgorithm: DerNode;
  readonly imprint: Uint8Array;
  /** Milliseconds since 1970. */
  readonly genTime: number;
}

/** @throws {Malformed} for anything but a TSTInfo of version 1. */
export function readTstInfo(der: Uint8Array): TstInfo {
  const parts = expect(readDer(der), TAG.SEQUENCE, 'TSTInfo').children;
  if (smallIntegerOf(parts[0]) !== 1) throw new Malformed('tst-version', 'TSTInfo version');
  oidOf(parts[1]);
  const [algorithm, imprint] = expect(parts[2], TAG.SEQUENCE, 'messageImprint').children;
  const time = expect(parts[4], TAG.GENERALIZED_TIME, 'genTime');
  return {
    imprintAlgorithm: expect(algorithm, TAG.SEQUENCE, 'hashAlgorithm'),
    imprint: expect(imprint, TAG.OCTET_STRING, 'hashedMessage').value,
    genTime: readGenTime(time),
  };
}

/** GeneralizedTime with the fraction that RFC 3161 allows. */
function readGenTime(node: DerNode): number {
  const text = String.fromCharCode(...node.value);
  const m = /^(\d{14})\.(\d{1,9})Z$/.exec(text);
  if (!m) return readTime(node);
  const value = new TextEncoder().encode(`${m[1]}Z`);
  return readTime({ ...node, value }) + Math.floor(Number(`0.${m[2]}`) * 1000);
}

export async function digestContentOf(name: DigestName, content: Content): Promise<Uint8Array> {
  if (content instanceof Uint8Array) return digest(name, content);
  if ('digest' in content) return content.digest(name);
  throw new Malformed('tst-content', 'content is given in another shape');
}

export interface TokenReport {
  readonly ok: boolean;
  readonly code: string;
  readonly genTime: number | null;
  readonly cms: CmsReport;
}

/** A signature time stamp: its own signature, and its imprint over the signature value. */
export async function checkToken(token: Uint8Array, signature: Uint8Array): Promise<TokenReport> {
  const cms = await verifyAttached(token, TST_INFO, { allowBer: true });
  if (!cms.content) return { ok: false, code: cms.code, genTime: null, cms };
  try {
    const info = readTstInfo(cms.content);
    const same = equal(info.imprint, await digest(digestOf(info.imprintAlgorithm), signature));
    const code = !cms.ok ? cms.code : same ? 'ok' : 'tst-imprint';
    return { ok: code === 'ok', code, genTime: info.genTime, cms };
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    return { ok: false, code: error.code, genTime: null, cms };
  }
}
