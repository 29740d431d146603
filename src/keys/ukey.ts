/**
 * UKeys: keys in hardware that a browser cannot reach. A small service on this machine speaks to
 * the device and to us, JSON over a loopback WebSocket:
 *
 * | we send | it answers |
 * |---|---|
 * | `{ id, op: 'list' }` | `{ id, ok: true, keys: [{ key, label, purpose, certificate, chain }] }` |
 * | `{ id, op: 'pin', pin }` | `{ id, ok: true }` |
 * | `{ id, op: 'sign', key, data }` | `{ id, ok: true, signature }`: DER { r, s } over the data |
 * | `{ id, op: 'agree', key, point }` | `{ id, ok: true, z }` |
 * | `{ id, op: 'decrypt', key, data }` | `{ id, ok: true, plain }`; SM2 keys alone: SM2Cipher of GM/T 0009 |
 * | `{ id, op: 'lock' }` | `{ id, ok: true }` |
 *
 * A refusal is `{ id, ok: false, code }` with `pin`, `pin-locked`, `locked`, `removed`,
 * `not-supported` or `failed`; `{ event: 'removed' }` comes unasked. Octets are base64.
 * The service is not trusted with more than the PIN: what it signs is verified before it counts.
 */
import {
  fromBase64,
  type Json,
  type JsonObject,
  Malformed,
  readPublicKey,
  readStrictJson,
  type Signer,
  type Suite,
  signatureAlgorithmOf,
  toBase64,
  utf8,
  verifySignature,
} from '../crypto/index.ts';
import { readCertificate } from '../pki/index.ts';
import { checkFits } from './bind.ts';
import type { Purpose } from './private-key.ts';
import type { KeyProvider, ProvidedKey } from './provider.ts';
import { type KeyRefusalCode, KeyRefused } from './refused.ts';
import type { LockTimer } from './vault.ts';

/** The part of a WebSocket that is used. */
export interface UKeySocket {
  send(text: string): void;
  close(): void;
  onopen: ((event: never) => void) | null;
  onmessage: ((event: MessageEvent) => void) | null;
  onclose: ((event: never) => void) | null;
}

/** WebSocket subprotocol of the service. */
const UKEY_PROTOCOL = 'cinnabar-ukey.v1';

const REFUSALS: Record<string, KeyRefusalCode> = {
  pin: 'ukey-pin',
  'pin-locked': 'ukey-pin-locked',
  locked: 'locked',
  removed: 'ukey-removed',
  'not-supported': 'not-supported',
};

const TIMEOUT_MS = 120_000;
const MAX_MESSAGE = 1 << 20;

interface Waiting {
  resolve(answer: JsonObject): void;
  reject(error: KeyRefused): void;
  timeout: unknown;
}

interface UKeyKey extends ProvidedKey {
  chain: Uint8Array[];
}

/** A UKey as a provider. `unlock` gives the PIN to the service; nothing here keeps it. */
export interface UKeyProvider extends KeyProvider {
  /** @throws {KeyRefused} `ukey-pin` for a wrong PIN, `ukey-pin-locked` after too many */
  unlock(pin: string): Promise<void>;
  close(): void;
}

/**
 * Connects to the service.
 * @param service its address (`ws://127.0.0.1:…`), or a socket to it
 * @param onRemoved told when the device is pulled out or the service ends
 * @throws {KeyRefused} `ukey-unreachable`
 */
