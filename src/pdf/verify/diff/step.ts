/**
 * One step: everything that differs between a revision and the next, each difference explained by
 * a rule or listed as `other`. The rules are a whitelist; what none of them reaches is not allowed.
 */
import type { PdfRevision } from '../../read/document.ts';
import { PdfDict, type PdfObject, PdfRef, PdfStream, sameObject } from '../../read/objects.ts';
import { type Form, type FormField, formOf } from '../form-fields.ts';
import { type PageTree, pagesOf } from '../pages.ts';
import { rectangleOf } from '../placement.ts';
import { type Change, ChangeList, type ChangePlace } from './change.ts';
import type { ChangeCode } from './change-words.ts';
import { type ChangedObjects, changedObjects } from './changed-objects.ts';
import { structureAdditions } from './structure.ts';
import { walkBelow } from './walk.ts';

const NONE: ReadonlySet<number> = new Set();

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
  readonly #paintedSeen = new Set<number>();
  /** Numbers explained only as part of what may change: they must not be shown elsewhere. */
  readonly #loose = new Set<number>();
  /** New numbers of values that were written in place before. */
  readonly #moved = new Set<number>();
  /** Something that must stay cannot be read, so nobody knows what it refers to. */
  #blind = false;
  /** Changes that only give new widgets their place in the structure tree. */
  readonly #additions: ReadonlySet<number>;
  #taggedTold = false;
  #shownOn: Map<number, number> | null = null;

  constructor(before: PdfRevision, after: PdfRevision) {
    this.before = before;
    this.after = after;
    this.changed = changedObjects(before, after);
    this.forms = { before: formOf(before), after: formOf(after) };
    this.pages = { before: pagesOf(before), after: pagesOf(after) };
    this.#collectStops();
    this.#additions = structureAdditions(this, this.#newWidgets());
  }

  #newWidgets(): Set<number> {
    const out = new Set<number>();
    for (const field of this.forms.after.all) {
      if (field.type !== 'Sig') continue;
      for (const { num } of [field, ...field.widgets]) {
        if (num !== null && this.changed.all.has(num) && !this.changed.redefined.has(num))
          out.add(num);
      }
    }
    return out;
  }

  #tagged(num: number): boolean {
    if (this.#additions.size > 0 && !this.#taggedTold) {
      this.#taggedTold = true;
      this.changes.add('evidence', 'Catalog/StructTreeRoot', null, null, 'structure-added');
    }
    this.explained.add(num);
    return true;
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
      onBlind: () => this.#wentBlind(),
      onChanged: (num, where) => {
        if (this.#additions.has(num)) return this.#tagged(num);
        this.other(`${where} (object ${num})`, this.#old(num), this.#new(num));
        this.explained.add(num);
        return false;
      },
    });
  }

  /** A value that must be the same, with everything below it. */
  frozen(old: PdfObject, now: PdfObject, path: string): void {
    if (sameObject(old, now)) this.frozenBelow(now, path);
    else if (old instanceof PdfRef === now instanceof PdfRef) this.other(path, old, now);
    else {
      // The same value, here an object of its own, there written in place.
      const is = this.after.resolve(now);
      const whole = !(is instanceof PdfStream) && sameObject(this.before.resolve(old), is);
      if (!whole || this.#isStop(now)) {
        this.other(path, old, now);
        return;
      }
      if (now instanceof PdfRef) {
        this.explain(now.num);
        this.#moved.add(now.num);
      }
      this.frozenBelow(is, path);
    }
  }

  #wentBlind(): void {
    this.#blind = true;
  }

  #isStop(value: PdfObject): boolean {
    return value instanceof PdfRef && this.stops.has(value.num);
  }

  /** As {@link frozen}, for what is painted: nothing there has a place elsewhere. */
  painted(value: PdfObject, path: string): void {
    walkBelow(this.after, this.changed.all, value, path, {
      stops: NONE,
      seen: this.#paintedSeen,
      onBlind: () => this.#wentBlind(),
      onChanged: (num, where) => {
        if (this.#frozenSeen.has(num) || this.#moved.has(num)) return this.#moved.has(num);
        this.other(`${where} (object ${num})`, this.#old(num), this.#new(num));
        this.explained.add(num);
        return false;
      },
    });
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
        this.#loose.add(num);
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
    code: ChangeCode = 'entry-changed',
    where: ChangePlace = {},
  ): void {
    const params = code === 'entry-changed' ? { path: object, ...where.params } : where.params;
    const page = where.page ?? pageIn(object);
    this.changes.add('other', object, old, now, code, {
      ...where,
      ...(page === undefined ? {} : { page }),
      ...(params ? { params } : {}),
    });
  }

  /** Page and rectangle of a field of the later revision, by its first widget. */
  placeOf(field: FormField): { page?: number; rect?: Change['rect'] } {
    const widget = field.widgets[0] ?? field;
    const rect = rectangleOf(this.after, widget.dict);
    const page = widget.num === null ? undefined : this.#pageOf(widget.num);
    return { ...(page === undefined ? {} : { page }), ...(rect ? { rect } : {}) };
  }

  #pageOf(num: number): number | undefined {
    if (!this.#shownOn) {
      this.#shownOn = new Map();
      for (const [i, page] of this.pages.after.pages.entries()) {
        for (const entry of page.annotations) {
          if (entry instanceof PdfRef) this.#shownOn.set(entry.num, i + 1);
        }
      }
    }
    return this.#shownOn.get(num);
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
      const doubtful = this.#blind && this.#loose.has(num) && !this.stops.has(num);
      if (this.explained.has(num) && !doubtful) continue;
      const old = this.#old(num);
      const now = this.#new(num);
      if (this.stops.has(num)) {
        this.other(`object ${num}`, old, now, 'object-out-of-place', {
          params: { number: String(num) },
        });
      } else if (this.changed.redefined.has(num) && now !== null) {
        this.other(`object ${num}`, old, now, 'object-redefined', {
          params: { number: String(num) },
        });
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

/** The page that a path begins with. */
function pageIn(path: string): number | undefined {
  const number = /^Page (\d+)/.exec(path)?.[1];
  return number === undefined ? undefined : Number(number);
}

function attempt(read: () => PdfObject): PdfObject | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
