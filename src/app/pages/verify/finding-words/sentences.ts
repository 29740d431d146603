/**
 * Sentences for findings and changes, made of the words of one language. What stands in `[…]` is said
 * where everything that it names is known; `[…|…]` gives the other part instead.
 */
import type { Finding } from '../../../../crypto/index.ts';
import type { ListedChange } from '../../../../pdf/index.ts';
import { fill } from '../../../i18n/fill.ts';
import type { FindingMessages } from './zh.ts';

type Lookup = Record<string, string | undefined>;
type Params = Readonly<Record<string, string>>;

/** @param exact writes an ISO 8601 time out */
export function sentences(words: FindingMessages, exact: (time: string) => string) {
  function findingWords({ code, params = {} }: Pick<Finding, 'code' | 'params'>): string {
    const known: Record<string, string> = { ...params };
    const { change, time } = params;
    if (change) known['change'] = changeWords({ code: change, params });
    if (time) known['time'] = exact(time);
    return partly(sentenceOf(code), known);
  }

  /** A licence code says of its issuer's certificate what a path says of any. */
  function sentenceOf(code: string): string {
    const findings = words.findings as Lookup;
    const own = findings[code] ?? findings[code.replace(/^issuer-/, 'path-')];
    if (own) return own;
    const family = code.split(/[-_]/)[0] ?? '';
    return (words.families as Lookup)[family] ?? words.families.other;
  }

  function changeWords({ code, params }: { code: string; params: Params }): string {
    const { path } = params;
    const known = path ? { ...params, path: placeWords(path) } : { ...params };
    return fill((words.changes as Lookup)[code] ?? words.families.other, known);
  }

  /** What stood there, or stands there now. */
  function valueWords({ kind, text, detail, size }: ListedChange['was']): string {
    const known: Record<string, string> = {};
    if (text) known['text'] = text;
    if (detail) known['detail'] = (words.details as Lookup)[detail] ?? detail;
    if (size !== undefined) known['size'] = String(size);
    return partly(words.values[kind], known);
  }

  /** A place in the file, from the page inwards; keys that say nothing to a clerk are left out. */
  function placeWords(object: string): string {
    const places = words.places as Lookup;
    if (/^[0-9a-f]{64}$/.test(object))
      return fill(words.places.certificate, { n: object.slice(0, 8) });
    const [, path = '', number] = /^(.*?)\s*(?:\(object (\d+)\))?$/.exec(object) ?? [];
    const steps = path.split('/').flatMap((step) => {
      const counted = /^(Page|object|offset) (\d+)$/.exec(step);
      if (counted) return [fill(places[counted[1] as string] ?? '', { n: counted[2] as string })];
      const [, key = '', index] = /^(\w+)(?:\[(\d+)\])?$/.exec(step) ?? [];
      const known = places[key];
      return known ? [index === undefined ? known : `${known} ${Number(index) + 1}`] : [];
    });
    const named = steps.filter(
      (step, i) => i > 0 || steps.length === 1 || step !== places['Catalog'],
    );
    const last = number ? [fill(words.places.object, { n: number })] : [];
    return [...named, ...last].join(' › ') || object;
  }

  /** The innermost part of a place that has a name; null where none has. */
  function partWords(object: string): string | null {
    const keys = object
      .replace(/\(.*$/, '')
      .split(/[/[\]]/)
      .reverse();
    const known = keys.find((key) => key.trim() in words.places && key.trim() !== 'Catalog');
    return known ? ((words.places as Lookup)[known.trim()] ?? null) : null;
  }

  return { findingWords, changeWords, valueWords, placeWords, partWords };
}

function partly(text: string, params: Params): string {
  const said = text.replace(/\[([^\]|]*)(?:\|([^\]]*))?\]/g, (_, part: string, other = '') => {
    const all = [...part.matchAll(/\{(\w+)\}/g)].every(([, name]) => params[name as string]);
    return all ? part : other;
  });
  return fill(said, { ...params });
}
