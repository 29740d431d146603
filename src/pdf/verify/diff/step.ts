/**
 * One step: everything that differs between a revision and the next, each difference explained by
 * a rule or listed as `other`. The rules are a whitelist; what none of them reaches is not allowed.
 */
import type { PdfRevision } from '../../read/document.ts';
import { PdfDict, type PdfObject, PdfRef, sameObject } from '../../read/objects.ts';
import { type Form, formOf } from '../form-fields.ts';
import { type PageTree, pagesOf } from '../pages.ts';
import { type Change, ChangeList } from './change.ts';
import { type ChangedObjects, changedObjects } from './changed-objects.ts';
import { walkBelow } from './walk.ts';

export class Step {
  readonly before: PdfRevision;
  readonly after: PdfRevision;
  readonly changed: ChangedObjects;
  readonly changes = new ChangeList();
  readonly forms: { readonly before: Form; readonly after: Form };
  readonly pages: { readonly before: PageTree; readonly after: PageTree };
  /** Changed numbers that a rule accounts for. */
  readonly explained = new Set<number>();
  /** Numbers judged at their own place: catalog, pages, annotations, fields. */
  readonly stops = new Set<number>();
  readonly #frozenSeen = new Set<number>();

  constructor(before: PdfRevision, after: PdfRevision) {
    this.before = before;
    this.after = after;
    this.changed = changedObjects(before, after);
    this.forms = { before: formOf(before), after: formOf(after) };
    this.pages = { before: pagesOf(before), after: pagesOf(after) };
    this.#collectStops();
  }

  #collectStops(): void {
    const root = this.after.map.trailer.raw('Root');
    if (root instanceof PdfRef) this.stops.add(root.num);
    for (const tree of [this.pages.before, this.pages.after]) {
      for (const node of [...tree.nodes, ...tree.pages]) this.stops.add(node.num);
      for (const page of tree.pages) {
        for (const entry of page.annotations) {
          if (entry instanceof PdfRef && this.#isAnnotation(entry)) this.stops.add(entry.num);
        }
      }
    }
    for (const form of [this.forms.before, this.forms.after]) {
      for (const field of form.all) {
        if (field.num !== null) this.stops.add(field.num);
        for (const { num } of field.widgets) if (num !== null) this.stops.add(num);
      }
    }
  }

  #isAnnotation(entry: PdfObject): boolean {
    const now = this.after.resolve(entry);
    return now instanceof PdfDict || now === null;
  }

  /** Nothing below this value may have changed. */
  frozenBelow(value: PdfObject, path: string): void {
    walkBelow(this.after, this.changed.all, value, path, {
      stops: this.stops,
      seen: this.#frozenSeen,
      onChanged: (num, where) => {
        this.other(`${where} (object ${num})`, this.#old(num), this.#new(num));
        this.explained.add(num);
        return false;
      },
    });
  }

  /** A value that must be the same, with everything below it. */
  frozen(old: PdfObject, now: PdfObject, path: string): void {
    if (!sameObject(old, now)) {
      this.other(path, old, now);
      return;
    }
    this.frozenBelow(now, path);
  }

  /** All entries of a dictionary but those named. */
  frozenEntries(old: PdfDict, now: PdfDict, path: string, except: ReadonlySet<string>): void {
    for (const key of new Set([...old.entries.keys(), ...now.entries.keys()])) {
      if (except.has(key) || writesDefault(old, now, key)) continue;
      this.frozen(old.raw(key), now.raw(key), `${path}/${key}`);
    }
  }

  /** Everything changed below this value belongs to a change that a rule has named. */
  explainBelow(value: PdfObject, path: string, onChanged?: (num: number) => void): void {
    walkBelow(this.after, this.changed.all, value, path, {
      stops: this.stops,
      seen: new Set(),
      onChanged: (num) => {
        this.explained.add(num);
        onChanged?.(num);
        return true;
      },
    });
  }

  explain(num: number | null): void {
    if (num !== null) this.explained.add(num);
  }

  other(
    object: string,
    old: PdfObject | undefined,
    now: PdfObject | undefined,
    why?: string,
  ): void {
    this.changes.add('other', object, old, now, why ?? `${object} was changed`);
  }

  #old(num: number): PdfObject | undefined {
    return attempt(() => this.before.object(num));
  }

  #new(num: number): PdfObject | undefined {
    return attempt(() => this.after.object(num));
  }

  /** Last of all: what no rule has reached. */
  finish(): readonly Change[] {
    for (const num of this.changed.all) {
      if (this.explained.has(num)) continue;
      const old = this.#old(num);
      const now = this.#new(num);
      if (this.stops.has(num)) {
        this.other(`object ${num}`, old, now, `object ${num} was changed outside its place`);
      } else if (this.changed.redefined.has(num) && now !== null) {
        this.other(`object ${num}`, old, now, `object ${num} was redefined, and no rule says why`);
      }
    }
    return this.changes.list;
  }
}

/** Flags that are 0 where absent; a field below another would inherit instead. */
const ZERO_FLAGS = new Set(['Ff', 'F']);

function writesDefault(old: PdfDict, now: PdfDict, key: string): boolean {
  const plain = ZERO_FLAGS.has(key) && !old.has('Parent') && !now.has('Parent');
  return plain && (old.raw(key) ?? 0) === 0 && (now.raw(key) ?? 0) === 0;
}

function attempt(read: () => PdfObject): PdfObject | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
