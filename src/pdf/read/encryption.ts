/**
 * The standard security handler (ISO 32000-2, 7.6.4): RC4, AESV2 and AESV3 under the empty or a
 * given password; for updates of such files also the way back. The handler for recipients comes to
 * a key of its own and shares the rest. Loaded when a file says that it is encrypted.
 */
import { md5 } from '@noble/hashes/legacy';
import { concat, digest, equal, fromLatin1, Malformed, owned, utf8 } from '../../crypto/index.ts';
import { aesCbcDecrypt, aesUnwrap, aesWrap } from './aes.ts';
import { isName, PdfDict, PdfName, type PdfObject, PdfString } from './objects.ts';
import { rc4 } from './rc4.ts';
import { isForRecipients, keyForRecipients, type OpenEnvelope } from './recipients.ts';

export interface PdfEncryption {
  readonly encryptMetadata: boolean;
  /** Table 22: bit 1 is the lowest; every bit is set for who knows the owner's password. */
  readonly permissions: number;
  /** Revision of the handler. */
  readonly revision: number;
  /** @returns the very octets where no cipher can have written them: some producers forget to. */
  decryptString(data: Uint8Array, num: number, gen: number): Uint8Array;
  decryptStream(data: Uint8Array, num: number, gen: number): Uint8Array;
  /** The same octets for the same content of the same object: an update can be made again. */
  encryptString(data: Uint8Array, num: number, gen: number): Promise<Uint8Array>;
  encryptStream(data: Uint8Array, num: number, gen: number): Promise<Uint8Array>;
}

type Cipher = 'none' | 'rc4' | 'aes128' | 'aes256';

/** What a caller has to open a file with. */
export interface Keys {
  /** Tried as user and as owner password; the empty one is always tried. */
  readonly password?: string | undefined;
  /** Of a file that is encrypted to recipients. */
  readonly openEnvelope?: OpenEnvelope | undefined;
}

interface Parameters {
  version: number;
  revision: number;
  /** Key length in bytes. */
  length: number;
  permissions: number;
  metadata: boolean;
  owner: Uint8Array;
  user: Uint8Array;
  id: Uint8Array;
}

/**
 * @throws {Malformed} `password-needed` when neither the empty nor the given password opens it;
 * `pdf-recipients` when it is encrypted to recipients and none of their keys is there;
 * `pdf-encrypt` for a handler or cipher that is not known
 */
export async function openEncryption(
  dict: PdfDict,
  id: Uint8Array,
  keys: Keys,
  resolve: (object: PdfObject) => PdfObject,
): Promise<PdfEncryption> {
  const get = (key: string): PdfObject => resolve(dict.raw(key));
  const bytes = (key: string): Uint8Array => {
    const value = get(key);
    if (!(value instanceof PdfString)) throw new Malformed('pdf-encrypt', key);
    return value.bytes;
  };
  const integer = (key: string, absent?: number): number => {
    const value = get(key) ?? absent;
    if (typeof value !== 'number' || !Number.isInteger(value)) {
      throw new Malformed('pdf-encrypt', key);
    }
    return value;
  };
  const version = integer('V');
  const bits = version === 1 ? 40 : integer('Length', version >= 4 ? 128 : 40);
  if (bits % 8 !== 0 || bits < 40 || bits > 256) throw new Malformed('pdf-encrypt', 'Length');
  const ciphers = ciphersOf(version, get, resolve);
  if (isForRecipients(dict, resolve)) {
    const length = version === 5 ? 32 : version === 4 ? 16 : bits / 8;
    const found = await keyForRecipients(dict, version, length, resolve, keys.openEnvelope);
    return encryptionWith(found.key, ciphers, { ...found, revision: 4 });
  }
  if (!isName(get('Filter'), 'Standard')) throw new Malformed('pdf-encrypt', 'unknown handler');
  const revision = integer('R');
  const parameters: Parameters = {
    version,
    revision,
    length: version === 4 ? 16 : bits / 8,
    permissions: integer('P'),
    metadata: get('EncryptMetadata') !== false,
    owner: bytes('O'),
    user: bytes('U'),
    id,
  };
  const password = keys.password ?? '';
  const opened =
    version === 5
      ? await fileKeyOf256(parameters, bytes('OE'), bytes('UE'), password)
      : fileKeyOf128(parameters, password);
  if (!opened) throw new Malformed('password-needed', 'the file needs a password');
  const { key, owner } = opened;
  const permissions = owner ? -1 : parameters.permissions | 0;
  return encryptionWith(key, ciphers, { metadata: parameters.metadata, permissions, revision });
}

