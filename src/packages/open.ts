/** Opening what a package holds for somebody. */
import { contentKeyOf, decryptWith, decryptWithKey } from '../cms/index.ts';
import {
  type Decrypter,
  type Json,
  type KeyDecrypter,
  Malformed,
  readCanonicalJson,
} from '../crypto/index.ts';
import { certificateId, keyId } from '../pki/index.ts';
import { innerContext, readInner } from './inner.ts';
import { BODY, ENVELOPED, isEnveloped } from './names.ts';
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

/** Keys of single contents, by the contents' digests, hex. */
export type GrantedKeys = ReadonlyMap<string, Uint8Array>;

type Opened = Awaited<ReturnType<typeof openPackage>>;

/**
 * What single content keys open, that somebody handed on; compared inside with outside as ever. A file
 * whose key is not among them is left out.
 * @returns null where none of them is for this package
 * @throws {Malformed} `cms-decrypt` for a key that does not fit, `package-context`, `package-body`
 */
export async function openGranted(
  { digest, record, body, files, contents }: OpenablePackage,
  keys: GrantedKeys,
): Promise<Opened | null> {
  const context = innerContext(record);
  const keyOf = (file: string) => {
    const content = contents.find((each) => plainName(each.name) === plainName(file));
    return content && keys.get(content.digest);
  };
  if (![BODY, ...files.keys()].some(keyOf)) return null;
  const open = async (ciphertext: Uint8Array, key: Uint8Array, content: string) =>
    readInner(digest, await decryptWithKey(ciphertext, key), context, content);
  const out = new Map<string, Uint8Array>();
  for (const [file, bytes] of files) {
    const key = keyOf(file);
    if (!file.endsWith(ENVELOPED)) out.set(file, bytes);
    else if (key) out.set(plainName(file), await open(bytes, key, plainName(file)));
  }
  const key = keyOf(BODY);
  const plain = body && key ? await open(body, key, plainName(BODY)) : null;
  return { body: plain && readCanonicalJson(plain), files: out };
}

type OpenablePackage = Pick<Package, 'digest' | 'record' | 'body' | 'files' | 'contents'>;

/**
 * Keys of those enveloped contents at hand that the decrypter opens, to be handed on.
 * @throws {Malformed} as {@link openPackage}: the record has to name the decrypter in `to`
 */
export async function contentKeys(
  pkg: Pick<Package, 'record' | 'contents' | 'present'>,
  decrypter: Decrypter | KeyDecrypter,
): Promise<Map<string, Uint8Array>> {
  const name =
    'spki' in decrypter ? await keyId(decrypter.spki) : await certificateId(decrypter.certificate);
  if (!pkg.record.to.includes(name)) {
    throw new Malformed('cms-not-recipient', 'not among those in `to`');
  }
  const out = new Map<string, Uint8Array>();
  for (const content of pkg.contents) {
    const bytes = isEnveloped(content) ? pkg.present.get(content.name) : undefined;
    const key = bytes && (await keyFor(bytes, decrypter));
    if (key) out.set(content.digest, key);
  }
  return out;
}

/** @returns null for a content that is not for the decrypter, though the record names him */
async function keyFor(
  bytes: Uint8Array,
  decrypter: Decrypter | KeyDecrypter,
): Promise<Uint8Array | null> {
  try {
    return await contentKeyOf(bytes, decrypter);
  } catch (error) {
    if (error instanceof Malformed && error.code === 'cms-not-recipient') return null;
    throw error;
  }
}
