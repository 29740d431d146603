/** The files of an OFD by what its XML calls them (ST_Loc, GB/T 33190-2016 7.3). */
import { type DigestName, digest } from '../crypto/index.ts';
import { foldedName } from './entry-name.ts';

export class OfdFiles {
  readonly all: ReadonlyMap<string, Uint8Array>;
  readonly #byFolded = new Map<string, string>();
  readonly #byLastStep = new Map<string, string[]>();
  /** Each file is hashed once, however often signatures list it. */
  readonly #digests = new Map<string, Promise<Uint8Array>>();

  constructor(all: ReadonlyMap<string, Uint8Array>) {
    this.all = all;
    for (const path of all.keys()) {
      const folded = foldedName(path);
      this.#byFolded.set(folded, path);
      const last = folded.slice(folded.lastIndexOf('/') + 1);
      const named = this.#byLastStep.get(last);
      if (named) named.push(path);
      else this.#byLastStep.set(last, [path]);
    }
  }

  get(path: string): Uint8Array | undefined {
    return this.all.get(path);
  }

  /**
   * The file that a location names: from the root with a slash, else from the folder of the file
   * that says it, else, as careless writers mean it, from the root. Case and the kind of slash do
   * not count where nothing fits exactly.
   */
  locate(from: string, location: string): string | null {
    const folder = from.split('/').slice(0, -1);
    for (const base of /^[\\/]/.test(location.trim()) ? [[]] : [folder, []]) {
      const path = steps(base, location)?.join('/');
      if (!path) continue;
      if (this.all.has(path)) return path;
      const folded = this.#byFolded.get(foldedName(path));
      if (folded) return folded;
    }
    return null;
  }

  /** Every file that any reader could take a value for: those whose path ends in it. */
  named(value: string): string[] {
    if (value.length > 1024) return [];
    const parts = foldedName(value.trim().replaceAll('\\', '/'))
      .split('/')
      .filter((step) => step !== '');
    const last = parts.at(-1);
    const found = last === undefined ? undefined : this.#byLastStep.get(last);
    if (!found) return [];
    const tail = `/${parts.join('/')}`;
    return found.filter((path) => `/${foldedName(path)}`.endsWith(tail));
  }

  /** null where there is no file of this path. */
  async digestOf(path: string, name: DigestName): Promise<Uint8Array | null> {
    const content = this.all.get(path);
    if (!content) return null;
    const key = `${name} ${path}`;
    const known = this.#digests.get(key) ?? digest(name, content);
    this.#digests.set(key, known);
    return known;
  }
}

/** @returns null for a location that leaves the document */
function steps(base: readonly string[], location: string): string[] | null {
  const out = [...base];
  for (const step of location.trim().replaceAll('\\', '/').split('/')) {
    if (step === '..') {
      if (out.pop() === undefined) return null;
    } else if (step !== '.' && step !== '') out.push(step);
  }
  return out;
}

/** A location without its file, for messages: the path from the root. */
export const pathText = (from: string, location: string): string =>
  steps(/^[\\/]/.test(location) ? [] : from.split('/').slice(0, -1), location)?.join('/') ??
  location;
