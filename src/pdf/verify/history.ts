/** What came after a signature: the steps from its revision to the last, each compared once. */
import { Malformed } from '../../crypto/index.ts';
import type { PdfDocument, PdfRevision } from '../read/document.ts';
import { compareRevisions } from './diff/catalog.ts';
import { type Change, ChangeList } from './diff/change.ts';
import { Reach } from './diff/reach.ts';

export class History {
  readonly #document: PdfDocument;
  readonly #reach = new Reach();
  readonly #steps = new Map<number, readonly Change[]>();

  constructor(document: PdfDocument) {
    this.#document = document;
  }

  /** Every change of the revisions after `index`, each with the revision that made it. */
  since(index: number): { readonly change: Change; readonly revision: number }[] {
    const out: { change: Change; revision: number }[] = [];
    for (let i = index + 1; i < this.#document.revisions.length; i++) {
      for (const change of this.#step(i)) out.push({ change, revision: i });
    }
    return out;
  }

  #step(index: number): readonly Change[] {
    let changes = this.#steps.get(index);
    if (!changes) {
      const [before, after] = [index - 1, index].map((i) => this.#document.revisions[i]);
      changes = compare(before as PdfRevision, after as PdfRevision, this.#reach);
      this.#steps.set(index, changes);
    }
    return changes;
  }
}

/** A revision that cannot be read is a change that nobody can permit. */
function compare(before: PdfRevision, after: PdfRevision, reach: Reach): readonly Change[] {
  try {
    return compareRevisions(before, after, reach);
  } catch (error) {
    if (!(error instanceof Malformed) || error.code === 'pdf-budget') throw error;
    const changes = new ChangeList();
    const params = { reason: error.message };
    changes.add('other', 'Revision', null, null, 'revision-unreadable', { params });
    return changes.list;
  }
}
