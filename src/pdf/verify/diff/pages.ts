/** Rules for pages: nothing but Annots may change, and of these each change is named. */
import type { PdfRevision } from '../../read/document.ts';
import {
  isName,
  PdfDict,
  type PdfObject,
  PdfRef,
  PdfString,
  sameObject,
} from '../../read/objects.ts';
import type { Page } from '../pages.ts';
import { rectangleOf } from '../placement.ts';
import type { Change } from './change.ts';
import type { Step } from './step.ts';

const PAGE_FREE = new Set(['Annots', 'Parent', 'LastModified']);
/** What comparing a page weighs in the budget. */
const COST = 40;
const NODE_FREE = new Set(['Parent']);
/** What pages inherit from a node, or readers might take for that. */
const NODE_KEYS = new Set(['Type', 'Kids', 'Count', 'Resources', 'MediaBox', 'CropBox', 'Rotate']);

export function comparePages(step: Step): void {
  const { before, after } = step.pages;
  const order = (pages: readonly { num: number }[]): string => pages.map((p) => p.num).join(' ');
  if (order(before.pages) !== order(after.pages) || order(before.nodes) !== order(after.nodes)) {
    const [was, is] = [step.before.catalog.raw('Pages'), step.after.catalog.raw('Pages')];
    step.other('Catalog/Pages', was, is, 'pages-changed');
  }
  after.nodes.forEach((node, i) => {
    const old = before.nodes[i];
    if (old?.num !== node.num) return;
    step.explain(node.num);
    const path = `Catalog/Pages (object ${node.num})`;
    step.frozenEntries(
      old.dict,
      node.dict,
      path,
      new Set([...NODE_FREE, ...stamps(step, old, node)]),
    );
    sameParent(step, old.dict, node.dict, path);
    step.painted(node.dict.raw('Resources'), `${path}/Resources`);
  });
  const widgets = fieldWidgets(step);
  after.pages.forEach((page, i) => {
    const old = before.pages[i];
    if (old?.num === page.num) comparePage(step, old, page, i + 1, widgets);
  });
}

type Node = { readonly dict: PdfDict };

/** Text that a program leaves in a node, as iText its version: pages inherit nothing of it. */
function stamps(step: Step, old: Node, now: Node): string[] {
  const isStamp = (value: PdfObject): boolean => value === null || value instanceof PdfString;
  return [...new Set([...old.dict.entries.keys(), ...now.dict.entries.keys()])].filter((key) => {
    const [was, is] = [old.dict.raw(key), now.dict.raw(key)];
    if (NODE_KEYS.has(key) || sameObject(was, is) || !isStamp(was) || !isStamp(is)) return false;
    step.changes.add('metadata', 'Catalog/Pages', was, is, 'producer-stamp');
    return true;
  });
}

function sameParent(step: Step, old: PdfDict, now: PdfDict, path: string): void {
  if (!sameObject(old.raw('Parent'), now.raw('Parent'))) {
    step.other(`${path}/Parent`, old.raw('Parent'), now.raw('Parent'));
  }
}

function rectIn(revision: PdfRevision, value: PdfObject): { rect?: Change['rect'] } {
  const rect = value instanceof PdfDict ? rectangleOf(revision, value) : null;
  return rect ? { rect } : {};
}

interface FieldWidgets {
  /** Whether it is a widget of a field that both revisions have. */
  readonly kept: Known;
  /** Whether it is a widget of a field that is new. */
  readonly added: Known;
}

interface Known {
  has(num: number): boolean;
}

function fieldWidgets({ forms: { before, after } }: Step): FieldWidgets {
  return {
    kept: { has: (num) => after.numbers.has(num) && before.numbers.has(num) },
    added: { has: (num) => after.numbers.has(num) && !before.numbers.has(num) },
  };
}

