/**
 * One step: everything that differs between a revision and the next, each difference explained by
 * a rule or listed as `other`. The rules are a whitelist; what none of them reaches is not allowed.
 */
import type { PdfRevision } from '../../read/document.ts';
import {
  isName,
  PdfDict,
  type PdfObject,
  PdfRef,
  PdfStream,
  sameObject,
} from '../../read/objects.ts';
import { type Form, type FormField, formOf } from '../form-fields.ts';
import { type PageTree, pagesOf } from '../pages.ts';
import { rectangleOf } from '../placement.ts';
import { type Change, ChangeList, type ChangePlace } from './change.ts';
import type { ChangeCode } from './change-words.ts';
import { type ChangedObjects, changedObjects } from './changed-objects.ts';
import type { Reach } from './reach.ts';
import { structureAdditions } from './structure.ts';
import { walkBelow } from './walk.ts';

const NOWHERE = (): boolean => false;

export class Step {
  readonly before: PdfRevision;
  readonly after: PdfRevision;
  readonly changed: ChangedObjects;
  readonly changes = new ChangeList();
  readonly forms: { readonly before: Form; readonly after: Form };
  readonly pages: { readonly before: PageTree; readonly after: PageTree };
  /** Changed numbers that a rule accounts for. */
  readonly explained = new Set<number>();
  readonly #root: number;
  readonly #frozenSeen = new Set<number>();
  readonly #paintedSeen = new Set<number>();
  /** Numbers explained only as part of what may change: they must not be shown elsewhere. */
  readonly #loose = new Set<number>();
  /** New numbers of values that were written in place before. */
  readonly #moved = new Set<number>();
  readonly #reach: Reach;
  /** Nothing that a walk has met was defined anew. */
  readonly #quiet: boolean;
  /** Changes that only give new widgets their place in the structure tree. */
  readonly #additions: ReadonlySet<number>;
  #taggedTold = false;
  #shownOn: Map<number, number> | null = null;

  constructor(before: PdfRevision, after: PdfRevision, reach: Reach) {
    this.before = before;
    this.after = after;
    this.changed = changedObjects(before, after);
    this.forms = { before: formOf(before), after: formOf(after) };
    this.pages = { before: pagesOf(before), after: pagesOf(after) };
    const root = after.map.trailer.raw('Root');
    this.#root = root instanceof PdfRef ? root.num : -1;
    this.#reach = reach;
    this.#quiet = reach.covers(after.index, this.changed.all);
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

  /** Judged at its own place: catalog, pages, annotations, fields. */
  readonly isStop = (num: number): boolean => {
    if (num === this.#root) return true;
    for (const { numbers } of [this.pages.before, this.pages.after])
      if (numbers.has(num)) return true;
    for (const { numbers } of [this.forms.before, this.forms.after])
      if (numbers.has(num)) return true;
    const annotation =
      this.pages.before.annotations.has(num) || this.pages.after.annotations.has(num);
    return annotation && this.#isAnnotation(num);
  };

  #isAnnotation(num: number): boolean {
    const now = this.after.object(num);
    return now instanceof PdfDict || now === null;
  }

  /** Nothing below this value may have changed. */
  frozenBelow(value: PdfObject, path: string): void {
    if (this.#quiet) return;
    walkBelow(this.after, this.changed.all, value, path, {
      stops: this.isStop,
      seen: this.#frozenSeen,
      onBlind: () => this.#wentBlind(),
      onChanged: (num, path) => {
        if (this.#additions.has(num)) return this.#tagged(num);
        this.other(`${path()} (object ${num})`, this.#old(num), this.#new(num));
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
      if (!whole || (now instanceof PdfRef && this.isStop(now.num))) {
        this.other(path, old, now);
        return;
      }
      if (now instanceof PdfRef) {
        this.explain(now.num);
        this.#moved.add(now.num);
        this.#reach.add([now.num]);
      }
      this.frozenBelow(is, path);
    }
  }

  #wentBlind(): void {
    this.#reach.blind = true;
  }

  /** As {@link frozen}, for what is painted: nothing there has a place elsewhere. */
  painted(value: PdfObject, path: string): void {
    if (this.#quiet) return;
    walkBelow(this.after, this.changed.all, value, path, {
      stops: NOWHERE,
      seen: this.#paintedSeen,
      onBlind: () => this.#wentBlind(),
      onChanged: (num, path) => {
        if (this.#frozenSeen.has(num) || this.#moved.has(num)) return this.#moved.has(num);
        this.other(`${path()} (object ${num})`, this.#old(num), this.#new(num));
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
    const seen = new Set<number>();
    walkBelow(this.after, this.changed.all, value, path, {
      stops: this.isStop,
      seen,
      onChanged: (num) => {
        this.explained.add(num);
        this.#loose.add(num);
        onChanged?.(num);
        return true;
      },
    });
    this.#reach.add(seen);
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
    this.#reach.add(this.#frozenSeen);
    this.#reach.add(this.#paintedSeen);
    this.#reach.finished(this.after.index);
    for (const num of this.changed.all) {
      const doubtful = this.#reach.blind && this.#loose.has(num) && !this.isStop(num);
      if (this.explained.has(num) && !doubtful) continue;
      const old = this.#old(num);
      const now = this.#new(num);
      if (this.isStop(num)) {
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
  // Type of an annotation is optional (12.5.2), and some writers add it.
  if (key === 'Type') return !old.has(key) && old.has('Rect') && isName(now.raw(key), 'Annot');
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
