/** Nothing that is verified here. */
import type { Check } from '../verify.worker.ts';

export const check: Check = async () => ({ situation: 'unknown-kind' });
