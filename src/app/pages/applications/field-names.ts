/** Words for the place that an issue names, and the way to it. */
import type { FieldIssue } from '../../../desk/index.ts';
import { ATTACHMENTS, FIELDS, type LicenceType } from '../../../licence/index.ts';
import { word } from '../../i18n/codes/index.ts';
import { inWords } from '../../i18n/language.svelte.ts';
import { applications as w } from './words.ts';

export function fieldName(type: LicenceType, path: string): string {
  const kind = /^attachments\.(.+)$/.exec(path)?.[1];
  if (kind) {
    const known = ATTACHMENTS[type].find(({ key }) => key === kind);
    return known ? inWords(known) : kind;
  }
  const row = /^lines\[(\d+)\]/.exec(path)?.[1];
  const plain = path.replace(/^lines\[\d+\]/, 'lines[]');
  const known =
    FIELDS.find((each) => each.path === plain) ??
    FIELDS.find((each) => plain.startsWith(`${each.path}[`) || plain.startsWith(`${each.path}.`));
  const name = known
    ? `${known.box}. ${inWords(known)}`
    : path.startsWith('totals')
      ? `18. ${w.total}`
      : path === 'lines'
        ? w.sections.lines
        : path.startsWith('contract')
          ? w.sections.contract
          : path;
  return row === undefined ? name : `${w.line(Number(row) + 1)} · ${name}`;
}

export const issueText = ({ code, params }: FieldIssue): string =>
  word('issues', code, {
    ...params,
    character: params?.['characters'] ?? params?.['character'] ?? '',
  });

/** Scrolls to the field and puts the cursor in it. */
export function goToField(path: string): void {
  for (let at = path; at !== ''; at = at.replace(/(\[\d+\]|\.?[^.[\]]+)$/, '')) {
    const place = document.querySelector(`[data-field="${CSS.escape(at)}"]`);
    if (!place) continue;
    place.scrollIntoView({ block: 'center', behavior: 'smooth' });
    place.querySelector<HTMLElement>('input, select, textarea, button')?.focus({
      preventScroll: true,
    });
    return;
  }
}
