/** Shows the frames of a seal in turn at the rate of the display, for a few seconds. */
import type { FrameMaker, FramePair } from '../../../seal/texture/index.ts';

/** Why it ended. */
export type Ended = 'time' | 'slow' | 'stopped';

const SECONDS = 6;
/** Intervals that are measured before anything is shown, and from then on. */
const MEASURED = 8;
/** Longest median interval, ms: 60 Hz, with what clocks are off. */
const SLOWEST = 18.5;

/**
 * @param canvas of the maker's size; an even ground until the first frame
 * @returns how to stop
 */
export function showFrames(
  canvas: HTMLCanvasElement,
  maker: FrameMaker,
  onend: (why: Ended) => void,
): () => void {
  const context = canvas.getContext('2d', { alpha: false });
  blank();
  const intervals: number[] = [];
  let last: number | null = null;
  let since: number | null = null;
  let second: FramePair['second'] | null = null;
  let handle = requestAnimationFrame(step);

  function end(why: Ended): void {
    cancelAnimationFrame(handle);
    blank();
    onend(why);
  }

  /** As light as the mean of any pair. */
  function blank(): void {
    if (!context) return;
    context.fillStyle = '#bca4a0';
    context.fillRect(0, 0, canvas.width, canvas.height);
  }

  function show({ data, width, height }: FramePair['second']): void {
    context?.putImageData(new ImageData(data, width, height), 0, 0);
  }

  function step(now: number): void {
    if (last !== null) intervals.push(now - last);
    last = now;
    if (intervals.length > MEASURED) intervals.shift();
    if (intervals.length === MEASURED) {
      if (median(intervals) > SLOWEST) {
        end('slow');
        return;
      }
      since ??= now;
      if (now - since > 1000 * SECONDS) {
        end('time');
        return;
      }
      if (second) {
        show(second);
        second = null;
      } else {
        const pair = maker.pair(fresh(maker.randomBytes));
        show(pair.first);
        second = pair.second;
      }
    }
    handle = requestAnimationFrame(step);
  }

  return () => end('stopped');
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] as number;
}

/** Most octets that one call gives. */
const AT_ONCE = 65_536;

function fresh(length: number): Uint8Array {
  const octets = new Uint8Array(length);
  for (let at = 0; at < length; at += AT_ONCE) {
    crypto.getRandomValues(octets.subarray(at, at + AT_ONCE));
  }
  return octets;
}
