/** Making a seal: SESeal of version 4, signed by its maker. */
import { derWrite as d, type Signer } from '../../crypto/index.ts';
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
}

/**
 * @returns SESeal, DER.
 * @throws {RangeError} for values that the structure cannot carry: non-ASCII ids, no holder, a
 * period that ends before it starts, a size that is no whole number of millimetres.
 */
export async function writeSeal(spec: SealSpec): Promise<Uint8Array> {
  const { picture, maker } = spec;
  const info = d.sequence(
    d.sequence(ia5('ES'), d.integer(4), ia5(spec.vid)),
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
  return d.sequence(
    info,
    d.octetString(maker.certificate),
    d.oid(algorithmOf(maker.suite)),
    d.bitString(await maker.sign(info)),
  );
}

function property(spec: SealSpec) {
  if (spec.holderCertificates.length === 0) throw new RangeError('a seal needs a holder');
  if (Date.parse(spec.validEnd) <= Date.parse(spec.validStart)) {
    throw new RangeError('the seal ends before it starts');
  }
  return d.sequence(
    d.integer(spec.type),
    d.utf8String(spec.name.normalize('NFC')),
    d.integer(1),
    d.sequence(...spec.holderCertificates.map((certificate) => d.octetString(certificate))),
    d.generalizedTime(new Date(spec.created)),
    d.generalizedTime(new Date(spec.validStart)),
    d.generalizedTime(new Date(spec.validEnd)),
  );
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
