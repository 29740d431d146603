/**
 * Verifying a signed PDF against the bare cryptography that it cannot do without: one SHA-256 of
 * the file and one ECDSA P-256 verification. Reading, coverage, CMS and trust are what is on top.
 * Of the file nothing is kept from one round to the next; the signer's certificate, once read, and
 * his imported key are, as among the files of one signer.
 */
import { performance } from 'node:perf_hooks';
import { verifyPdf } from '../../src/pdf/index.ts';
import { basePdf } from '../pdf/fixtures/base.ts';
import { authority, signerUnder } from '../pdf/fixtures/identities.ts';
import { sign } from '../pdf/fixtures/sign.ts';

interface Figure {
  name: string;
  figure: number;
  limit: number;
  unit: string;
}

const ROUNDS = 150;

function median(times: number[]): number {
  return times.sort((a, b) => a - b)[times.length >> 1] as number;
}

/** Medians of two runs taken in turn, so that both meet the same load. */
async function inTurn(
  one: () => Promise<unknown>,
  other: () => Promise<unknown>,
): Promise<[number, number]> {
  const times: [number[], number[]] = [[], []];
  for (let i = 0; i < ROUNDS; i++) {
    for (const [j, run] of [one, other].entries()) {
      const start = performance.now();
      await run();
      times[j]?.push(performance.now() - start);
    }
  }
  return [median(times[0]), median(times[1])];
}

/** One digest of the file and one verification of a signature over its attributes. */
async function bareCrypto(pdf: Uint8Array<ArrayBuffer>): Promise<() => Promise<void>> {
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
  const key = await crypto.subtle.generateKey(algorithm, false, ['sign', 'verify']);
  const attributes = crypto.getRandomValues(new Uint8Array(180));
  const signature = await crypto.subtle.sign(algorithm, key.privateKey, attributes);
  return async () => {
    await crypto.subtle.digest('SHA-256', pdf);
    await crypto.subtle.verify(algorithm, key.publicKey, signature, attributes);
  };
}

/** A signed file of about so many bytes. */
async function signedFile(size: number): Promise<Uint8Array<ArrayBuffer>> {
  const root = await authority('Bench Root');
  const signer = await signerUnder(root, 'Bench Signer');
  const base = await basePdf({ objectStreams: true });
  const objects = (next: number): Record<number, string> => {
    const filler = 'x'.repeat(Math.max(0, size - base.length - 14_000));
    return { [next]: `<</Length ${filler.length}>>\nstream\n${filler}\nendstream` };
  };
  return new Uint8Array(await sign(base, { signer, objects, certify: 2, xref: 'stream' }));
}

export async function run(): Promise<Figure[]> {
  const out: Figure[] = [];
  for (const [name, size] of [
    ['30 kB', 30_000],
    ['300 kB', 300_000],
    ['1 MB', 1_000_000],
  ] as const) {
    const pdf = await signedFile(size);
    const options = { time: '2026-06-01T12:00:00Z' };
    for (let i = 0; i < 40; i++) await verifyPdf(pdf, options);
    const bareRun = await bareCrypto(pdf);
    const [verified, bare] = await inTurn(() => verifyPdf(pdf, options), bareRun);
    out.push({
      name: `verify a PDF of ${name} (${verified.toFixed(2)} ms)`,
      figure: verified / bare,
      limit: 2,
      unit: '× bare SHA-256 and P-256',
    });
  }
  return out;
}
