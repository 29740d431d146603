/** The page tree of one revision (ISO 32000-2, 7.7.3), read once. */
import { Malformed } from '../../crypto/index.ts';
import type { PdfRevision } from '../read/document.ts';
import { isName, PdfDict, type PdfObject, PdfRef } from '../read/objects.ts';
import { readOnce } from './reuse.ts';

export interface Page {
  readonly num: number;
  readonly dict: PdfDict;
  /** Annots, entries as written. */
  readonly annotations: readonly PdfObject[];
}

export interface PageTree {
  readonly pages: readonly Page[];
  /** Nodes of the tree that are not pages, root first. */
  readonly nodes: readonly { readonly num: number; readonly dict: PdfDict }[];
  /** Page number, from 1, by the object number of the page. */
  readonly numberOf: ReadonlyMap<number, number>;
  /** Object numbers of all pages and nodes. */
  readonly numbers: ReadonlySet<number>;
  /** Object numbers of all annotations. */
  readonly annotations: ReadonlySet<number>;
}

const MAX_DEPTH = 64;
/** What a page weighs in the budget, with all that is asked of it later. */
const COST = 24;
/** @throws {Malformed} `pdf-pages` for a tree that is none: loops, direct kids, missing nodes. */
export const pagesOf = readOnce(readPages);

function readPages(revision: PdfRevision): PageTree {
  const pages: Page[] = [];
  const nodes: { num: number; dict: PdfDict }[] = [];
  const numberOf = new Map<number, number>();
  const seen = new Set<number>();
  const { budget } = revision.document;
  const enter = (object: PdfObject, depth: number): void => {
    if (!(object instanceof PdfRef)) throw new Malformed('pdf-pages', 'a page without number');
    if (seen.has(object.num)) throw new Malformed('pdf-pages', 'a page stands twice in the tree');
    if (depth > MAX_DEPTH) throw new Malformed('pdf-pages', 'page tree nested too deeply');
    seen.add(object.num);
    budget.visit(COST);
    const dict = revision.resolve(object);
    if (!(dict instanceof PdfDict)) throw new Malformed('pdf-pages', 'a page that is missing');
    const kids = revision.array(dict.raw('Kids'));
    if (kids && !isName(revision.get(dict, 'Type'), 'Page')) {
      nodes.push({ num: object.num, dict });
      for (const kid of kids) enter(kid, depth + 1);
      return;
    }
    numberOf.set(object.num, pages.length + 1);
    const annotations = revision.array(dict.raw('Annots')) ?? [];
    budget.visit(4 * annotations.length);
    pages.push({ num: object.num, dict, annotations });
  };
  enter(revision.catalog.raw('Pages'), 0);
  const annotations = new Set<number>();
  for (const page of pages) {
    for (const entry of page.annotations) if (entry instanceof PdfRef) annotations.add(entry.num);
  }
  return { pages, nodes, numberOf, numbers: seen, annotations };
}

/** Of an attribute that pages inherit (7.7.3.4): the page, or the node above it, that has the key. */
export function inheritedFrom(revision: PdfRevision, dict: PdfDict, key: string): PdfDict | null {
  let at: PdfDict | null = dict;
  for (let i = 0; at && i < 64; i++) {
    if (at.has(key)) return at;
    at = revision.dict(at.raw('Parent'));
  }
  return null;
}
