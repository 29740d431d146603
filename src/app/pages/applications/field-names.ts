/** Words for what an issue says, and the way to the place that it names. */
import type { FieldIssue } from '../../../desk/index.ts';
import { word } from '../../i18n/codes/index.ts';

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
