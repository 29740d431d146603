/** The texture of a scanned licence, read in a worker that ends with it. */
import type { PrintedTexture } from '../../seal/texture/index.ts';
import { WorkerClient } from './rpc.ts';
import type { TextureJob } from './texture.worker.ts';

export async function readTexture(
  job: TextureJob,
  progress: (code: string, done: number) => void,
): Promise<PrintedTexture> {
  const client = new WorkerClient(
    () =>
      new Worker(new URL('./texture.worker.ts', import.meta.url), {
        type: 'module',
        name: 'texture',
      }),
  );
  try {
    return (await client.call('read', [job, progress])) as PrintedTexture;
  } finally {
    client.end();
  }
}
