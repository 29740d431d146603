/** The tint under the seal of a licence: on the page itself, so that the seal's own picture stays as it is. */
import { sha256, utf8 } from '../crypto/index.ts';
import { drawingToOperators } from '../seal/index.ts';
import { texturePaths } from '../seal/texture/index.ts';
import { place } from './marks.ts';
import { registerForm } from './outlines.ts';
import { PT, type SealRect, type Sheet } from './sheet.ts';

/** @param token text of the QR code: whoever reads the sheet has it */
export async function drawTexture(
  { page }: Sheet,
  { x, y, width, height }: SealRect,
  token: string,
): Promise<void> {
  const size = { widthMm: Math.round(width / PT), heightMm: Math.round(height / PT) };
  const tint = await texturePaths(size, await sha256(utf8(token)));
  const { operators } = drawingToOperators(tint);
  const content = new TextDecoder('latin1').decode(operators);
  const form = registerForm(page.doc, content, [0, 0, width, height]);
  place(page, page.node.newXObject('Texture', form), [1, 0, 0, 1, x, y]);
}
