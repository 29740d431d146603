/**
 * The public-key security handler (ISO 32000-2, 7.6.5): the file key follows from a seed that is
 * enveloped to certificates. Whoever holds the key of one of them opens an envelope; here only what
 * stands in it counts.
 */
import { concat, digest, Malformed } from '../../crypto/index.ts';
import { isName, PdfDict, PdfName, type PdfObject, PdfString } from './objects.ts';

/**
 * Opens one of the envelopes (CMS EnvelopedData, DER or BER).
 * @returns the content of the first that opens; null where none does
 */
export type OpenEnvelope = (envelopes: readonly Uint8Array[]) => Promise<Uint8Array | null>;

const FORMS = ['adbe.pkcs7.s3', 'adbe.pkcs7.s4', 'adbe.pkcs7.s5'];
const SEED = 20;
const MAX_ENVELOPES = 64;

interface RecipientKey {
  readonly key: Uint8Array;
  readonly metadata: boolean;
  /** Table 24; every bit is set for who may change encryption. */
  readonly permissions: number;
}

type Resolve = (object: PdfObject) => PdfObject;

/** Whether this is the handler for recipients, whatever program's name it bears. */
export function isForRecipients(dict: PdfDict, resolve: Resolve): boolean {
  const form = resolve(dict.raw('SubFilter'));
  return form instanceof PdfName && FORMS.includes(form.name);
}

/**
 * @param version V of the dictionary
 * @param length octets of the file key
 * @throws {Malformed} `pdf-recipients` where no envelope opens; `pdf-encrypt` for another form
 */
export async function keyForRecipients(
  dict: PdfDict,
  version: number,
  length: number,
  resolve: Resolve,
  open: OpenEnvelope | undefined,
): Promise<RecipientKey> {
  const holder = version >= 4 ? cryptFilter(dict, resolve) : dict;
  const list = resolve(holder.raw('Recipients'));
  const envelopes = (Array.isArray(list) ? list : [list]).map((item) => {
    const value = resolve(item as PdfObject);
    if (!(value instanceof PdfString)) throw new Malformed('pdf-encrypt', 'Recipients');
    return value.bytes;
  });
  if (envelopes.length === 0 || envelopes.length > MAX_ENVELOPES) {
    throw new Malformed('pdf-encrypt', 'number of recipients');
  }
  const content = await open?.(envelopes);
  if (!content)
    throw new Malformed('pdf-recipients', 'the file is encrypted to certain recipients');
  if (content.length < SEED) throw new Malformed('pdf-encrypt', 'the envelope holds no seed');
  const metadata = resolve(holder.raw('EncryptMetadata')) !== false;
  const tail = metadata ? new Uint8Array() : new Uint8Array(4).fill(0xff);
  const all = concat(content.subarray(0, SEED), ...envelopes, tail);
  const key = await digest(version === 5 ? 'SHA-256' : 'SHA-1', all);
  return { key: key.subarray(0, length), metadata, permissions: permissionsIn(content) };
}

const CHANGE_ENCRYPTION = 1 << 1;

/** Absent in the oldest form: everything is permitted. */
function permissionsIn(content: Uint8Array): number {
  if (content.length < SEED + 4) return -1;
  const { buffer, byteOffset } = content;
  const bits = new DataView(buffer, byteOffset).getInt32(SEED);
  return (bits & CHANGE_ENCRYPTION) === 0 ? bits : -1;
}

/** Where strings and streams are encrypted alike, as everybody does; two keys are not looked for. */
function cryptFilter(dict: PdfDict, resolve: Resolve): PdfDict {
  const [streams, strings] = ['StmF', 'StrF'].map((name) => resolve(dict.raw(name)));
  const named = streams instanceof PdfName && !isName(streams, 'Identity') ? streams : strings;
  const filters = resolve(dict.raw('CF'));
  const filter =
    named instanceof PdfName && filters instanceof PdfDict
      ? resolve(filters.raw(named.name))
      : null;
  if (!(filter instanceof PdfDict)) throw new Malformed('pdf-encrypt', 'crypt filter');
  for (const other of [streams, strings]) {
    const same =
      other === null ||
      isName(other, 'Identity') ||
      (named instanceof PdfName && isName(other, named.name));
    if (!same) throw new Malformed('pdf-encrypt', 'two crypt filters');
  }
  return filter;
}
