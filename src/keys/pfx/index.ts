/**
 * keys/pfx: PKCS #12 files in and out, and other key files in. A second, lazy door of `keys`: only importing and exporting
 * load it. Our own reader, because the files of Chinese authorities are SM2 keys under 3DES and
 * RC2 in BER, and no library reads those.
 */
export { encodings, type Patience } from './kdf.ts';
export { keyFileSeconds, readKeyFiles } from './key-file.ts';
export {
  importEnvelopedKey,
  importKeyFiles,
  importPfx,
  openPfx,
  type PfxCode,
  type PfxInput,
  type PfxReport,
} from './open.ts';
export { exportIdentity, exportPfx, type PfxEntry } from './write.ts';
