/** What was changed, each change once, worst first, by the page that it is on. */
import type { ListedChange, PdfReport } from '../../../pdf/index.ts';

export interface PageOfChanges {
  /** From 1; null for what is on no page. */
  page: number | null;
  changes: ListedChange[];
}

const RANK = { no: 0, warn: 1, yes: 2 } as const;

/** Several signatures may list one change, each by its own permission: the worst counts. */
export function changesByPage(signatures: PdfReport['signatures']): PageOfChanges[] {
  const each = new Map<string, ListedChange>();
  for (const { changesList } of signatures) {
    for (const change of changesList) {
      const key = JSON.stringify([
        change.code,
        change.object,
        change.params,
        change.was,
        change.became,
      ]);
      const known = each.get(key);
      if (!known || RANK[change.permission] < RANK[known.permission]) each.set(key, change);
    }
  }
  const pages = new Map<number | null, ListedChange[]>();
  for (const change of each.values()) {
    const page = change.page ?? null;
    pages.set(page, [...(pages.get(page) ?? []), change]);
  }
  const out = [...pages].map(([page, changes]) => ({
    page,
    changes: changes.sort((a, b) => RANK[a.permission] - RANK[b.permission]),
  }));
  return out.sort((a, b) => (a.page ?? Infinity) - (b.page ?? Infinity));
}

/** Pages whose own content a later revision may have changed: worth comparing by eye. */
export function touchedPages(signatures: PdfReport['signatures']): number[] {
  const pages = new Set<number>();
  let everywhere = false;
  for (const { changesList } of signatures) {
    for (const { page, permission, kind } of changesList) {
      if (permission === 'yes' && kind !== 'form-fill') continue;
      if (page) pages.add(page);
      else everywhere = true;
    }
  }
  return everywhere && pages.size === 0 ? [1, 2, 3] : [...pages].sort((a, b) => a - b).slice(0, 10);
}

/** That the signer permitted it is said only where he did. */
export const permissionOf = ({ permission, granted }: ListedChange) =>
  permission === 'yes' && granted ? 'granted' : permission;
