/**
 * Copies of electronic keys as files: the stored records as they are, so that what opens them here
 * opens them on another device. A copy holds every key and certificate of an identity, wrapped; names
 * and certificates stand in clear, no secret does. Ways in that belong to one device stay there.
 */
import { fromBase64, Malformed, toBase64, utf8 } from '../crypto/index.ts';
import { asIdentity, type IdentityRecord } from './record.ts';
import { KeyRefused } from './refused.ts';

/** What the keys are: one person's, or both of a deployment's certification authority. */
export type CopyKind = 'person' | 'authority';

export interface KeyCopy {
  kind: CopyKind;
  /** Id of the deployment. */
  deployment: string;
  /** One for a person; of enterprises, then of staff, for the authority. */
  identities: IdentityRecord[];
  /** What else the device knew of a person, by names of its own. */
  facts: Record<string, string>;
}

const MARK = '{"cinnabar":"keys/1"';
const MOST = 256 * 1024;
const COUNT: Record<CopyKind, number> = { person: 1, authority: 2 };

/** Whether a file is such a copy, by its first octets. */
export const isKeyCopy = (file: Uint8Array): boolean =>
  new TextDecoder().decode(file.subarray(0, MARK.length)) === MARK;

/** JSON with octets as `{ "b64": … }`. */
export function writeKeyCopy(copy: KeyCopy): Uint8Array {
  const octets = (_: string, value: unknown) =>
    value instanceof Uint8Array ? { b64: toBase64(value) } : value;
  return utf8(JSON.stringify({ cinnabar: 'keys/1', ...copy }, octets));
}

/** @throws {KeyRefused} `malformed` for anything that is no copy; `damaged` where a record is not whole */
export function readKeyCopy(file: Uint8Array): KeyCopy {
  const refuse = (why: string) => new KeyRefused('malformed', why);
  if (!isKeyCopy(file) || file.length > MOST) throw refuse('no copy of keys');
  let read: Partial<KeyCopy>;
  try {
    read = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(file), (_, value) => {
      const b64 = (value as { b64?: unknown } | null)?.b64;
      return typeof b64 === 'string' ? octetsOf(b64) : value;
    });
  } catch {
    throw refuse('not whole');
  }
  const { kind, deployment, identities, facts } = read;
  if (kind !== 'person' && kind !== 'authority') throw refuse('kind');
  if (typeof deployment !== 'string' || !Array.isArray(identities)) throw refuse('form');
  if (identities.length !== COUNT[kind]) throw refuse('number of keys');
  const known = typeof facts === 'object' && facts !== null ? Object.entries(facts) : [];
  if (known.some(([, text]) => typeof text !== 'string')) throw refuse('facts');
  return {
    kind,
    deployment,
    identities: identities.map(asIdentity),
    facts: Object.fromEntries(known),
  };
}

function octetsOf(text: string): Uint8Array {
  const octets = fromBase64(text);
  if (!octets) throw new Malformed('base64', 'octets of a copy');
  return octets;
}
