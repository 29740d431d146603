/** What one step from a revision to the next did, in kinds that permissions speak of. */
import type { PdfObject } from '../../read/objects.ts';
import { inWords } from '../../read/objects.ts';
import { type ChangeCode, changeWords } from './change-words.ts';
import { type PlainValue, plainValue } from './plain-value.ts';

/**
 * - `evidence`: DSS, VRI, document time stamps and the extensions they need
 * - `metadata`: Info dates, XMP, trailer ID
 * - `sign-existing`: a signature in an empty field that was there
 * - `sign-new`: a new field, signed in the same step
 * - `field-new`: a new field without signature
 * - `form-fill`: value and appearance of a field
 * - `form-look`: appearance of a field, against or without its value
 * - `annotation`: an annotation added, changed or removed
 * - `other`: everything that no rule knows
 */
export type ChangeKind =
  | 'evidence'
  | 'metadata'
  | 'sign-existing'
  | 'sign-new'
  | 'field-new'
  | 'form-fill'
  | 'form-look'
  | 'annotation'
  | 'other';

export interface Change {
  readonly kind: ChangeKind;
  /** Path from the catalog, e.g. `Catalog/Pages/Kids[0]/Contents`, and the object's number. */
  readonly object: string;
  readonly before: string;
  readonly after: string;
  /** The same two in kinds that other languages have words for. */
  readonly was: PlainValue;
  readonly became: PlainValue;
  readonly code: ChangeCode;
  /** What the words name in braces. */
  readonly params: Readonly<Record<string, string>>;
  /** One English sentence. */
  readonly words: string;
  /** Fully qualified name of the field concerned. */
  readonly field?: string;
  /** Page, from 1. */
  readonly page?: number;
  /** Where on the page, points: left, bottom, right, top. */
  readonly rect?: readonly [number, number, number, number];
}

/** What a change is about, as far as it is known. */
export interface ChangePlace {
  readonly field?: string;
  readonly page?: number | undefined;
  readonly rect?: Change['rect'] | undefined;
  /** Further params of the words. */
  readonly params?: Readonly<Record<string, string>>;
}

/** Most changes listed of one step; the verdict needs only the worst, which is kept. */
const MAX_LISTED = 100;

export class ChangeList {
  readonly list: Change[] = [];
  readonly #kinds = new Map<ChangeKind, number>();

  add(
    kind: ChangeKind,
    object: string,
    before: PdfObject | undefined,
    after: PdfObject | undefined,
    code: ChangeCode,
    where: ChangePlace = {},
  ): void {
    const count = (this.#kinds.get(kind) ?? 0) + 1;
    this.#kinds.set(kind, count);
    // Kinds are judged by field name, so those with names are all kept.
    if (count > MAX_LISTED && where.field === undefined) return;
    const { field, page, rect } = where;
    const params: Record<string, string> = { ...where.params };
    if (field !== undefined) params['field'] = field.slice(0, 200);
    if (page !== undefined) params['page'] = String(page);
    this.list.push({
      kind,
      object,
      before: inWords(before),
      after: inWords(after),
      was: plainValue(before),
      became: plainValue(after),
      code,
      params,
      words: changeWords(code, params),
      ...(field === undefined ? {} : { field }),
      ...(page === undefined ? {} : { page }),
      ...(rect === undefined ? {} : { rect }),
    });
  }
}