function encryptionWith(
  key: Uint8Array,
  ciphers: { strings: Cipher; streams: Cipher },
  { metadata, permissions, revision }: Pick<Parameters, 'metadata' | 'permissions' | 'revision'>,
): PdfEncryption {
  return {
    encryptMetadata: metadata,
    permissions,
    revision,
    encryptString: (data, num, gen) => encipher(ciphers.strings, key, data, num, gen),
    encryptStream: (data, num, gen) => encipher(ciphers.streams, key, data, num, gen),
    decryptString: (data, num, gen) =>
      isCiphertext(ciphers.strings, data) ? decipher(ciphers.strings, key, data, num, gen) : data,
    decryptStream: (data, num, gen) => decipher(ciphers.streams, key, data, num, gen),
  };
}

function ciphersOf(
  version: number,
  get: (key: string) => PdfObject,
  resolve: (object: PdfObject) => PdfObject,
): { strings: Cipher; streams: Cipher } {
  if (version === 1 || version === 2) return { strings: 'rc4', streams: 'rc4' };
  if (version !== 4 && version !== 5) throw new Malformed('pdf-encrypt', `version ${version}`);
  const filters = get('CF');
  const cipherOf = (which: PdfObject): Cipher => {
    if (which === null || isName(which, 'Identity')) return 'none';
    const filter =
      which instanceof PdfName && filters instanceof PdfDict
        ? resolve(filters.raw(which.name))
        : null;
    const method = filter instanceof PdfDict ? resolve(filter.raw('CFM')) : null;
    const name = method instanceof PdfName ? method.name : '';
    if (version === 4 && name === 'V2') return 'rc4';
    if (version === 4 && name === 'AESV2') return 'aes128';
    if (version === 5 && name === 'AESV3') return 'aes256';
    throw new Malformed('pdf-encrypt', `crypt filter method ${name}`);
  };
  return { strings: cipherOf(get('StrF')), streams: cipherOf(get('StmF')) };
}

/** AES writes whole blocks, the initial value before them. */
function isCiphertext(cipher: Cipher, data: Uint8Array): boolean {
  const aes = cipher === 'aes128' || cipher === 'aes256';
  return !aes || (data.length % 16 === 0 && data.length !== 16);
}

function decipher(
  cipher: Cipher,
  key: Uint8Array,
  data: Uint8Array,
  num: number,
  gen: number,
): Uint8Array {
  if (cipher === 'none') return data;
  if (cipher === 'aes256') return aesUnwrap(key, data);
  const own = objectKey(cipher, key, num, gen);
  return cipher === 'aes128' ? aesUnwrap(own, data) : rc4(own, data);
}

/** The initial value follows from the key, the object and the content, so that no chance is needed. */
async function encipher(
  cipher: Cipher,
  key: Uint8Array,
  data: Uint8Array,
  num: number,
  gen: number,
): Promise<Uint8Array> {
  if (cipher === 'none') return data;
  const own = cipher === 'aes256' ? key : objectKey(cipher, key, num, gen);
  if (cipher === 'rc4') return rc4(own, data);
  const place = fromLatin1(`${num} ${gen} `);
  const iv = (await digest('SHA-256', concat(key, place, data))).subarray(0, 16);
  return aesWrap(own, iv, data);
}

/** Algorithm 1, for the ciphers before AES-256. */
function objectKey(cipher: Cipher, key: Uint8Array, num: number, gen: number): Uint8Array {
  const salt = Uint8Array.of(num, num >> 8, num >> 16, gen, gen >> 8);
  const aes = cipher === 'aes128' ? fromLatin1('sAlT') : new Uint8Array(0);
  return md5(concat(key, salt, aes)).subarray(0, Math.min(16, key.length + 5));
}

interface Opened {
  readonly key: Uint8Array;
  /** By the owner's password. */
  readonly owner: boolean;
}

const PADDING = Uint8Array.from([
  0x28, 0xbf, 0x4e, 0x5e, 0x4e, 0x75, 0x8a, 0x41, 0x64, 0x00, 0x4e, 0x56, 0xff, 0xfa, 0x01, 0x08,
  0x2e, 0x2e, 0x00, 0xb6, 0xd0, 0x68, 0x3e, 0x80, 0x2f, 0x0c, 0xa9, 0xfe, 0x64, 0x53, 0x69, 0x7a,
]);

function padded(password: Uint8Array): Uint8Array {
  return concat(password, PADDING).subarray(0, 32);
}

