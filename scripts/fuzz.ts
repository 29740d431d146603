/**
 * `npm run fuzz -- [--minutes N] [--seed N] [reader…]`: each file of `test/fuzz/` that exports
 * `reader` is read from mutated genuine input, ten minutes each unless told. A fault is an
 * exception, a second spent on one input, or memory beyond 500 MB; its input is written to
 * `fuzz-faults/` under the number that makes it again.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { mutate, randomFrom } from '../test/fuzz/mutate.ts';
import type { FuzzedReader } from '../test/fuzz/reader.ts';

const modules = import.meta.glob<{ reader?: FuzzedReader }>('../test/fuzz/*.ts');

const MOST_MS = 1000;
const MOST_BYTES = 500 << 20;

/** @returns 1 after a fault, else 0 */
export async function main(args: string[]): Promise<number> {
  const { minutes, seed, only } = readArguments(args);
  let faults = 0;
  for (const path of Object.keys(modules).sort()) {
    const reader = (await modules[path]?.())?.reader;
    if (!reader || (only.length > 0 && !only.includes(reader.name))) continue;
    faults += await fuzz(reader, minutes, seed);
  }
  return faults > 0 ? 1 : 0;
}

function readArguments(args: string[]) {
  const only: string[] = [];
  const numbers = { minutes: 10, seed: Math.floor(Math.random() * 1e9) };
  for (let i = 0; i < args.length; i++) {
    const name = args[i]?.slice(2);
    if (name === 'minutes' || name === 'seed') numbers[name] = Number(args[++i]);
    else only.push(args[i] as string);
  }
  return { ...numbers, only };
}

async function fuzz(reader: FuzzedReader, minutes: number, seed: number): Promise<number> {
  const seeds = await reader.seeds();
  const end = performance.now() + minutes * 60_000;
  let [count, faults, slowest, most] = [0, 0, 0, 0];
  // Heap grows with the program's own caches, too: what counts is growth over the start.
  const start = process.memoryUsage().rss;
  for (; performance.now() < end; count++) {
    const number = seed + count;
    const input = mutate(seeds, randomFrom(number));
    const before = process.cpuUsage();
    let fault: string | null = null;
    try {
      await reader.read(input);
    } catch (error) {
      fault = `threw ${error instanceof Error ? error.stack : error}`;
    }
    const { user } = process.cpuUsage(before);
    const ms = user / 1000;
    slowest = Math.max(slowest, ms);
    if (ms > MOST_MS) fault ??= `took ${ms.toFixed(0)} ms`;
    if (count % 64 === 0 || ms > 100) {
      const bytes = process.memoryUsage().rss - start;
      if (bytes > MOST_BYTES && bytes > most * 1.2) fault ??= `holds ${bytes >> 20} MB`;
      most = Math.max(most, bytes);
    }
    if (fault) {
      faults++;
      console.log(`${reader.name} ${number}: ${fault}`);
      await mkdir('fuzz-faults', { recursive: true });
      await writeFile(`fuzz-faults/${reader.name}-${number}`, input);
      if (faults >= 20) break;
    }
  }
  console.log(
    `${reader.name.padEnd(14)} ${count} inputs from seed ${seed}, ${faults} faults, ` +
      `slowest ${slowest.toFixed(0)} ms, ${Math.max(0, most >> 20)} MB more than at the start`,
  );
  return faults;
}
