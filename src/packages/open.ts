/** Opening what a package holds for somebody. */
import { decryptWith } from '../cms/index.ts';
import {
  type Decrypter,
  type Json,
  type KeyDecrypter,
  Malformed,
  readCanonicalJson,
} from '../crypto/index.ts';
import { certificateId, keyId } from '../pki/index.ts';
import { innerContext, readInner } from './inner.ts';
import { BODY, ENVELOPED } from './names.ts';
import type { Package } from './package.ts';
import { plainName } from './record.ts';

/**
 * Decrypts the contents at hand for the decrypter, and compares inside with outside.
 * @returns the body (null where there is none at hand) and the files at hand by their plain names,
 * public ones too
 * @throws {Malformed} `cms-not-recipient` (the record does not name him in `to`), `cms-decrypt`, `package-context` (enveloped for another
 * record, by another author, for another party or other recipients), `package-body`
 */
export async function openPackage(
  { digest, record, body, files }: Pick<Package, 'digest' | 'record' | 'body' | 'files'>,
  decrypter: Decrypter | KeyDecrypter,
): Promise<{ body: Json | null; files: Map<string, Uint8Array> }> {
  const context = innerContext(record);
  const name =
    'spki' in decrypter ? await keyId(decrypter.spki) : await certificateId(decrypter.certificate);
  const enveloped = body !== null || [...files.keys()].some((name) => name.endsWith(ENVELOPED));
  if (enveloped && !record.to.includes(name)) {
    throw new Malformed('cms-not-recipient', 'not among those in `to`');
  }
  const open = async (ciphertext: Uint8Array, content: string) =>
    readInner(digest, await decryptWith(ciphertext, decrypter), context, content);
  const out = new Map<string, Uint8Array>();
  for (const [file, bytes] of files) {
    if (!file.endsWith(ENVELOPED)) out.set(file, bytes);
    else out.set(plainName(file), await open(bytes, plainName(file)));
  }
  return { body: body && readCanonicalJson(await open(body, plainName(BODY))), files: out };
}
