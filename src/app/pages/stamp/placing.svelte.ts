/** Where the seal goes, as it is chosen on the page: by hand, by keyword, into a field, along the seam. */
import type { Placement } from '../../../desk/index.ts';
import type { Given } from './batch.svelte.ts';
import { isLocked, keywordSpot, type Opened, openPdf, type Spot } from './places.ts';

export type Kind = 'point' | 'keyword' | 'field' | 'seam';
export const KINDS: readonly Kind[] = ['point', 'keyword', 'field', 'seam'];

export class Placing {
  kind = $state<Kind>('point');
  spot = $state.raw<Spot>({ page: 0, x: 420, y: 140 });
  keyword = $state('盖章');
  which = $state<'first' | 'last'>('last');
  /** Where the keyword stands in the file that is shown; null: nowhere; undefined: not looked for. */
  found = $state.raw<Spot | null | undefined>(undefined);
  field = $state('');
  /** The file that is shown, looked into. */
  opened = $state.raw<Opened | null>(null);
  /** The file that is shown needs a password, or another one than was given. */
  locked = $state(false);
  #shown: Given | null = null;

  readonly ready = $derived(
    this.kind === 'point' ||
      this.kind === 'seam' ||
      (this.kind === 'field' ? this.field !== '' : this.keyword !== ''),
  );

  /** Another file is shown; one that cannot be opened has no pages. */
  async show(file: Given | null): Promise<void> {
    if (file === this.#shown) return;
    this.#shown = file;
    this.opened = null;
    this.found = undefined;
    this.locked = false;
    if (!file) return;
    let locked = false;
    const opened = await openPdf(file).catch((error: unknown) => {
      locked = isLocked(error);
      return { pages: 0, fields: [] };
    });
    if (this.#shown !== file) return;
    this.locked = locked;
    this.opened = opened;
    this.field = opened.fields[0] ?? '';
    if (this.spot.page >= opened.pages) this.spot = { ...this.spot, page: 0 };
  }

  async find(): Promise<void> {
    if (this.#shown) this.found = await this.#spotIn(this.#shown);
  }

  async placementIn(file: Given): Promise<Placement | null> {
    if (this.kind === 'seam') return { kind: 'seam' };
    if (this.kind === 'field') return { kind: 'field', name: this.field };
    if (this.kind === 'point') return { kind: 'point', ...this.spot };
    const place = await this.#spotIn(file);
    return place && { kind: 'point', ...place };
  }

  #spotIn(file: Given): Promise<Spot | null> {
    return keywordSpot(file, this.keyword, this.which).catch(() => null);
  }
}
