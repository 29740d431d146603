/**
 * `npm run simulate -- [--seeds N] [--from S] [--suite p256|sm2] [--workers N]`: runs of a simulated
 * deployment over N seeds, 1,000 unless told, from S on, one in ten in the Chinese suite unless one suite
 * is named, a process for each core. A run is drawn from its seed and suite alone: one that failed is
 * played again, and its schedule shown, when its seed is given alone.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import type { Suite } from '../test/simulation/founding.ts';
import { type RunReport, simulate, suiteOf } from '../test/simulation/run.ts';

interface Job {
  seed: number;
  suite: Suite;
}

type Done = RunReport & { seconds: number };

const USAGE = 'npm run simulate -- [--seeds N] [--from S] [--suite p256|sm2] [--workers N]';
const SUITES: Record<string, Suite> = { p256: 'P-256', sm2: 'SM2' };

/** @returns 0 when every run held, else 1 */
export async function main(args: string[]): Promise<number> {
  const { from, seeds, suite, workers } = readArguments(args);
  const jobs = Array.from({ length: seeds }, (_, i) => ({
    seed: from + i,
    suite: suite ?? suiteOf(from + i),
  }));
  const total = jobs.length;
  let failed = 0;
  let done = 0;
  let spent = 0;
  const told = (report: Done) => {
    done++;
    spent += report.seconds;
    if (total === 1) console.log(report.events.join('\n'));
    if (report.faults.length > 0) {
      failed++;
      tell(report);
    }
    if (done % 50 === 0 && done < total) console.log(`${done} of ${total}, ${failed} failed`);
  };
  const hands = Array.from({ length: Math.min(workers, total) }, () => employ(jobs, told));
  await Promise.all(hands);
  console.log(`${(spent / done).toFixed(1)} s each`);
  console.log(`${done} seeds, ${failed} failed`);
  return failed > 0 ? 1 : 0;
}

function tell({ seed, suite, faults }: Done): void {
  console.log(`seed ${seed} (${suite}): ${faults.length} faults`);
  for (const fault of faults.slice(0, 20)) console.log(`  ${fault}`);
  const name = Object.keys(SUITES).find((each) => SUITES[each] === suite);
  console.log(`  again: npm run simulate -- --seeds 1 --from ${seed} --suite ${name}`);
}

/** A process of its own that plays one job after another until none is left. */
function employ(jobs: Job[], told: (report: Done) => void): Promise<void> {
  const program = `(await import(${JSON.stringify(import.meta.url)})).work()`;
  const worker: ChildProcess = spawn(process.execPath, ['--input-type=module', '--eval', program], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  return new Promise((resolve, reject) => {
    let job: Job | undefined;
    const next = () => {
      job = jobs.shift();
      if (job) worker.send(job);
      else worker.disconnect();
    };
    worker.on('message', (report: Done | 'ready') => {
      if (report !== 'ready') told(report);
      next();
    });
    worker.on('error', reject);
    worker.on('exit', (code, signal) => {
      if (!job && code === 0) return resolve();
      reject(new Error(`the process of seed ${job?.seed} ended with ${signal ?? code}`));
    });
  });
}

/** What such a process does. */
export function work(): void {
  process.on('message', async ({ seed, suite }: Job) => {
    const start = performance.now();
    const report = await simulate(seed, suite);
    process.send?.({ ...report, seconds: (performance.now() - start) / 1000 } satisfies Done);
  });
  // Its folders are removed as it exits.
  for (const end of ['disconnect', 'SIGTERM', 'SIGINT']) process.on(end, () => process.exit());
  process.send?.('ready');
}

function readArguments(args: readonly string[]) {
  const given = {
    seeds: 1000,
    from: 0,
    suite: null as Suite | null,
    workers: availableParallelism(),
  };
  for (let i = 0; i < args.length; i += 2) {
    const [name, value = ''] = [args[i], args[i + 1]];
    const number = /^\d{1,9}$/.test(value) ? Number(value) : -1;
    if (name === '--seeds' && number > 0) given.seeds = number;
    else if (name === '--from' && number >= 0) given.from = number;
    else if (name === '--suite' && SUITES[value]) given.suite = SUITES[value];
    else if (name === '--workers' && number > 0) given.workers = number;
    else throw new RangeError(USAGE);
  }
  return given;
}
