/** QR codes of camera frames and photos. */
import type { FoundCode } from './qr.worker.ts';
import { WorkerClient } from './rpc.ts';

let client: WorkerClient | null = null;

const open = (): WorkerClient => {
  client ??= new WorkerClient(
    () => new Worker(new URL('./qr.worker.ts', import.meta.url), { type: 'module', name: 'qr' }),
  );
  return client;
};

export async function readCode(image: ImageData, hard = false): Promise<FoundCode | null> {
  return (await open().call('read', [image, hard])) as FoundCode | null;
}

export function stopReading(): void {
  client?.end();
  client = null;
}

/** Longest edge of a photo that is searched for a code. */
const EDGE = 2600;

/** Pixels of a photo; tried smaller when the whole is too much for a phone. */
export async function pixelsOf(file: Blob, edge = EDGE): Promise<ImageData> {
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

/** The code of a photo: as it is, then smaller, which helps with moiré and noise. */
export async function codeOfPhoto(file: Blob): Promise<string | null> {
  for (const edge of [EDGE, 1400, 4000]) {
    const found = await readCode(await pixelsOf(file, edge), true);
    if (found) return found.text;
  }
  return null;
}
