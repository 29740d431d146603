/** Analysis of letter scans, in a worker of its own. */
import type { CentredSeal, LetterScan, SealShape, SealTurn } from '../../seal/scan/index.ts';
import { WorkerClient } from './rpc.ts';

let client: WorkerClient | null = null;

function call(method: string, args: unknown[]): Promise<unknown> {
  client ??= new WorkerClient(
    () =>
      new Worker(new URL('./scan.worker.ts', import.meta.url), { type: 'module', name: 'scan' }),
  );
  return client.call(method, args);
}

export async function analyseScan(
  { width, height, data }: ImageData,
  dpi: number | null,
  expected: SealShape,
): Promise<LetterScan> {
  return (await call('analyse', [width, height, data, dpi, expected])) as LetterScan;
}

export async function sealTurn(first: CentredSeal, second: CentredSeal): Promise<SealTurn> {
  return (await call('turn', [first, second])) as SealTurn;
}