/** Algorithms 2, 6 and 7: the key that the password, or the user password behind it, opens. */
function fileKeyOf128(p: Parameters, password: string): Opened | null {
  const given = fromLatin1(password);
  const users = [userFromOwner(p, given), padded(new Uint8Array(0)), padded(given)];
  for (const [i, user] of users.entries()) {
    const key = keyFromUser(p, user);
    if (userValueFits(p, key)) return { key, owner: i === 0 };
  }
  return null;
}

function keyFromUser(p: Parameters, user: Uint8Array): Uint8Array {
  const permissions = new Uint8Array(4);
  new DataView(permissions.buffer).setInt32(0, p.permissions | 0, true);
  const tail = p.revision >= 4 && !p.metadata ? new Uint8Array(4).fill(0xff) : new Uint8Array(0);
  let key = md5(concat(user, p.owner.subarray(0, 32), permissions, p.id, tail));
  if (p.revision >= 3) for (let i = 0; i < 50; i++) key = md5(key.subarray(0, p.length));
  return key.subarray(0, p.length);
}

function userValueFits(p: Parameters, key: Uint8Array): boolean {
  if (p.revision === 2) return equal(rc4(key, PADDING), p.user.subarray(0, 32));
  let value = rc4(key, md5(concat(PADDING, p.id)));
  for (let i = 1; i < 20; i++)
    value = rc4(
      key.map((byte) => byte ^ i),
      value,
    );
  return equal(value, p.user.subarray(0, 16));
}

function userFromOwner(p: Parameters, owner: Uint8Array): Uint8Array {
  let key = md5(padded(owner));
  if (p.revision >= 3) for (let i = 0; i < 50; i++) key = md5(key.subarray(0, p.length));
  key = key.subarray(0, p.length);
  let value = p.owner.subarray(0, 32);
  for (let i = p.revision === 2 ? 0 : 19; i >= 0; i--)
    value = rc4(
      key.map((b) => b ^ i),
      value,
    );
  return value;
}

/** Algorithm 2.A. */
async function fileKeyOf256(
  p: Parameters,
  ownerKey: Uint8Array,
  userKey: Uint8Array,
  password: string,
): Promise<Opened | null> {
  const zero = new Uint8Array(16);
  const user = p.user.subarray(0, 48);
  // The given one first: as the owner's it permits more than the empty one.
  for (const text of password === '' ? [''] : [password, '']) {
    const given = utf8(text.normalize('NFKC')).subarray(0, 127);
    const none = new Uint8Array(0);
    const owner = p.owner.subarray(0, 48);
    if (equal(await hash2B(p, given, owner.subarray(32, 40), user), owner.subarray(0, 32))) {
      const key = await hash2B(p, given, owner.subarray(40, 48), user);
      return { key: aesCbcDecrypt(key, zero, ownerKey.subarray(0, 32)), owner: true };
    }
    if (equal(await hash2B(p, given, user.subarray(32, 40), none), user.subarray(0, 32))) {
      const key = await hash2B(p, given, user.subarray(40, 48), none);
      return { key: aesCbcDecrypt(key, zero, userKey.subarray(0, 32)), owner: false };
    }
  }
  return null;
}

/** Algorithm 2.B; of revision 5 only its first step. */
async function hash2B(
  p: Parameters,
  password: Uint8Array,
  salt: Uint8Array,
  user: Uint8Array,
): Promise<Uint8Array> {
  let key = await digest('SHA-256', concat(password, salt, user));
  if (p.revision === 5) return key;
  for (let round = 0, last = 0; round < 64 || last > round - 32; round++) {
    const once = concat(password, key, user);
    const repeated = new Uint8Array(once.length * 64);
    for (let i = 0; i < 64; i++) repeated.set(once, i * once.length);
    const aes = await crypto.subtle.importKey('raw', owned(key.subarray(0, 16)), 'AES-CBC', false, [
      'encrypt',
    ]);
    const parameters = { name: 'AES-CBC', iv: owned(key.slice(16, 32)) };
    const sealed = new Uint8Array(await crypto.subtle.encrypt(parameters, aes, repeated));
    const out = sealed.subarray(0, repeated.length);
    last = out[out.length - 1] as number;
    let rest = 0;
    for (let i = 0; i < 16; i++) rest += out[i] as number;
    key = await digest((['SHA-256', 'SHA-384', 'SHA-512'] as const)[rest % 3] ?? 'SHA-256', out);
  }
  return key.subarray(0, 32);
}
