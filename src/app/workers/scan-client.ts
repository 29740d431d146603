/** Analysis of letter scans, in a worker of its own. */
import type { LetterScan, SealShape } from '../../seal/scan/index.ts';
import { WorkerClient } from './rpc.ts';

let client: WorkerClient | null = null;

export async function analyseScan(
  image: ImageData,
  dpi: number | null,
  expected: SealShape,
): Promise<LetterScan> {
  client ??= new WorkerClient(
    () =>
      new Worker(new URL('./scan.worker.ts', import.meta.url), { type: 'module', name: 'scan' }),
  );
  const { width, height, data } = image;
  return (await client.call('analyse', [width, height, data, dpi, expected])) as LetterScan;
}
