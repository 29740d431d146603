/** Pixels of photos, for the page and for workers. */

/** Longest edges at which a photo is searched for a code: as it is, then smaller, then larger. */
export const EDGES = [2600, 1400, 4000] as const;

/** Pixels of a photo; tried smaller when the whole is too much for a phone. */
export async function pixelsOf(file: Blob, edge: number = EDGES[0]): Promise<ImageData> {
  const bitmap = await createImageBitmap(file);
  const scale = Math.min(1, edge / Math.max(bitmap.width, bitmap.height));
  const width = Math.max(1, Math.round(bitmap.width * scale));
  const height = Math.max(1, Math.round(bitmap.height * scale));
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (!context) throw new Error('no canvas');
  context.fillStyle = '#fff';
  context.fillRect(0, 0, width, height);
  context.drawImage(bitmap, 0, 0, width, height);
  bitmap.close();
  return context.getImageData(0, 0, width, height);
}
