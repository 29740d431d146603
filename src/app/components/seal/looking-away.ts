/** Tells when a page is no longer looked at, or is about to be captured, as far as a page is told. */

/** How long the page stays covered after a screenshot or print key, ms. */
const COVER = 2500;

/**
 * @param on told true when the page is to be covered, false when it may be shown again
 * @returns how to end it; the page is then no longer covered
 */
export function watchAway(view: Window, on: (away: boolean) => void): () => void {
  const { document } = view;
  const ended = new AbortController();
  const { signal } = ended;
  const first = { signal, capture: true };
  let timer: ReturnType<typeof setTimeout> | undefined;
  const cover = (away: boolean): void => {
    clearTimeout(timer);
    on(away);
  };
  const key = (event: KeyboardEvent): void => {
    if (!captures(event)) return;
    cover(true);
    timer = setTimeout(() => cover(!document.hasFocus()), COVER);
  };
  view.addEventListener('blur', () => cover(true), { signal });
  view.addEventListener('focus', () => cover(false), { signal });
  view.addEventListener('beforeprint', () => cover(true), { signal });
  view.addEventListener('afterprint', () => cover(!document.hasFocus()), { signal });
  view.addEventListener('keydown', key, first);
  view.addEventListener('keyup', key, first);
  const seen = () => cover(document.visibilityState === 'hidden');
  document.addEventListener('visibilitychange', seen, { signal });
  return () => {
    ended.abort();
    cover(false);
  };
}

type Keys = Pick<KeyboardEvent, 'key' | 'metaKey' | 'ctrlKey' | 'shiftKey'>;

/** PrintScreen, and what systems use in its place; printing. */
export function captures({ key, metaKey, ctrlKey, shiftKey }: Keys): boolean {
  if (key === 'PrintScreen' || key === 'Print') return true;
  const command = metaKey || ctrlKey;
  if (command && key.toLowerCase() === 'p') return true;
  return metaKey && shiftKey && ['3', '4', '5', '#', '$', '%', 's', 'S'].includes(key);
}
