/** QR codes of camera frames and photos. */
import { EDGES, pixelsOf } from './photo-pixels.ts';
import type { FoundCode } from './read-code.ts';
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

/** The code of a photo: as it is, then smaller, which helps with moiré and noise. */
export async function codeOfPhoto(file: Blob): Promise<string | null> {
  for (const edge of EDGES) {
    const found = await readCode(await pixelsOf(file, edge), true);
    if (found) return found.text;
  }
  return null;
}
