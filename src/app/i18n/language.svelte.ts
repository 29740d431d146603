/** The language of the pages: that of the browser at first, a choice is kept, `?lang=en` forces. */
import { firstLanguage, type Lang } from './first-language.ts';

export type { Lang };

type Load = () => Promise<void>;
const loads = new Set<Load>();
const KEPT = 'cinnabar.lang';

function kept(): string | null {
  try {
    return localStorage.getItem(KEPT);
  } catch {
    // Storage refused: the language is not remembered.
    return null;
  }
}

const initial = (): Lang =>
  firstLanguage({
    forced: new URLSearchParams(location.search).get('lang'),
    kept: kept(),
    languages: navigator.languages,
  });

class Language {
  #value = $state<Lang>(initial());

  get value(): Lang {
    return this.#value;
  }

  get english(): boolean {
    return this.#value === 'en';
  }

  /** Loads every catalogue in use before it switches, so that no page is half translated. */
  async choose(lang: Lang): Promise<void> {
    if (lang === 'en') await Promise.all([...loads].map((load) => load()));
    this.#value = lang;
    try {
      localStorage.setItem(KEPT, lang);
    } catch {
      // Not remembered.
    }
  }
}

export const language = new Language();

/** Words of `{ zh, en }` values, as documents and code lists hold them. */
export const inWords = (words: { zh: string; en: string }): string =>
  language.english ? words.en || words.zh : words.zh || words.en;

/** Waits until all catalogues registered so far are there in the language in use. */
export async function catalogsReady(): Promise<void> {
  if (language.english) await Promise.all([...loads].map((load) => load()));
}

/**
 * A typed dictionary: Chinese comes with the chunk that uses it, English is loaded when asked for.
 * Reading a message inside a component makes it follow the language.
 */
export function catalog<M extends object>(
  zh: M,
  loadEnglish: () => Promise<{ default: NoInfer<M> }>,
): M {
  let english = $state.raw<M | null>(null);
  let loading: Promise<void> | null = null;
  const load = () => {
    loading ??= loadEnglish().then((module) => {
      english = module.default;
    });
    return loading;
  };
  loads.add(load);
  // A part of a page that comes late brings its catalogue late, too.
  if (language.english) load().catch(() => undefined);
  return new Proxy(zh, {
    get: (_, key) => Reflect.get(language.english && english ? english : zh, key) as unknown,
  });
}
