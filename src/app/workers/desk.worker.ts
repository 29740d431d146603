/// <reference lib="webworker" />
/** The desk lives here, with the unlocked keys and everything decrypted: nowhere else. */
import { openDesk } from '../../desk/index.ts';
import { openIndexedDbStore } from '../../sync/index.ts';
import { serve, tell } from './serve.ts';

const FONTS = { sans: '/fonts/NotoSansSC-Regular.ttf', serif: '/fonts/NotoSerifSC-Bold.ttf' };

async function loadFont(name: keyof typeof FONTS): Promise<Uint8Array> {
  const response = await fetch(FONTS[name]);
  if (!response.ok) throw new Error(`the font ${name} could not be loaded`);
  return new Uint8Array(await response.arrayBuffer());
}

let told = false;

/** Several changes in one turn are one event. */
function onChange(): void {
  if (told) return;
  told = true;
  setTimeout(() => {
    told = false;
    tell('changed');
  }, 30);
}

async function open() {
  const store = await openIndexedDbStore('cinnabar');
  return openDesk({
    store,
    now: () => new Date(),
    loadFont,
    fetch: (input, init) => fetch(input, init),
    timer: {
      set: (run, milliseconds) => setTimeout(run, milliseconds),
      clear: (handle) => clearTimeout(handle as number),
    },
    onChange,
  });
}

serve(open() as Promise<never>);
