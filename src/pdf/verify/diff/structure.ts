/**
 * Rules for the structure tree (ISO 32000-2, 14.7): writers of tagged documents give the widget of
 * a new field its element. Elements for such widgets may be added; nothing else in the tree moves.
 */
import { isName, PdfDict, type PdfObject, PdfRef, sameObject } from '../../read/objects.ts';
import type { Step } from './step.ts';

/** Keys of an element for a widget. */
const ELEMENT = new Set(['Type', 'S', 'P', 'K', 'Pg', 'T', 'Lang', 'Alt', 'ID', 'E', 'NS']);

/**
 * Changed numbers that do nothing but add elements for new widgets.
 * @param widgets object numbers of widgets of fields that the step added
 */
export function structureAdditions(step: Step, widgets: ReadonlySet<number>): Set<number> {
  const accepted = new Set<number>();
  if (widgets.size === 0 || !step.after.catalog.has('StructTreeRoot')) return accepted;
  const fresh = new Set<number>();
  for (const num of step.changed.all) {
    if (!step.changed.redefined.has(num) && isWidgetElement(step, num, widgets)) fresh.add(num);
  }
  const added = (value: PdfObject): boolean =>
    value instanceof PdfRef ? fresh.has(value.num) : pointsToWidget(step, value, widgets);
  for (const num of step.changed.redefined) {
    const old = step.before.object(num);
    const now = step.after.object(num);
    if (onlyGrows(step, old, now, added)) accepted.add(num);
  }
  for (const num of fresh) accepted.add(num);
  return accepted;
}

function isWidgetElement(step: Step, num: number, widgets: ReadonlySet<number>): boolean {
  const dict = step.after.object(num);
  if (!(dict instanceof PdfDict) || !dict.has('S') || !dict.has('P')) return false;
  if ([...dict.entries.keys()].some((key) => !ELEMENT.has(key))) return false;
  const kids = step.after.get(dict, 'K');
  const list = Array.isArray(kids) ? kids : [kids];
  return list.length > 0 && list.every((kid) => pointsToWidget(step, kid, widgets));
}

function pointsToWidget(step: Step, value: PdfObject, widgets: ReadonlySet<number>): boolean {
  const dict = step.after.resolve(value);
  if (!(dict instanceof PdfDict) || !isName(dict.raw('Type'), 'OBJR')) return false;
  const target = dict.raw('Obj');
  return target instanceof PdfRef && widgets.has(target.num);
}

type Added = (value: PdfObject) => boolean;

function onlyGrows(step: Step, old: PdfObject, now: PdfObject, added: Added): boolean {
  if (Array.isArray(old) && Array.isArray(now)) {
    return grownList(old, now, added) || grownPairs(old, now, added);
  }
  if (!(old instanceof PdfDict) || !(now instanceof PdfDict)) return false;
  const tree = isName(old.raw('Type'), 'StructTreeRoot');
  const node = old.has('Nums');
  if (!tree && !node && !old.has('S')) return false;
  for (const key of new Set([...old.entries.keys(), ...now.entries.keys()])) {
    const [was, is] = [old.raw(key), now.raw(key)];
    if (sameObject(was, is)) continue;
    if (key === 'K' && !node && grownList(asList(was), asList(is), added)) continue;
    if (key === 'Nums' && node && Array.isArray(was) && Array.isArray(is)) {
      if (grownPairs(was, is, added)) continue;
    }
    if (key === 'Limits' && node) continue;
    if (key === 'ParentTreeNextKey' && tree && typeof is === 'number') continue;
    if (key === 'ParentTree' && tree && onlyGrows(step, was, is, added)) continue;
    return false;
  }
  return true;
}

function asList(value: PdfObject): readonly PdfObject[] {
  if (Array.isArray(value)) return value;
  return value === null ? [] : [value];
}

/** The old members in their order, then new ones that may be added. */
function grownList(old: readonly PdfObject[], now: readonly PdfObject[], added: Added): boolean {
  if (now.length <= old.length) return false;
  return (
    old.every((item, i) => sameObject(item, now[i] ?? null)) && now.slice(old.length).every(added)
  );
}

/** A number tree's keys and values: the old ones as they were, new values that may be added. */
function grownPairs(old: readonly PdfObject[], now: readonly PdfObject[], added: Added): boolean {
  if (old.length % 2 !== 0 || now.length % 2 !== 0 || now.length <= old.length) return false;
  const left = new Map<number, PdfObject>();
  for (let i = 0; i < old.length; i += 2) left.set(old[i] as number, old[i + 1] ?? null);
  for (let i = 0; i < now.length; i += 2) {
    const key = now[i];
    const value = now[i + 1] ?? null;
    if (typeof key !== 'number') return false;
    const was = left.get(key);
    if (was === undefined ? !added(value) : !sameObject(was, value)) return false;
    left.delete(key);
  }
  return left.size === 0;
}
