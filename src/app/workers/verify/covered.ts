/** The data that a signature covers, as the signed revision has it: what a seal stands for. */
import { readStrictJson } from '../../../crypto/index.ts';
import { extractAttachment } from '../../../pdf/index.ts';

export interface Covered {
  data: { name: string; fields: [string, string][] }[];
}

const FILES = ['licence.json', 'application.json'];

/** @param field name of the signature */
export async function covered(
  bytes: Uint8Array,
  field: string,
  password?: string,
): Promise<Covered> {
  const data: Covered['data'] = [];
  for (const name of FILES) {
    const options = { field, ...(password === undefined ? {} : { password }) };
    const file = await extractAttachment(bytes, name, options);
    if (!file) continue;
    try {
      data.push({ name, fields: flat(readStrictJson(file)).slice(0, 200) });
    } catch {
      // Data that is none is not listed.
    }
  }
  return { data };
}

/** Members by their paths. */
function flat(value: unknown, path = ''): [string, string][] {
  if (value === null || value === '') return [];
  if (typeof value !== 'object') return [[path, String(value)]];
  return Object.entries(value).flatMap(([key, inner]) =>
    flat(inner, path ? `${path}.${key}` : key),
  );
}
