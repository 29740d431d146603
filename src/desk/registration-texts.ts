/** What is registered has to be printable: told when it is written, not when a seal is made of it. */
import { checkUscc, textProblem } from '../licence/index.ts';
import type { DeskContext } from './context.ts';
import { DeskError } from './refusals.ts';
import { fontsOf } from './seals.ts';

/**
 * @param form texts by field; the name stands on the seal, in a face of its own
 * @throws {DeskError} `text-emoji`, `text-character`, `glyph-missing`, each naming the characters
 */
export async function demandPrintable(
  context: DeskContext,
  form: Readonly<Record<string, string>>,
): Promise<void> {
  for (const text of Object.values(form)) {
    const problem = textProblem(text);
    if (!problem) continue;
    throw problem.code === 'emoji'
      ? new DeskError('text-emoji', 'emoji', { detail: problem.params?.characters ?? '' })
      : new DeskError('text-character', 'a character that cannot be printed');
  }
  const { missingGlyphs } = await import('../documents/index.ts');
  const { sans, serif } = await fontsOf(context);
  const all = Object.values(form).join('');
  const missing = [...missingGlyphs(form['name'] ?? '', serif), ...missingGlyphs(all, sans)];
  if (missing.length > 0) {
    const detail = [...new Set(missing)].join(' ');
    throw new DeskError('glyph-missing', `no glyph for ${detail}`, { detail });
  }
}

/**
 * @param confirmed somebody compared a code whose check character is wrong with the business licence
 * @returns the code, normalised
 * @throws {DeskError} `uscc-shape`; `uscc-check-digit` with the character expected
 */
export function demandUscc(uscc: string, confirmed: boolean): string {
  const { ok, code, normalised, detail } = checkUscc(uscc);
  if (ok || (code === 'check-digit' && confirmed)) return normalised;
  if (code !== 'check-digit') {
    throw new DeskError('uscc-shape', 'not a unified social credit code');
  }
  throw new DeskError('uscc-check-digit', 'the check character is wrong', {
    expected: detail?.expected ?? '',
  });
}
