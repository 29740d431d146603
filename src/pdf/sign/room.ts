/** How much room a value needs is known only when it is there: guess, and try once more. */
import { Malformed } from '../../crypto/index.ts';

/** Octets in which the tokens of most authorities fit, certificates included. */
export const FITTING = 8192;

/**
 * @param attempt with room for so many octets; a number in place of the answer: so many are needed
 * @throws {Malformed} `pdf-contents` when the second attempt needs more again
 */
export async function roomy<Answer extends object>(
  guess: number,
  attempt: (size: number) => Promise<Answer | number>,
): Promise<Answer> {
  const first = await attempt(guess);
  if (typeof first !== 'number') return first;
  const second = await attempt(first + 1024);
  if (typeof second !== 'number') return second;
  throw new Malformed('pdf-contents', 'the signature does not fit');
}
