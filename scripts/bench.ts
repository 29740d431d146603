/**
 * `npm run bench`: every module of test/bench measures beside a limit or a peer in the same run, so
 * that a figure means the same on any machine. Prints a table and writes bench.json.
 */
import { writeFile } from 'node:fs/promises';

export interface Figure {
  name: string;
  figure: number;
  limit: number;
  /** `ratio` unless said otherwise. */
  unit: string;
}

const modules = import.meta.glob<{ run: () => Promise<Figure[]> }>('../test/bench/*.ts');

export async function main(args: string[]): Promise<number> {
  const figures: Figure[] = [];
  for (const [path, load] of Object.entries(modules)) {
    if (args.length > 0 && !args.some((arg) => path.includes(arg))) continue;
    for (const each of await (await load()).run()) {
      figures.push(each);
      const verdict = each.figure <= each.limit ? 'within' : 'OVER';
      console.log(
        `${each.name.padEnd(56)} ${each.figure.toFixed(2).padStart(10)} ${each.unit}, limit ${each.limit} (${verdict})`,
      );
    }
  }
  await writeFile('bench.json', `${JSON.stringify(figures, null, 2)}\n`);
  return figures.every(({ figure, limit }) => figure <= limit) ? 0 : 1;
}
