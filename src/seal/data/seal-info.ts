/** SES_SealInfo: what the maker of a seal vouches for. */
import {
  type DerNode,
  expect,
  fromUtf8,
  latin1,
  Malformed,
  oidOf,
  smallIntegerOf,
  TAG,
} from '../../crypto/index.ts';
import { readTime } from '../../pki/index.ts';
import { type HolderList, readCertificateList, readDigestList } from './holders.ts';

export interface SealPicture {
  /** As written: PNG, GIF, JPG, BMP, ofd, or SVG (ours). Compare without case. */
  readonly type: string;
  readonly data: Uint8Array;
  readonly widthMm: number;
  readonly heightMm: number;
}

export interface SealExtension {
  readonly oid: string;
  readonly critical: boolean;
  readonly value: Uint8Array;
}

export interface SealInfo {
  /** Original bytes: what the maker signs. */
  readonly raw: Uint8Array;
  /** `header.version`; the structure decides, not this number. */
  readonly headerVersion: number;
  readonly vid: string;
  readonly esID: string;
  /** 1 unit, 2 person; 3 and 4 occur: an open number. */
  readonly type: number;
  readonly name: string;
  readonly holders: HolderList;
  /** ISO 8601, UTC. */
  readonly created: string;
  readonly validStart: string;
  readonly validEnd: string;
  readonly picture: SealPicture;
  readonly extensions: readonly SealExtension[];
  /** Deviations from DER that real producers have and that change no meaning. */
  readonly notes: readonly string[];
}

/**
 * @param generation 1 for GM/T 0031-2014 (six properties), 4 for the later ones (seven)
 * @throws {Malformed} for another structure
 */
export function readSealInfo(node: DerNode | undefined, generation: 1 | 4): SealInfo {
  const { raw, children, at } = expect(node, TAG.SEQUENCE, 'SES_SealInfo');
  if (children.length < 4 || children.length > 5) {
    throw new Malformed('seal-form', `SES_SealInfo has ${children.length} elements`, at);
  }
  const [header, esID, property, picture, extDatas] = children;
  const [magic, version, vid] = parts(header, 3, 'SES_Header');
  if (text(magic, 'header ID') !== 'ES') throw new Malformed('seal-header', 'header ID is not ES');
  const notes: string[] = [];
  return {
    raw,
    headerVersion: smallIntegerOf(version),
    vid: text(vid, 'Vid'),
    esID: text(esID, 'esID'),
    ...readProperty(property, generation, notes),
    picture: readPicture(picture),
    extensions: extDatas ? readExtensionDatas(extDatas, notes) : [],
    notes,
  };
}

function readProperty(node: DerNode | undefined, generation: 1 | 4, notes: string[]) {
  const fields = parts(node, generation === 1 ? 6 : 7, 'SES_ESPropertyInfo');
  const type = smallIntegerOf(fields[0]);
  const name = fromUtf8(expect(fields[1], TAG.UTF8, 'name').value);
  if (name === null) throw new Malformed('seal-name', 'name is not UTF-8');
  const listType = generation === 1 ? 1 : smallIntegerOf(fields[2]);
  if (listType !== 1 && listType !== 2) {
    throw new Malformed('seal-holders', `certListType ${listType}`);
  }
  const list = fields[generation === 1 ? 2 : 3];
  const times = fields.slice(-3);
  if (generation === 4) for (const t of times) expect(t, TAG.GENERALIZED_TIME, 'time');
  const [created, validStart, validEnd] = times.map((t) => new Date(readTime(t)).toISOString());
  return {
    type,
    name,
    holders: listType === 1 ? readCertificateList(list, notes) : readDigestList(list),
    created: created as string,
    validStart: validStart as string,
    validEnd: validEnd as string,
  };
}

function readPicture(node: DerNode | undefined): SealPicture {
  const [type, data, width, height] = parts(node, 4, 'SES_ESPictrueInfo');
  return {
    type: text(type, 'picture type'),
    data: expect(data, TAG.OCTET_STRING, 'picture data').value,
    widthMm: smallIntegerOf(width),
    heightMm: smallIntegerOf(height),
  };
}

const MAX_EXTENSIONS = 64;

/**
 * ExtensionDatas, bare or in `[0]`: the text says EXPLICIT without a number, real files write the
 * bare SEQUENCE. An explicit FALSE, which DER forbids, is noted.
 */
export function readExtensionDatas(node: DerNode, notes: string[]): SealExtension[] {
  let list = node;
  if (node.tag === 0xa0) {
    if (node.children.length !== 1) throw new Malformed('seal-extension', 'extDatas', node.at);
    list = node.children[0] as DerNode;
  }
  expect(list, TAG.SEQUENCE, 'ExtensionDatas');
  if (list.children.length > MAX_EXTENSIONS) throw new Malformed('seal-extension', 'too many');
  const seen = new Set<string>();
  return list.children.map((child) => {
    const fields = [...expect(child, TAG.SEQUENCE, 'ExtData').children];
    const oid = oidOf(fields.shift());
    if (seen.has(oid)) throw new Malformed('seal-extension', `extension ${oid} twice`, child.at);
    seen.add(oid);
    let critical = false;
    if (fields[0]?.tag === TAG.BOOLEAN) {
      critical = (fields.shift() as DerNode).value[0] === 0xff;
      if (!critical) notes.push(`extension ${oid} encodes its default FALSE`);
    }
    const value = expect(fields.shift(), TAG.OCTET_STRING, 'extnValue').value;
    if (fields.length > 0) throw new Malformed('seal-extension', 'unexpected field', child.at);
    return { oid, critical, value };
  });
}

/** Exactly `count` elements of a SEQUENCE. */
export function parts(
  node: DerNode | undefined,
  count: number,
  what: string,
): (DerNode | undefined)[] {
  const { children, at } = expect(node, TAG.SEQUENCE, what);
  if (children.length !== count) {
    throw new Malformed('seal-form', `${what} has ${children.length} elements, not ${count}`, at);
  }
  return [...children];
}

/** IA5String. */
export function text(node: DerNode | undefined, what: string): string {
  const { value, at } = expect(node, TAG.IA5, what);
  if (value.some((byte) => byte >= 0x80)) throw new Malformed('seal-text', what, at);
  return latin1(value);
}
