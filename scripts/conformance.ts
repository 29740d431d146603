/**
 * `npm run conformance -- [DIR]`: runs the public suites found in DIR. Each file of
 * `test/conformance/` that exports `suite` is one; what is absent in DIR is named and skipped.
 */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Suite } from '../test/conformance/suite.ts';

const suites = import.meta.glob<{ suite?: Suite }>('../test/conformance/*.ts');

/** `args`: the folder, then names of suites to run (all by default); `--verbose` lists every failure. @returns 1 after a wrong accept, else 0 */
export async function main(args: string[]): Promise<number> {
  const verbose = args.includes('--verbose');
  const [folder = '../shared/conformance', ...only] = args.filter((arg) => !arg.startsWith('--'));
  const directory = resolve(folder);
  if (!existsSync(directory)) {
    console.log(`no public suites at ${directory}: skipped`);
    return 0;
  }
  let wrongAccepts = 0;
  for (const path of Object.keys(suites).sort()) {
    const suite = (await suites[path]?.())?.suite;
    if (!suite || (only.length > 0 && !only.includes(suite.name))) continue;
    const start = performance.now();
    const result = await suite.run(directory);
    if (!result) {
      console.log(`${suite.name.padEnd(12)} absent: skipped`);
      continue;
    }
    const { passed, failed, slowest } = result;
    const seconds = ((performance.now() - start) / 1000).toFixed(1);
    const rejects = failed - result.wrongAccepts;
    wrongAccepts += result.wrongAccepts;
    console.log(
      `${suite.name.padEnd(12)} ${passed}/${passed + failed} passed, ${result.wrongAccepts} wrong accepts, ` +
        `${rejects} other failures, ${seconds} s` +
        (slowest ? `, slowest ${slowest.ms.toFixed(0)} ms (${slowest.name})` : ''),
    );
    for (const line of result.details.slice(0, verbose ? undefined : 20)) console.log(`  ${line}`);
  }
  return wrongAccepts > 0 ? 1 : 0;
}
