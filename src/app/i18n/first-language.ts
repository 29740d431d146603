/** In which language the page starts. */
export type Lang = 'zh-CN' | 'en';

export interface Wishes {
  /** `?lang=` of the address: forces. */
  forced: string | null;
  /** What was chosen on this device before. */
  kept: string | null;
  /** `navigator.languages`, the dearest first. */
  languages: readonly string[];
}

/** The first language of the browser that the page speaks; Chinese where it speaks none of them. */
export function firstLanguage({ forced, kept, languages }: Wishes): Lang {
  if (forced) return /^en/i.test(forced) ? 'en' : 'zh-CN';
  if (kept === 'en' || kept === 'zh-CN') return kept;
  for (const tag of languages) {
    if (/^zh\b/i.test(tag)) return 'zh-CN';
    if (/^en\b/i.test(tag)) return 'en';
  }
  return 'zh-CN';
}
