/** Whether seals on screen are fogged, what the fog and its trace are, and who is looking away. */
import { formatDateTime } from '../../i18n/format.ts';
import { session } from '../../state/session.svelte.ts';
import { watchAway } from './looking-away.ts';

/** Fog on screen, where the policy asks for less: letters must not be read from a capture. */
const SCREEN = 0.85;

class Shield {
  /** The page is covered: its window lost focus, or a key that captures it was pressed. */
  away = $state(false);
  #watching = 0;
  #stop: () => void = () => {};

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

  /** Who looks, and when: a line each. */
  trace(): string {
    const { person } = session;
    const who = new Set(person ? [person.organization, person.name] : []);
    return [...who, formatDateTime(new Date().toISOString())].join('\n');
  }

  /** As long as a fogged seal is shown: call it in an effect. @returns how to end it */
  watch(): () => void {
    if (this.#watching++ === 0) this.#stop = watchAway(window, (away) => this.#cover(away));
    return () => {
      if (--this.#watching === 0) this.#stop();
    };
  }

  #cover(away: boolean): void {
    this.away = away;
    document.documentElement.toggleAttribute('data-away', away);
  }
}

export const shield = new Shield();
