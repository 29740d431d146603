/**
 * `npm run simulate -- [--seeds N] [--from S]`: so many runs of a simulated deployment, 1,000 unless
 * told, from seed S on. Each is drawn from its seed alone: one that failed is played again, with its
 * schedule, by `--seeds 1 --from` its number.
 */
import { simulate } from '../test/simulation/run.ts';

/** @returns 0 when every run held, else 1 */
export async function main(args: string[]): Promise<number> {
  const { seeds, from } = readArguments(args);
  let failed = 0;
  for (let seed = from; seed < from + seeds; seed++) {
    const { faults, events, suite } = await simulate(seed);
    if (seeds === 1) console.log(events.join('\n'));
    if (faults.length > 0) {
      failed++;
      console.log(`seed ${seed} (${suite}): ${faults.length} faults`);
      for (const fault of faults.slice(0, 20)) console.log(`  ${fault}`);
      console.log(`  again: npm run simulate -- --seeds 1 --from ${seed}`);
    }
    const done = seed - from + 1;
    if (done % 50 === 0 && done < seeds) console.log(`${done} of ${seeds}, ${failed} failed`);
  }
  console.log(`${seeds} seeds, ${failed} failed`);
  return failed > 0 ? 1 : 0;
}

function readArguments(args: readonly string[]) {
  const given = { seeds: 1000, from: 0 };
  for (let i = 0; i < args.length; i += 2) {
    const name = args[i]?.slice(2);
    const value = Number(args[i + 1]);
    if ((name !== 'seeds' && name !== 'from') || !Number.isSafeInteger(value) || value < 0) {
      throw new RangeError('npm run simulate -- [--seeds N] [--from S]');
    }
    given[name] = value;
  }
  return given;
}
