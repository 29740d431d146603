/** Hash routes as data: `/v/:token` against the path after `#`. */
export type Params = Record<string, string>;

/** @returns the parameters, or null where the pattern is another page's. */
export function match(pattern: string, path: string): Params | null {
  const wanted = pattern.split('/');
  const given = path.split('/');
  const params: Params = {};
  if (wanted.at(-1) === ':rest*') {
    if (given.length < wanted.length) return null;
    const at = wanted.length - 1;
    params['rest'] = given.slice(at).join('/');
    wanted.length = at;
    given.length = at;
  }
  if (wanted.length !== given.length) return null;
  for (const [i, part] of wanted.entries()) {
    const value = given[i] as string;
    if (part.startsWith(':')) {
      if (value === '') return null;
      params[part.slice(1)] = decode(value);
    } else if (part !== value) return null;
  }
  return params;
}

function decode(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}

/** Path of a hash: always starts with `/`, without a trailing one. */
export function pathOf(hash: string): string {
  const path = hash.replace(/^#/, '').replace(/\?.*$/, '');
  const rooted = path.startsWith('/') ? path : `/${path}`;
  return rooted.length > 1 ? rooted.replace(/\/+$/, '') : '/';
}
