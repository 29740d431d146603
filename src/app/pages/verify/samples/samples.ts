/** The files that are offered to try (`npm run samples`), fetched when asked for. */
import type { TrustBundle } from '../../../../pki/index.ts';

const FILES = {
  licence: 'licence.pdf',
  'licence-changed': 'licence-changed.pdf',
  'licence-foreign-seal': 'licence-foreign-seal.pdf',
  'delivery-note': 'delivery-note.ofd',
} as const;

export type SampleName = keyof typeof FILES;
export const SAMPLES = Object.keys(FILES) as SampleName[];

/** Not kept for work without a network: half a megabyte that few ask for. */
async function fetched(name: string): Promise<Response> {
  const response = await fetch(new URL(`samples/${name}`, document.baseURI));
  if (!response.ok) throw new Error(`${name}: ${response.status}`);
  return response;
}

export async function sampleFile(name: SampleName): Promise<File> {
  const file = FILES[name];
  return new File([await (await fetched(file)).blob()], file);
}

/** What a device that joined the samples' deployment would judge by. */
export const sampleTrust = async (): Promise<TrustBundle> => (await fetched('trust.json')).json();
