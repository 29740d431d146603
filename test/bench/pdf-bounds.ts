/**
 * What verifying may cost: time and memory of hostile files, memory of a large genuine one, and a
 * folder of files beside pdfsig. Memory is the peak of a process of its own over what it held
 * before, with the built library.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { verifyPdf } from '../../src/pdf/index.ts';
import { signPdf } from '../../src/pdf/sign/index.ts';
import { anatomy, basePdf } from '../pdf/fixtures/base.ts';
import { HOSTILE } from '../pdf/fixtures/hostile.ts';
import { authority, signerUnder } from '../pdf/fixtures/identities.ts';
import { append } from '../pdf/fixtures/write.ts';

interface Figure {
  name: string;
  figure: number;
  limit: number;
  unit: string;
}

interface Cost {
  integrity: string;
  seconds: number;
  /** Peak of resident memory over that of the bare process with the library, bytes. */
  memory: number;
}

const CHILD = `
  const { readFileSync } = await import('node:fs');
  const { verifyPdf } = await import(process.argv[1]);
  await verifyPdf(new Uint8Array(readFileSync(process.argv[2])));
  globalThis.gc();
  const before = process.memoryUsage().rss;
  const pdf = new Uint8Array(readFileSync(process.argv[3]));
  const start = process.cpuUsage();
  const { integrity } = await verifyPdf(pdf);
  const { user, system } = process.cpuUsage(start);
  const memory = process.resourceUsage().maxRSS * 1024 - before;
  console.log(JSON.stringify({ integrity, seconds: (user + system) / 1e6, memory }));
`;

function library(): string {
  const beside = fileURLToPath(new URL('../lib/cinnabar.js', import.meta.url));
  return existsSync(beside)
    ? beside
    : fileURLToPath(new URL('../../lib/cinnabar.js', import.meta.url));
}

function inChild(small: string, file: string): Cost {
  const args = ['--expose-gc', '--input-type=module', '-e', CHILD, library(), small, file];
  return JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' })) as Cost;
}

async function signed(size: number): Promise<Uint8Array> {
  const root = await authority('Bench Root');
  const signer = await signerUnder(root, 'Bench Signer');
  let pdf = await basePdf();
  if (size > 0) {
    const filler = `<</Length ${size}>>\nstream\n${'x'.repeat(size)}\nendstream`;
    pdf = await append(pdf, { [(await anatomy(pdf)).size]: filler });
  }
  return signPdf({
    pdf,
    signer,
    field: 'Bench',
    page: 0,
    rect: [0, 0, 0, 0],
    appearance: { kind: 'none' },
    reason: '',
    time: '2026-06-01T12:00:00Z',
  });
}

const FOLDER = 100;

/** A folder of files, checked by us in one process and by pdfsig one run each. */
async function folder(place: string, pdf: Uint8Array): Promise<Figure[]> {
  const name = `verify ${FOLDER} files of ${Math.round(pdf.length / 1000)} kB`;
  const files = Array.from({ length: FOLDER }, (_, i) => join(place, `${i}.pdf`));
  for (const file of files) writeFileSync(file, pdf);
  try {
    execFileSync('pdfsig', ['-v'], { stdio: 'ignore' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
      console.log(`${name}: skipped, no pdfsig on this machine`);
      return [];
    }
  }
  const { readFile } = await import('node:fs/promises');
  const start = performance.now();
  for (const file of files) await verifyPdf(new Uint8Array(await readFile(file)));
  const own = performance.now() - start;
  const begun = performance.now();
  for (const file of files) execFileSync('pdfsig', ['-nocert', file], { stdio: 'ignore' });
  const theirs = performance.now() - begun;
  const words = `${name} (${own.toFixed(0)} ms, pdfsig ${theirs.toFixed(0)} ms)`;
  return [{ name: words, figure: own / theirs, limit: 1, unit: '× pdfsig' }];
}

export async function run(): Promise<Figure[]> {
  const place = mkdtempSync(join(tmpdir(), 'cinnabar-bounds-'));
  try {
    mkdirSync(place, { recursive: true });
    const small = join(place, 'small.pdf');
    const file = join(place, 'file.pdf');
    writeFileSync(small, await signed(0));
    const out: Figure[] = [];
    let [slowest, largest]: [Figure, Figure] = [
      { name: '', figure: 0, limit: 3, unit: 's of one processor' },
      { name: '', figure: 0, limit: 500, unit: 'MB' },
    ];
    for (const [name, make] of Object.entries(HOSTILE)) {
      writeFileSync(file, make());
      const { seconds, memory } = inChild(small, file);
      if (seconds > slowest.figure) {
        slowest = { ...slowest, name: `slowest hostile file (${name})`, figure: seconds };
      }
      if (memory / 1e6 > largest.figure) {
        largest = { ...largest, name: `largest hostile file (${name})`, figure: memory / 1e6 };
      }
    }
    out.push(slowest, largest);
    const size = 100_000_000;
    writeFileSync(file, await signed(size));
    const { memory, integrity } = inChild(small, file);
    if (integrity !== 'intact') throw new Error(`the large file is ${integrity}`);
    out.push({
      name: 'verify 100 MB, peak memory',
      figure: memory / size,
      limit: 2.5,
      unit: '× its size',
    });
    out.push(...(await folder(place, await signed(30_000))));
    return out;
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}
