/** Whether seals on screen are fogged, what the fog and its trace are, and who is looking away. */
import { formatDateTime } from '../../i18n/format.ts';
import { session } from '../../state/session.svelte.ts';

/** How long the page stays covered after a screenshot or print key, ms. */
const COVER = 2500;
/** Fog on screen, where the policy asks for less: letters must not be read from a capture. */
const SCREEN = 0.85;

class Shield {
  /** The page is covered: its window lost focus, or a key that captures it was pressed. */
  away = $state(false);
  #watching = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** The deployment's policy switches the anti-screenshot display on. */
  get on(): boolean {
    return session.deployment?.policy.antiScreenshot ?? false;
  }

  /** Of copies and of what prints from a page; as the policy says, 0 to 1. */
  get degree(): number {
    return (session.deployment?.policy.fogDegree ?? 70) / 100;
  }

  get screenDegree(): number {
    return Math.max(SCREEN, this.degree);
  }

  /** Who looks, and when. */
  trace(): string {
    const { person } = session;
    const who = person ? `${person.name} ${person.organization}` : '';
    return `${who} ${formatDateTime(new Date().toISOString())}`.trim();
  }

  /** As long as a fogged seal is shown: call it in an effect. @returns how to end it */
  watch(): () => void {
    if (this.#watching++ === 0) this.#listen(true);
    return () => {
      if (--this.#watching === 0) this.#listen(false);
    };
  }

  #listen(on: boolean): void {
    const change = on ? 'addEventListener' : 'removeEventListener';
    window[change]('blur', this.#leave);
    window[change]('focus', this.#back);
    document[change]('visibilitychange', this.#visibility);
    window[change]('keydown', this.#key as EventListener, true);
    window[change]('keyup', this.#key as EventListener, true);
    if (!on) this.#cover(false);
  }

  #cover(away: boolean): void {
    clearTimeout(this.#timer);
    this.away = away;
    document.documentElement.toggleAttribute('data-away', away);
  }

  readonly #leave = (): void => this.#cover(true);
  readonly #back = (): void => this.#cover(false);
  readonly #visibility = (): void => this.#cover(document.visibilityState === 'hidden');

  readonly #key = (event: KeyboardEvent): void => {
    if (!captures(event)) return;
    this.#cover(true);
    this.#timer = setTimeout(() => this.#cover(!document.hasFocus()), COVER);
  };
}

/** PrintScreen, and what systems use in its place; printing. */
function captures({ key, metaKey, ctrlKey, shiftKey }: KeyboardEvent): boolean {
  if (key === 'PrintScreen' || key === 'Print') return true;
  const command = metaKey || ctrlKey;
  if (command && key.toLowerCase() === 'p') return true;
  return metaKey && shiftKey && ['3', '4', '5', '#', '$', '%', 's', 'S'].includes(key);
}

export const shield = new Shield();
