/** How much of a form is done: full exactly where nothing stands against submitting it. */
import type { FieldIssue } from '../../../desk/index.ts';
import type { Field } from '../../../licence/index.ts';

/**
 * Required fields, and whatever else is wrong: a line of goods or an optional field with a mistake
 * counts as something to be done.
 */
export function completeness(
  fields: readonly Pick<Field, 'path' | 'required'>[],
  blocking: readonly Pick<FieldIssue, 'field'>[],
): { done: number; all: number } {
  const needed = fields.filter(({ path, required }) => required && !path.startsWith('lines[].'));
  const of = ({ field }: Pick<FieldIssue, 'field'>) =>
    needed.find(({ path }) => field.startsWith(path))?.path;
  const open = new Set(blocking.map((issue) => of(issue)).filter((path) => path !== undefined));
  const others = new Set(blocking.filter((issue) => !of(issue)).map(({ field }) => field));
  return { done: needed.length - open.size, all: needed.length + others.size };
}
