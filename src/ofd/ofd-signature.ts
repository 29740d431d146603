/** Where an OFD keeps its signatures, and what one of them says it protects. */
import { equal, fromBase64, fromHex, Malformed } from '../crypto/index.ts';
import { type OfdFiles, pathText } from './ofd-files.ts';
import { childOf, childrenOf, isOfd, readXml, type XmlElement } from './xml.ts';

const MAX_SIGNATURES = 64;
/** As many as a package may hold files. */
const MAX_REFERENCES = 4096;

export interface ListedSignature {
  readonly id: string;
  /** Path of Signature.xml. */
  readonly path: string;
  /** Path of the list that names it. */
  readonly list: string;
}

export interface SignatureList {
  readonly listed: readonly ListedSignature[];
  /** Lists that OFD.xml names and that are not there. */
  readonly missing: readonly string[];
  /** Lists that hold more than signatures. */
  readonly strange: readonly string[];
}

export interface Reference {
  readonly path: string;
  /** null where it cannot be read. */
  readonly value: Uint8Array | null;
}

export interface OfdSignature {
  /** Path of the signature value. */
  readonly signedValue: string;
  readonly method: string;
  /** Path of the seal, where there is one. */
  readonly seal: string | null;
  readonly checkMethod: string;
  readonly references: readonly Reference[];
  /** Stamps on pages, as written: page and box in millimetres. */
  readonly stamps: readonly { page: string; boundary: string; clip: string | null }[];
}

/** Every signature that the document lists, in order. @throws {Malformed} `ofd`, `xml…` */
export function listedSignatures(files: OfdFiles): SignatureList {
  const root = files.locate('', 'OFD.xml') ?? 'OFD.xml';
  const listed: ListedSignature[] = [];
  const missing: string[] = [];
  const strange: string[] = [];
  for (const body of childrenOf(document(files, root, 'OFD'), 'DocBody')) {
    const pointer = childOf(body, 'Signatures');
    if (!pointer?.text) continue;
    const list = files.locate(root, pointer.text);
    if (list === null) {
      missing.push(pathText(root, pointer.text));
      continue;
    }
    const all = document(files, list, 'Signatures');
    if (!isPlainList(all)) strange.push(list);
    for (const entry of childrenOf(all, 'Signature')) {
      const location = entry.attributes.get('BaseLoc') ?? '';
      const path = files.locate(list, location) ?? pathText(list, location);
      listed.push({ id: entry.attributes.get('ID') ?? '', path, list });
    }
  }
  if (listed.length > MAX_SIGNATURES) throw new Malformed('ofd', 'too many signatures');
  return { listed, missing, strange };
}

const ENTRIES: Record<string, readonly string[]> = {
  Signature: ['ID', 'Type', 'BaseLoc'],
  MaxSignId: [],
};

/** A list that is not covered, so that later signatures can go into it, holds nothing but them. */
function isPlainList(list: XmlElement): boolean {
  const plain = list.children.every(({ name, attributes, children, text }) => {
    const known = ENTRIES[name];
    const named = [...attributes.keys()].filter((key) => !key.startsWith('xmlns'));
    const quiet = children.length === 0 && (name === 'MaxSignId' || text === '');
    const type = attributes.get('Type') ?? 'Seal';
    return (
      quiet && /^(Seal|Sign)$/i.test(type) && named.every((key) => known?.includes(key)) && known
    );
  });
  return plain && list.text === '';
}

/** @throws {Malformed} `ofd`, `xml…` */
export function readSignature(files: OfdFiles, path: string): OfdSignature {
  const root = document(files, path, 'Signature');
  const info = need(childOf(root, 'SignedInfo'), 'SignedInfo');
  const references = need(childOf(info, 'References'), 'References');
  const seal = childOf(info, 'Seal');
  const at = (location: string) => files.locate(path, location) ?? pathText(path, location);
  return {
    signedValue: at(need(childOf(root, 'SignedValue'), 'SignedValue').text),
    method: childOf(info, 'SignatureMethod')?.text ?? '',
    seal: seal ? at(need(childOf(seal, 'BaseLoc'), 'BaseLoc').text) : null,
    checkMethod: references.attributes.get('CheckMethod') ?? 'MD5',
    references: readReferences(references, at),
    stamps: childrenOf(info, 'StampAnnot').map(({ attributes }) => ({
      page: attributes.get('PageRef') ?? '',
      boundary: attributes.get('Boundary') ?? '',
      clip: attributes.get('Clip') ?? null,
    })),
  };
}

/** Each file once: with two values for one file, which of them counts would be anybody's choice. */
function readReferences(list: XmlElement, at: (location: string) => string): Reference[] {
  const all = childrenOf(list, 'Reference');
  if (all.length > MAX_REFERENCES) throw new Malformed('ofd', 'too many references');
  const found = new Map<string, Reference>();
  for (const reference of all) {
    const path = at(reference.attributes.get('FileRef') ?? '');
    const value = checkValue(childOf(reference, 'CheckValue')?.text ?? '');
    const known = found.get(path);
    const same = known && known.value && value && equal(known.value, value);
    if (known && !same) throw new Malformed('ofd', 'a file is referenced twice');
    found.set(path, { path, value });
  }
  return [...found.values()];
}

/** Base64 by the standard; hexadecimal in the wild. */
function checkValue(text: string): Uint8Array | null {
  const plain = text.replace(/\s/g, '');
  return /^[0-9a-f]{64}$/i.test(plain) ? fromHex(plain.toLowerCase()) : fromBase64(plain || '?');
}

function document(files: OfdFiles, path: string, name: string): XmlElement {
  const bytes = files.get(path);
  if (!bytes) throw new Malformed('ofd', `${path} is missing`);
  const root = readXml(bytes);
  if (!isOfd(root, name)) throw new Malformed('ofd', `${path} is no ${name}`);
  return root;
}

function need(element: XmlElement | null, name: string): XmlElement {
  if (!element) throw new Malformed('ofd', `${name} is missing`);
  return element;
}
