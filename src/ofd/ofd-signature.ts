/** Where an OFD keeps its signatures, and what one of them says it protects. */
import { fromBase64, Malformed } from '../crypto/index.ts';
import { childOf, childrenOf, readXml, type XmlElement } from './xml.ts';

export type Files = ReadonlyMap<string, Uint8Array>;

const NAMESPACE = 'http://www.ofdspec.org/2016';
const MAX_SIGNATURES = 64;
/** As many as a package may hold files. */
const MAX_REFERENCES = 4096;

export interface ListedSignature {
  id: string;
  /** Path of Signature.xml. */
  path: string;
  /** Path of the list that names it. */
  list: string;
}

export interface OfdSignature {
  /** Path of the signature value. */
  signedValue: string;
  method: string;
  /** Path of the seal, where there is one. */
  seal: string | null;
  checkMethod: string;
  references: { path: string; value: Uint8Array | null }[];
  /** Stamps on pages, as written: page and box in millimetres. */
  stamps: { page: string; boundary: string; clip: string | null }[];
}

/** Every signature that the document lists, in order. @throws {Malformed} `ofd`, `xml` */
export function listedSignatures(files: Files): ListedSignature[] {
  const ofd = document(files, 'OFD.xml', 'OFD');
  const found: ListedSignature[] = [];
  for (const body of childrenOf(ofd, 'DocBody')) {
    const pointer = childOf(body, 'Signatures');
    if (!pointer) continue;
    const list = resolve('OFD.xml', pointer.text);
    for (const entry of childrenOf(document(files, list, 'Signatures'), 'Signature')) {
      const path = resolve(list, entry.attributes.get('BaseLoc') ?? '');
      found.push({ id: entry.attributes.get('ID') ?? '', path, list });
    }
  }
  if (found.length > MAX_SIGNATURES) throw new Malformed('ofd', 'too many signatures');
  return found;
}

/** @throws {Malformed} `ofd`, `xml` */
export function readSignature(files: Files, path: string): OfdSignature {
  const root = document(files, path, 'Signature');
  const info = need(childOf(root, 'SignedInfo'), 'SignedInfo');
  const references = need(childOf(info, 'References'), 'References');
  const seal = childOf(info, 'Seal');
  return {
    signedValue: resolve(path, need(childOf(root, 'SignedValue'), 'SignedValue').text),
    method: childOf(info, 'SignatureMethod')?.text ?? '',
    seal: seal ? resolve(path, need(childOf(seal, 'BaseLoc'), 'BaseLoc').text) : null,
    checkMethod: references.attributes.get('CheckMethod') ?? 'MD5',
    references: readReferences(references, path),
    stamps: childrenOf(info, 'StampAnnot').map(({ attributes }) => ({
      page: attributes.get('PageRef') ?? '',
      boundary: attributes.get('Boundary') ?? '',
      clip: attributes.get('Clip') ?? null,
    })),
  };
}

/** Each file once: with two values for one file, which of them counts would be anybody's choice. */
function readReferences(list: XmlElement, from: string): OfdSignature['references'] {
  const all = childrenOf(list, 'Reference');
  if (all.length > MAX_REFERENCES) throw new Malformed('ofd', 'too many references');
  const references = all.map((reference) => ({
    path: resolve(from, reference.attributes.get('FileRef') ?? ''),
    value: fromBase64(childOf(reference, 'CheckValue')?.text.replace(/\s/g, '') ?? '?'),
  }));
  if (new Set(references.map(({ path }) => path)).size < references.length) {
    throw new Malformed('ofd', 'a file is referenced twice');
  }
  return references;
}

function document(files: Files, path: string, name: string): XmlElement {
  const bytes = files.get(path);
  if (!bytes) throw new Malformed('ofd', `${path} is missing`);
  const root = readXml(bytes);
  if (root.name !== name || root.namespace !== NAMESPACE) {
    throw new Malformed('ofd', `${path} is no ${name}`);
  }
  return root;
}

function need(element: XmlElement | null, name: string): XmlElement {
  if (!element) throw new Malformed('ofd', `${name} is missing`);
  return element;
}

/** ST_Loc: from the root with a slash, else from the folder of the file that says it. */
function resolve(from: string, location: string): string {
  const steps = location.startsWith('/') ? [] : from.split('/').slice(0, -1);
  for (const step of location.replace(/^\//, '').split('/')) {
    if (step === '..') {
      if (steps.pop() === undefined) throw new Malformed('ofd', 'location leaves the document');
    } else if (step !== '.') steps.push(step);
  }
  return steps.join('/');
}