export async function connectUKey(
  service: string | UKeySocket,
  timer: LockTimer,
  onRemoved: () => void = () => {},
): Promise<UKeyProvider> {
  const socket: UKeySocket =
    typeof service === 'string' ? new WebSocket(service, UKEY_PROTOCOL) : service;
  const waiting = new Map<number, Waiting>();
  let next = 1;
  let unlocked = false;
  let gone: KeyRefusalCode | null = null;
  let keys: UKeyKey[] | null = null;

  const fail = (code: KeyRefusalCode) => {
    const first = gone === null;
    gone = code;
    unlocked = false;
    keys = null;
    for (const { reject, timeout } of waiting.values()) {
      timer.clear(timeout);
      reject(new KeyRefused(code));
    }
    waiting.clear();
    if (first) onRemoved();
  };

  await new Promise<void>((resolve, reject) => {
    const timeout = timer.set(() => reject(new KeyRefused('ukey-unreachable')), 5000);
    socket.onopen = () => {
      timer.clear(timeout);
      resolve();
    };
    socket.onclose = () => {
      timer.clear(timeout);
      reject(new KeyRefused('ukey-unreachable'));
    };
  });
  socket.onclose = () => fail('ukey-unreachable');
  socket.onmessage = ({ data }) => {
    const message = readMessage(data);
    if (message?.['event'] === 'removed') return fail('ukey-removed');
    const id = message?.['id'];
    const waiter = typeof id === 'number' ? waiting.get(id) : undefined;
    // What cannot be told apart from an attack on the channel ends it.
    if (!message || !waiter) return fail('ukey-protocol');
    waiting.delete(id as number);
    timer.clear(waiter.timeout);
    if (message['ok'] === true) return waiter.resolve(message);
    const code = REFUSALS[String(message['code'])] ?? 'ukey-protocol';
    waiter.reject(new KeyRefused(code));
    if (code === 'ukey-removed') fail(code);
    if (code === 'locked' || code === 'ukey-pin-locked') unlocked = false;
  };

  const request = (op: string, parameters: JsonObject = {}): Promise<JsonObject> =>
    new Promise((resolve, reject) => {
      if (gone) return reject(new KeyRefused(gone));
      const id = next++;
      const timeout = timer.set(() => {
        waiting.delete(id);
        reject(new KeyRefused('ukey-unreachable', 'no answer'));
      }, TIMEOUT_MS);
      waiting.set(id, { resolve, reject, timeout });
      socket.send(JSON.stringify({ id, op, ...parameters }));
    });

  const load = async (): Promise<UKeyKey[]> => {
    keys ??= readKeys((await request('list'))['keys']);
    return keys.map((key) => ({ ...key, unlocked }));
  };
  const find = async (id: string, purpose: Purpose): Promise<UKeyKey> => {
    const key = (await load()).find((each) => each.id === id && each.purpose === purpose);
    if (!key) throw new KeyRefused('no-key');
    if (!unlocked) throw new KeyRefused('locked');
    return key;
  };

  return {
    kind: 'ukey',
    list: load,
    async unlock(pin) {
      await request('pin', { pin });
      unlocked = true;
    },
    async signer(id) {
      const { certificate, chain, suite } = await find(id, 'signing');
      const sign = async (data: Uint8Array) => {
        const answer = await request('sign', { key: id, data: toBase64(data) });
        const signature = octetsOf(answer['signature']);
        await checkSignature({ certificate, suite }, signature, data);
        return signature;
      };
      return { certificate, chain, suite, sign };
    },
    async decrypter(id) {
      const { certificate, suite } = await find(id, 'encryption');
      const agree = async (point: Uint8Array) => {
        const z = octetsOf((await request('agree', { key: id, point: toBase64(point) }))['z']);
        if (z.length !== 32) throw new KeyRefused('ukey-protocol', 'length of Z');
        return z;
      };
      if (suite !== 'SM2') return { certificate, agree };
      const open = async (encryptedKey: Uint8Array) => {
        const parameters = { key: id, data: toBase64(encryptedKey) };
        const { plain } = await request('decrypt', parameters);
        return plain === null ? null : octetsOf(plain);
      };
      return { certificate, agree, open };
    },
    lock() {
      unlocked = false;
      if (!gone) request('lock').catch(() => {});
    },
    close() {
      socket.onclose = null;
      fail('ukey-unreachable');
      socket.close();
    },
  };
}

function readMessage(data: unknown): JsonObject | null {
  if (typeof data !== 'string') return null;
  try {
    const value = readStrictJson(utf8(data), { maxBytes: MAX_MESSAGE, maxDepth: 4 });
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : null;
  } catch (error) {
    if (error instanceof Malformed) return null;
    throw error;
  }
}

function octetsOf(value: Json | undefined): Uint8Array {
  const bytes = typeof value === 'string' ? fromBase64(value) : null;
  if (!bytes) throw new KeyRefused('ukey-protocol', 'octets expected');
  return bytes;
}

/** Keys with certificates that can be read and serve their purpose. */
function readKeys(value: Json | undefined): UKeyKey[] {
  if (!Array.isArray(value) || value.length > 32) throw new KeyRefused('ukey-protocol', 'keys');
  return value.map((entry) => {
    const { key, label, purpose, certificate, chain } = (entry ?? {}) as JsonObject;
    if (
      typeof key !== 'string' ||
      typeof label !== 'string' ||
      (purpose !== 'signing' && purpose !== 'encryption') ||
      !Array.isArray(chain) ||
      chain.length > 8
    ) {
      throw new KeyRefused('ukey-protocol', 'key');
    }
    const der = octetsOf(certificate);
    return {
      id: key,
      label,
      purpose,
      suite: suiteOf(der, purpose),
      certificate: der,
      chain: chain.map(octetsOf),
      unlocked: false,
    };
  });
}

function suiteOf(certificate: Uint8Array, purpose: Purpose): Suite {
  try {
    const { spki } = readCertificate(certificate);
    checkFits(certificate, spki, purpose);
    const key = readPublicKey(spki);
    if (key.kind === 'EC' && (key.curve === 'SM2' || key.curve === 'P-256')) return key.curve;
  } catch (error) {
    if (error instanceof KeyRefused) throw error;
    if (!(error instanceof Malformed)) throw error;
    throw new KeyRefused('ukey-protocol', `certificate: ${error.code}`, { cause: error });
  }
  throw new KeyRefused('unsupported-alg');
}

async function checkSignature(
  { certificate, suite }: Pick<Signer, 'certificate' | 'suite'>,
  signature: Uint8Array,
  data: Uint8Array,
): Promise<void> {
  const { spki } = readCertificate(certificate);
  const algorithm = signatureAlgorithmOf(suite);
  const { valid } = await verifySignature({ spki, algorithm, signature, data });
  if (!valid) throw new KeyRefused('ukey-protocol', 'the device signed something else');
}
