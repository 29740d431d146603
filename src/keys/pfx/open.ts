/** PKCS #12 files at the door: what is in one, and making an electronic key of it. */
import { equal, type Finding, type KeyKind, Malformed, toHex } from '../../crypto/index.ts';
import { type Certificate, readCertificate } from '../../pki/index.ts';
import { serves } from '../bind.ts';
import { importKey, type Purpose, type RawKey } from '../private-key.ts';
import { KeyRefused } from '../refused.ts';
import { receives } from '../web-key.ts';
import { encodings } from './kdf.ts';
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
    const { certificates, keys, sealed } = await readPfx(pfx, encodings(password), limit);
    for (const certificate of certificates) readCertificate(certificate);
    for (const key of keys) key.fill(0);
    const findings = sealed ? [] : [NO_MAC];
    return { ok: true, certificates, keys: keys.length, seconds, findings };
  } catch (error) {
    const code = codeOf(error);
    return { ok: false, certificates: [], keys: 0, code, seconds, findings: [] };
  }
}

/** What a vault takes: `KeyVault.create({ suite, keys })`, then `setCertificates`. */
export interface ImportedIdentity {
  suite: KeyKind;
  keys: Partial<Record<Purpose, RawKey>>;
  certificates: { signing?: Uint8Array; encryption?: Uint8Array; chain: Uint8Array[] };
}

/**
 * The identity in a PKCS #12 file: keys matched with certificates by public key, purposes by
 * keyUsage. A certificate that serves both purposes gives its key to both.
 * @throws {KeyRefused} `wrong-secret`; `malformed`; `unsupported-alg` (also for keys of two
 * kinds in one file); `no-key` where no key fits a certificate
 */
export async function importPfx({ pfx, password, seconds }: PfxInput): Promise<ImportedIdentity> {
  let contents: Awaited<ReturnType<typeof readPfx>>;
  let certificates: Certificate[];
  try {
    contents = await readPfx(pfx, encodings(password), seconds);
    certificates = contents.certificates.map(readCertificate);
  } catch (error) {
    const code = codeOf(error);
    const refusal = code === 'mac' ? 'wrong-secret' : code === 'budget' ? 'malformed' : code;
    throw new KeyRefused(refusal, undefined, { cause: error });
  }
  const identity: ImportedIdentity = { suite: 'P-256', keys: {}, certificates: { chain: [] } };
  let leaf: Certificate | undefined;
  for (const pkcs8 of contents.keys) {
    const key = await importKey(pkcs8);
    pkcs8.fill(0);
    const own = certificates.filter((each) => equal(each.spki, key.spki));
    for (const purpose of ['signing', 'encryption'] as const) {
      const certificate = own.find((each) => serves(each, purpose));
      if (!certificate || identity.keys[purpose]) continue;
      if (purpose === 'encryption' && !receives(key.suite)) continue;
      if (leaf && key.suite !== identity.suite) {
        throw new KeyRefused('unsupported-alg', 'keys of two kinds');
      }
      identity.keys[purpose] = key;
      identity.certificates[purpose] = certificate.der;
      identity.suite = key.suite;
      leaf = leaf ?? certificate;
    }
  }
  if (!leaf) throw new KeyRefused('no-key', 'no private key with its certificate');
  identity.certificates.chain = chainOf(leaf, certificates);
  return identity;
}

/** Issuers of a certificate among those at hand, nearest first; a self-issued one ends the chain. */
function chainOf(leaf: Certificate, pool: readonly Certificate[]): Uint8Array[] {
  const chain: Uint8Array[] = [];
  const name = (each: Certificate, which: 'issuer' | 'subject') => toHex(each[which].raw);
  let last = leaf;
  while (name(last, 'issuer') !== name(last, 'subject')) {
    const wanted = name(last, 'issuer');
    const next = pool.find((each) => name(each, 'subject') === wanted && !chain.includes(each.der));
    if (!next) break;
    chain.push(next.der);
    last = next;
  }
  return chain;
}
