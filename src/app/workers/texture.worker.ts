/// <reference lib="webworker" />
/** Compares the print under a seal with what the licence's code says it must be. */
import { sha256, utf8 } from '../../crypto/index.ts';
import { LICENCE_PLACES, QUIET, qrCode } from '../../licence/index.ts';
import { drawSeal, rasterise } from '../../seal/index.ts';
import { type PrintedTexture, readPrintedTexture } from '../../seal/texture/index.ts';
import { serve } from './serve.ts';

/** Dots across the seal's own picture. */
const DOTS = 600;

export interface TextureJob {
  image: ImageData;
  /** Of the code's modules, px: from the top left one clockwise. */
  corners: { x: number; y: number }[];
  /** Text of the code. */
  token: string;
  /** Names that the seal may bear. */
  names: string[];
}

async function read(
  { image, corners, token, names }: TextureJob,
  progress: (code: string, done: number) => void,
): Promise<PrintedTexture> {
  progress('texture-draw', 0.3);
  const font = await fetch('/fonts/NotoSerifSC-Bold.ttf');
  if (!font.ok) throw new Error('the font of the seal could not be loaded');
  const bytes = new Uint8Array(await font.arrayBuffer());
  progress('texture-read', 0.5);
  const quiet = QUIET / (qrCode(token).size + 2 * QUIET);
  const binding = await sha256(utf8(token));
  let best: PrintedTexture | null = null;
  for (const name of names) {
    const picture = rasterise(await drawSeal({ kind: 'authority', name }, bytes), DOTS);
    const found = await readPrintedTexture(image, corners, LICENCE_PLACES, quiet, picture, binding);
    if (!best || (found.fit ?? -1) > (best.fit ?? -1)) best = found;
  }
  if (!best) throw new TypeError('no name to look for');
  return best;
}

serve({ read } as never);
