/** Key files at the door: what is in a PKCS #12 file, and making an electronic key of any. */
import { type Finding, Malformed } from '../../crypto/index.ts';
import { readCertificate } from '../../pki/index.ts';
import type { RawKey } from '../private-key.ts';
import { type KeyRefusalCode, KeyRefused } from '../refused.ts';
import { type Agree, openEnvelopedKey } from './enveloped.ts';
import { type ImportedIdentity, identityOf } from './identity.ts';
import { encodings, type Patience } from './kdf.ts';
import { type KeyFileContents, readKeyFiles } from './key-file.ts';
import { estimatedSeconds, readPfx } from './read.ts';

export interface PfxInput {
  pfx: Uint8Array;
  password: string;
  /** Longest that anybody wants to wait; 15 where absent. */
  seconds?: number;
}

export type PfxCode =
  /** Wrong password, or the file was changed. */
  | 'mac'
  | 'malformed'
  | 'unsupported-alg'
  /** Opening it would take longer than `seconds`: told before it starts. */
  | 'budget';

export interface PfxReport {
  ok: boolean;
  /** DER, in the order of the file. */
  certificates: Uint8Array[];
  /** How many private keys it holds. */
  keys: number;
  code?: PfxCode;
  /** Estimated seconds that opening takes on a slow device. */
  seconds: number;
  /** `pfx-no-mac`: nothing protects the file against changes. */
  findings: Finding[];
}

function codeOf(error: unknown): PfxCode {
  const code = error instanceof Malformed ? error.code : 'malformed';
  if (code === 'mac' || code === 'unsupported-alg') return code;
  return code === 'pfx-iterations' ? 'budget' : 'malformed';
}

const NO_MAC: Finding = {
  code: 'pfx-no-mac',
  message: 'Nothing protects the integrity of this key file: it has no MAC.',
  severity: 'warning',
};

/** Opens a PKCS #12 file and says what is in it. Never throws for a bad file or password. */
export async function openPfx({ pfx, password, seconds: limit }: PfxInput): Promise<PfxReport> {
  let seconds = 0;
  try {
    seconds = estimatedSeconds(pfx);
    const { certificates, keys, sealed } = await readPfx(pfx, encodings(password), {
      ...(limit === undefined ? {} : { seconds: limit }),
    });
    for (const certificate of certificates) readCertificate(certificate);
    for (const key of keys) key.fill(0);
    const findings = sealed ? [] : [NO_MAC];
    return { ok: true, certificates, keys: keys.length, seconds, findings };
  } catch (error) {
    const code = codeOf(error);
    return { ok: false, certificates: [], keys: 0, code, seconds, findings: [] };
  }
}

/** What is imported, and what has to be said about the files that it came from. */
export interface ImportedFiles extends ImportedIdentity {
  warnings: KeyFileContents['warnings'];
}

/**
 * The identity in a PKCS #12 file, or in another key file with its certificates beside.
 * @throws {KeyRefused} `wrong-secret`; `too-costly` where it would take longer than
 * `patience.seconds`; `enveloped-key` for a key that only the holder's signing key opens;
 * `cancelled` by `patience.signal`; `malformed`; and as {@link identityOf}
 */
export async function importKeyFiles(
  files: readonly Uint8Array[],
  password: string,
  patience: Patience = {},
): Promise<ImportedFiles> {
  const { keys, certificates, enveloped, warnings } = await refusing(patience, () =>
    readKeyFiles(files, encodings(password), patience),
  );
  if (keys.length === 0 && enveloped.length > 0) throw new KeyRefused('enveloped-key');
  return refusing(patience, async () => ({ ...(await identityOf(keys, certificates)), warnings }));
}

/** The identity in a PKCS #12 file. @throws {KeyRefused} as {@link importKeyFiles} */
export const importPfx = ({ pfx, password, seconds }: PfxInput): Promise<ImportedFiles> =>
  importKeyFiles([pfx], password, seconds === undefined ? {} : { seconds });

/**
 * An encryption key under the envelope of GB/T 35276, with its certificate.
 * @param agree what the holder's signing key does with a point
 * @throws {KeyRefused} `no-key` without an enveloped key among the files; `key-mismatch` where it
 * was made for another signing key, or the certificate for another key; and as {@link identityOf}
 */
export async function importEnvelopedKey(
  files: readonly Uint8Array[],
  agree: Agree,
): Promise<{ key: RawKey; certificate: Uint8Array; others: Uint8Array[] }> {
  return refusing({}, async () => {
    const { certificates, enveloped } = await readKeyFiles(files, encodings(''));
    const [der] = enveloped;
    if (!der) throw new KeyRefused('no-key', 'no enveloped key');
    const imported = await identityOf([await openEnvelopedKey(der, agree)], certificates);
    const { keys, certificates: own } = imported;
    if (!keys.encryption || !own.encryption) throw new KeyRefused('key-usage');
    const others = certificates.filter((each) => each !== own.encryption);
    return { key: keys.encryption, certificate: own.encryption, others };
  });
}

async function refusing<T>({ signal }: Patience, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    if (error instanceof KeyRefused) throw error;
    const cause = { cause: error };
    if (signal?.aborted) throw new KeyRefused('cancelled', undefined, cause);
    if (error instanceof Malformed && error.code === 'enveloped-recipient') {
      throw new KeyRefused('key-mismatch', error.message, cause);
    }
    throw new KeyRefused(REFUSALS[codeOf(error)], undefined, cause);
  }
}

const REFUSALS: Record<PfxCode, KeyRefusalCode> = {
  mac: 'wrong-secret',
  malformed: 'malformed',
  'unsupported-alg': 'unsupported-alg',
  budget: 'too-costly',
};
