/** Making a seal: SESeal of version 4 (or 1, for readers that know no other), signed by its maker. */
import { derWrite as d, type Signer, TAG, utf8 } from '../../crypto/index.ts';
import { algorithmOf } from './algorithm.ts';

export interface SealSpec {
  /** Unique id of the seal, ASCII. */
  esID: string;
  /** Vendor id, ASCII. */
  vid: string;
  /** 1 unit, 2 person. */
  type: number;
  name: string;
  /** Signing certificates that may use the seal, DER; at least one. */
  holderCertificates: readonly Uint8Array[];
  /** Size in whole millimetres. */
  picture: { type: string; data: Uint8Array; widthMm: number; heightMm: number };
  /** ISO 8601; whole seconds are kept. */
  created: string;
  validStart: string;
  validEnd: string;
  extensions?: readonly { oid: string; critical: boolean; value: Uint8Array }[];
  maker: Signer;
  /** 4, GB/T 38540-2020, unless said otherwise; 1 is GM/T 0031-2014. */
  version?: 1 | 4;
}

/**
 * @returns SESeal, DER.
 * @throws {RangeError} for values that the structure cannot carry: non-ASCII ids, no holder, a
 * period that ends before it starts, a size that is no whole number of millimetres.
 */
export async function writeSeal(spec: SealSpec): Promise<Uint8Array> {
  const { picture, maker, version = 4 } = spec;
  const info = d.sequence(
    d.sequence(ia5('ES'), d.integer(version), ia5(spec.vid)),
    ia5(spec.esID),
    property(spec),
    d.sequence(
      ia5(picture.type),
      d.octetString(picture.data),
      d.integer(millimetres(picture.widthMm)),
      d.integer(millimetres(picture.heightMm)),
    ),
    ...extDatas(spec.extensions ?? []),
  );
  const certificate = d.octetString(maker.certificate);
  const algorithm = d.oid(algorithmOf(maker.suite));
  if (version === 4) {
    return d.sequence(info, certificate, algorithm, d.bitString(await maker.sign(info)));
  }
  const value = await maker.sign(d.sequence(info, certificate, algorithm));
  return d.sequence(info, d.sequence(certificate, algorithm, d.bitString(value)));
}

function property(spec: SealSpec) {
  if (spec.holderCertificates.length === 0) throw new RangeError('a seal needs a holder');
  if (Date.parse(spec.validEnd) <= Date.parse(spec.validStart)) {
    throw new RangeError('the seal ends before it starts');
  }
  const time = spec.version === 1 ? utcTime : d.generalizedTime;
  return d.sequence(
    d.integer(spec.type),
    d.utf8String(spec.name.normalize('NFC')),
    // certListType: version 1 knows certificates only.
    ...(spec.version === 1 ? [] : [d.integer(1)]),
    d.sequence(...spec.holderCertificates.map((certificate) => d.octetString(certificate))),
    time(new Date(spec.created)),
    time(new Date(spec.validStart)),
    time(new Date(spec.validEnd)),
  );
}

/** UTCTime. @throws {RangeError} outside of 1950 to 2049 */
export function utcTime(time: Date) {
  const iso = time.toISOString();
  if (iso < '1950' || iso >= '2050') throw new RangeError('no such year in a UTCTime');
  return d.tlv(TAG.UTC_TIME, utf8(`${iso.slice(2, 19).replace(/[-:T]/g, '')}Z`));
}

/** ExtensionDatas as real files carry it: a bare SEQUENCE, absent when empty. */
function extDatas(extensions: NonNullable<SealSpec['extensions']>) {
  if (extensions.length === 0) return [];
  const list = extensions.map(({ oid, critical, value }) =>
    d.sequence(d.oid(oid), ...(critical ? [d.boolean(true)] : []), d.octetString(value)),
  );
  return [d.sequence(...list)];
}

export function ia5(text: string) {
  if (!/^[\x20-\x7e]+$/.test(text)) throw new RangeError(`not ASCII: ${text}`);
  return d.ia5String(text);
}

function millimetres(size: number): number {
  if (!Number.isInteger(size) || size < 1 || size > 1000) {
    throw new RangeError('the picture is measured in whole millimetres');
  }
  return size;
}
