/// <reference lib="webworker" />
/** Reads QR codes in a worker of its own. */
import { readCodeIn } from './read-code.ts';
import { serve } from './serve.ts';

serve({ read: readCodeIn } as never);
