import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const FILES = { sans: 'NotoSansSC-Regular.ttf', serif: 'NotoSerifSC-Bold.ttf' };
const known = new Map<string, Uint8Array>();

/** Both programs that run simulations are started in the project's directory. */
export async function loadFont(name: 'sans' | 'serif'): Promise<Uint8Array> {
  const font = known.get(name) ?? new Uint8Array(readFileSync(join('public/fonts', FILES[name])));
  known.set(name, font);
  return font;
}