function comparePage(step: Step, old: Page, now: Page, page: number, widgets: FieldWidgets): void {
  step.before.document.budget.visit(COST + 12 * (old.annotations.length + now.annotations.length));
  step.explain(now.num);
  const path = `Page ${page}`;
  step.frozenEntries(old.dict, now.dict, path, PAGE_FREE);
  sameParent(step, old.dict, now.dict, path);
  for (const key of ['Contents', 'Resources', 'Group']) {
    step.painted(now.dict.raw(key), `${path}/${key}`);
  }
  const list = now.dict.raw('Annots');
  if (list instanceof PdfRef) step.explain(list.num);
  const left = new Map<string, number>();
  const keyOf = (entry: PdfObject, i: number): string =>
    entry instanceof PdfRef ? `${entry.num} ${entry.gen}` : `direct ${i}`;
  now.annotations.forEach((entry, i) => {
    left.set(keyOf(entry, i), i);
  });
  let last = -1;
  const met = new Set<string>();
  old.annotations.forEach((entry, i) => {
    const where = `${path}/Annots[${i}]`;
    const key = keyOf(entry, i);
    if (met.has(key)) return;
    met.add(key);
    const at = left.get(key);
    left.delete(key);
    if (at === undefined) removed(step, entry, where, page, widgets);
    else {
      if (at < last) {
        step.changes.add('annotation', where, entry, entry, 'annotations-reordered', { page });
      }
      last = at;
      keptAnnotation(step, entry, now.annotations[at] ?? null, where, page, widgets);
    }
  });
  for (const i of left.values()) {
    added(step, now.annotations[i] ?? null, `${path}/Annots`, page, widgets);
  }
}

function removed(
  step: Step,
  entry: PdfObject,
  path: string,
  page: number,
  widgets: FieldWidgets,
): void {
  const dict = step.before.resolve(entry);
  if (dict === null) return;
  const isWidget = dict instanceof PdfDict && isName(step.before.get(dict, 'Subtype'), 'Widget');
  const field = entry instanceof PdfRef && widgets.kept.has(entry.num);
  const at = rectIn(step.before, dict);
  if (isWidget || field) step.other(path, dict, null, 'field-off-page', { page, ...at });
  else step.changes.add('annotation', path, dict, null, 'annotation-removed', { page, ...at });
  if (entry instanceof PdfRef) step.explain(entry.num);
}

function keptAnnotation(
  step: Step,
  before: PdfObject,
  entry: PdfObject,
  path: string,
  page: number,
  widgets: FieldWidgets,
): void {
  if (entry instanceof PdfRef && (widgets.kept.has(entry.num) || widgets.added.has(entry.num))) {
    if (widgets.added.has(entry.num)) {
      step.other(path, entry, entry, 'annotation-became-field', { page });
    }
    return;
  }
  const now = step.after.resolve(entry);
  const old = step.before.resolve(before);
  if (now === null && old === null) return;
  const widget = now instanceof PdfDict && isName(step.after.get(now, 'Subtype'), 'Widget');
  if (entry instanceof PdfRef) step.explain(entry.num);
  let differs = !sameObject(old, now);
  step.explainBelow(now, path, () => {
    differs = true;
  });
  if (!differs) return;
  const at = rectIn(step.after, now);
  if (widget) step.other(path, old, now, 'widget-changed', { page, ...at });
  else step.changes.add('annotation', path, old, now, 'annotation-changed', { page, ...at });
}

function added(
  step: Step,
  entry: PdfObject,
  path: string,
  page: number,
  widgets: FieldWidgets,
): void {
  if (entry instanceof PdfRef && widgets.added.has(entry.num)) return;
  const now = step.after.resolve(entry);
  const at = rectIn(step.after, now);
  if (entry instanceof PdfRef && widgets.kept.has(entry.num)) {
    step.other(path, null, now, 'field-on-page', { page, ...at });
    return;
  }
  const widget = now instanceof PdfDict && isName(step.after.get(now, 'Subtype'), 'Widget');
  if (entry instanceof PdfRef) step.explain(entry.num);
  step.explainBelow(now, path);
  if (widget) step.other(path, null, now, 'widget-without-field', { page, ...at });
  else step.changes.add('annotation', path, null, now, 'annotation-added', { page, ...at });
}
