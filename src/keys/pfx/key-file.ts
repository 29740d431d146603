/**
 * Key files of every kind that authorities hand out, told apart by their structure alone: PKCS #12,
 * PKCS #8 in clear or encrypted, the older forms of OpenSSL, CFCA's own. Keys without certificates
 * in them come with a certificate file beside.
 */
import { type DerNode, latin1, Malformed, readBer, TAG } from '../../crypto/index.ts';
import { certificatesIn, readPem } from '../../pki/index.ts';
import { readCfca } from './cfca.ts';
import { isEnvelopedKey } from './enveloped.ts';
import { newWork, type Password, type Patience, USUAL_SECONDS } from './kdf.ts';
import { decryptPkcs8, fromEcPrivateKey, fromRsaPrivateKey } from './private-key-file.ts';
import { contentSeconds, estimatedSeconds, readPfx } from './read.ts';

type Kind = 'pfx' | 'pkcs8' | 'encrypted' | 'sec1' | 'pkcs1' | 'cfca' | 'enveloped';

/** One value of a file that holds keys, or may hold certificates. */
interface Part {
  kind: Kind | null;
  der: Uint8Array;
  node: DerNode;
}

/** Octets of all files, and how many of them. */
const MAX_BYTES = 1 << 20;
const MAX_FILES = 8;

export interface KeyFileContents {
  certificates: Uint8Array[];
  /** PrivateKeyInfo, DER. Wipe after use. */
  keys: Uint8Array[];
  /** SM2EnvelopedKey, DER: only the holder's signing key opens them. */
  enveloped: Uint8Array[];
  /** `pfx-no-mac`; `key-in-clear`: no password protects the file. */
  warnings: ('pfx-no-mac' | 'key-in-clear')[];
}

/** What a value is by its structure; null for what holds no key. */
function kindOf(node: DerNode): Kind | null {
  if (node.tag !== TAG.SEQUENCE) return null;
  const [first, second, third, fourth] = node.children;
  const isTag = (each: DerNode | undefined, tag: number) => each?.tag === tag;
  if (isEnvelopedKey(node)) return 'enveloped';
  if (isTag(first, TAG.SEQUENCE)) {
    const named = isTag(first?.children[0], TAG.OID);
    return named && isTag(second, TAG.OCTET_STRING) && !third ? 'encrypted' : null;
  }
  if (!first || !isTag(first, TAG.INTEGER)) return null;
  if (isTag(second, TAG.INTEGER)) {
    return node.children.length >= 9 && isTag(fourth, TAG.INTEGER) ? 'pkcs1' : null;
  }
  if (isTag(second, TAG.OCTET_STRING)) return 'sec1';
  if (!isTag(second?.children[0], TAG.OID)) return null;
  if (isTag(third, TAG.OCTET_STRING)) return 'pkcs8';
  if (second?.children.length === 3 && isTag(third, TAG.SEQUENCE) && !fourth) return 'cfca';
  return first.value.length === 1 && first.value[0] === 3 ? 'pfx' : null;
}

/** @throws {Malformed} */
function partsOf(files: readonly Uint8Array[]): Part[] {
  const size = files.reduce((sum, { length }) => sum + length, 0);
  if (size > MAX_BYTES || files.length > MAX_FILES) throw new Malformed('pfx-size', 'too large');
  return files.flatMap((file) => {
    if (file[0] !== 0x30 && latin1(file).includes('Proc-Type: 4,ENCRYPTED')) {
      throw new Malformed('unsupported-alg', 'encryption of old PEM');
    }
    return readPem(file)
      .filter(({ label }) => label !== 'EC PARAMETERS')
      .map(({ der }) => {
        const { node, length } = readBer(der, { maxDepth: 24, maxNodes: 20_000 });
        if (length !== der.length) throw new Malformed('pfx-trailing', 'bytes after the value');
        return { kind: kindOf(node), der, node };
      });
  });
}

const secondsOfPart = ({ kind, der, node }: Part): number => {
  if (kind === 'pfx') return estimatedSeconds(der);
  return kind === 'encrypted' ? contentSeconds(node, 2) : 0;
};

const secondsOfParts = (parts: readonly Part[]): number =>
  parts.reduce((sum, part) => sum + secondsOfPart(part), 0);

/**
 * What opening these files will take.
 * @returns estimated seconds on a slow device
 * @throws {Malformed} for what cannot be read
 */
export const keyFileSeconds = (files: readonly Uint8Array[]): number =>
  secondsOfParts(partsOf(files));

/**
 * Everything in key and certificate files, in their order.
 * @throws {Malformed} `mac` for a wrong password or a changed file, `unsupported-alg`,
 * `pfx-iterations` where it would take longer than `patience` has, and whatever `patience.signal`
 * stops with; every other code means a malformed file
 */
export async function readKeyFiles(
  files: readonly Uint8Array[],
  passwords: readonly Password[],
  patience: Patience = {},
): Promise<KeyFileContents> {
  const parts = partsOf(files);
  const estimated = secondsOfParts(parts);
  if (estimated > (patience.seconds ?? USUAL_SECONDS)) {
    throw new Malformed('pfx-iterations', 'too much work');
  }
  const found: KeyFileContents = { certificates: [], keys: [], enveloped: [], warnings: [] };
  const work = newWork(patience, estimated);
  for (const { kind, der, node } of parts) {
    switch (kind) {
      case 'pfx': {
        const { keys, certificates, sealed } = await readPfx(der, passwords, patience);
        found.keys.push(...keys);
        found.certificates.push(...certificates);
        if (!sealed) found.warnings.push('pfx-no-mac');
        break;
      }
      case 'cfca': {
        const [password] = passwords as [Password];
        const { keys, certificates } = await readCfca(node, password.utf8);
        found.keys.push(...keys);
        found.certificates.push(...certificates);
        break;
      }
      case 'encrypted':
        found.keys.push(await decryptPkcs8(node, passwords, work));
        break;
      case 'enveloped':
        found.enveloped.push(der);
        break;
      case null:
        found.certificates.push(...certificatesIn(der));
        break;
      default:
        found.keys.push(inClear(kind, node));
        found.warnings.push('key-in-clear');
    }
  }
  return found;
}

/** A copy, as what is read from it is wiped. */
function inClear(kind: 'pkcs8' | 'sec1' | 'pkcs1', node: DerNode): Uint8Array {
  if (kind === 'sec1') return fromEcPrivateKey(node);
  return kind === 'pkcs1' ? fromRsaPrivateKey(node) : node.raw.slice();
}
