/**
 * What was typed and may not be saved yet, kept synchronously: a page that is left, reloaded or
 * locked has no time to ask the desk. Gone as soon as the desk has it; attachments are not in it.
 */
import type { Draft } from '../../desk/index.ts';
import type { Application } from '../../licence/index.ts';

export interface Typed {
  form: Application;
  flow: Draft['flow'];
}

const PREFIX = 'cinnabar.typed.';

export function keepTyped(draft: string, typed: Typed, storage: Storage = localStorage): void {
  try {
    storage.setItem(PREFIX + draft, JSON.stringify(typed));
  } catch {
    // Without storage the desk alone keeps drafts.
  }
}

/** @returns null where nothing is kept, or it is not of this draft's type */
export function keptTyped(
  draft: Pick<Draft, 'id' | 'licenceType'>,
  storage: Storage = localStorage,
): Typed | null {
  try {
    const kept = JSON.parse(storage.getItem(PREFIX + draft.id) ?? 'null') as Typed | null;
    return kept?.form?.type === draft.licenceType ? kept : null;
  } catch {
    return null;
  }
}

export function forgetTyped(draft: string, storage: Storage = localStorage): void {
  try {
    storage.removeItem(PREFIX + draft);
  } catch {
    // Nothing was kept.
  }
}

/** Of every draft: this device leaves the deployment. */
export function forgetAllTyped(storage: Storage = localStorage): void {
  try {
    for (const key of Object.keys(storage)) if (key.startsWith(PREFIX)) storage.removeItem(key);
  } catch {
    // Nothing was kept.
  }
}
