/** Characters that no paper carries: controls, invisible ones, emoji. */

/** C0 and C1 controls, bidirectional controls, zero-width characters, line separators, lone surrogates. */
export const UNPRINTABLE =
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff0-\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;

/** Shown as pictures by themselves, or made one by a selector or a keycap. */
const EMOJI = /\p{Emoji_Presentation}|\p{Emoji}(?:\ufe0f?\u20e3|\ufe0f)/gu;
/** Selectors, keycaps and tags that make pictures of what stands before them. */
const SELECTOR = /[\ufe0e\ufe0f\u20e3\u{e0000}-\u{e007f}]/u;

export interface TextProblem {
  code: 'emoji' | 'character' | 'not-nfc';
  params?: { characters: string };
}

/** @returns what keeps the text from paper, or null; whether a font has every glyph is asked elsewhere */
export function textProblem(text: string): TextProblem | null {
  const emoji = [...new Set(text.match(EMOJI) ?? [])];
  if (emoji.length > 0) return { code: 'emoji', params: { characters: emoji.join(' ') } };
  if (UNPRINTABLE.test(text) || SELECTOR.test(text)) return { code: 'character' };
  return text.normalize('NFC') === text ? null : { code: 'not-nfc' };
}
