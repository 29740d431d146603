/**
 * KeyVault: the identities of one device. A random data key wraps each identity's private keys;
 * password, recovery code, passkey and (in a pilot) this device each wrap the data key in a record
 * of their own. Losing one way in never loses the keys, and changing one rewraps one record.
 */
import { type KeyKind, toHex } from '../crypto/index.ts';
import { isPilot } from '../pki/index.ts';
import { checkFits } from './bind.ts';
import { generateKey, type LiveKey, type Purpose, type RawKey } from './private-key.ts';
import {
  asIdentity,
  DEVICE_RECORD,
  type IdentityRecord,
  type IdentitySummary,
  summaryOf,
} from './record.ts';
import { KeyRefused } from './refused.ts';
import { makeWrapper, type NewSecret, openDataKey, type Secret } from './secrets.ts';
import { KeySession } from './session.ts';
import type { KeyStorage } from './storage.ts';
import {
  exportPrivateKey,
  newDataKey,
  randomBytes,
  sessionKey,
  unwrapPrivateKey,
  type WrapKey,
  wrapPrivateKey,
  wrappingUse,
} from './wrapping.ts';

/** Starts and stops the lock timer; `setTimeout` and `clearTimeout` in a page. */
export interface LockTimer {
  set(run: () => void, milliseconds: number): unknown;
  clear(handle: unknown): void;
}

export interface VaultOptions {
  storage: KeyStorage;
  timer?: LockTimer;
  /** Idle time after which an identity locks by itself; absent or 0: never. */
  lockAfterMs?: number;
  /** Told when an identity locks, by hand or by timer. */
  onLock?: (id: string) => void;
}

export class KeyVault {
  readonly #storage: KeyStorage;
  readonly #options: VaultOptions;
  readonly #sessions = new Map<string, { session: KeySession; handle: unknown }>();
  #lockAfterMs: number;

  constructor(options: VaultOptions) {
    this.#storage = options.storage;
    this.#options = options;
    this.#lockAfterMs = options.lockAfterMs ?? 0;
  }

  /**
   * A new identity with fresh keys, or with imported ones, unlocked.
   * @returns the recovery code where one was asked for: shown once, stored nowhere
   * @throws {KeyRefused} `weak-password`, `device-not-allowed`, `last-wrapper` (no secret given)
   */
  async create(options: {
    label: string;
    suite: KeyKind;
    secrets: NewSecret[];
    pilot?: boolean;
    keys?: Partial<Record<Purpose, RawKey>>;
  }): Promise<{ identity: IdentitySummary; session: KeySession; recoveryCode: string | null }> {
    const { label, suite, secrets, pilot = false } = options;
    if (secrets.length === 0) throw new KeyRefused('last-wrapper', 'no way to unlock was given');
    const raw: Partial<Record<Purpose, RawKey>> = options.keys ?? {
      signing: await generateKey(suite),
      encryption: await generateKey(suite),
    };
    const binding = { id: toHex(randomBytes(16)), suite, pilot };
    const dataKey = await newDataKey(suite);
    const record: IdentityRecord = {
      v: 1,
      kind: 'identity',
      ...binding,
      label,
      keys: [],
      wrappers: [],
      certificates: { chain: [] },
    };
    for (const purpose of ['signing', 'encryption'] as const) {
      const key = raw[purpose];
      if (!key) continue;
      if (key.suite !== suite) throw new KeyRefused('unsupported-alg', 'key of another suite');
      record.keys.push(await wrapPrivateKey(binding, purpose, key, dataKey));
    }
    let recoveryCode: string | null = null;
    for (const secret of secrets) {
      const made = await makeWrapper(this.#storage, record, secret, dataKey);
      record.wrappers.push(made.wrapper);
      recoveryCode = made.recoveryCode ?? recoveryCode;
    }
    await this.#storage.put(record.id, record);
    for (const key of Object.values(raw)) if (key?.suite === 'SM2') key.pkcs8.fill(0);
    const session = await this.#open(record, await sessionKey(dataKey));
    return { identity: summaryOf(record), session, recoveryCode };
  }

  /** Remembers somebody whose keys live elsewhere, as in a UKey: certificates only, no way in here. */
  async remember(
    label: string,
    suite: KeyKind,
    pilot: boolean,
    certificates: IdentityRecord['certificates'],
  ): Promise<IdentitySummary> {
    const id = toHex(randomBytes(16));
    const about = { label, suite, pilot, certificates };
    const record: IdentityRecord = { v: 1, kind: 'identity', id, ...about, keys: [], wrappers: [] };
    await this.#storage.put(id, record);
    return summaryOf(record);
  }

  /**
   * Opens an identity with keys that live elsewhere.
   * @throws {KeyRefused} `key-mismatch` where they are not those of its certificates
   */
  async admit(id: string, keys: ReadonlyMap<Purpose, LiveKey>): Promise<KeySession> {
    const record = await this.#load(id);
    for (const [purpose, { spki }] of keys) {
      const certificate = record.certificates[purpose];
      if (!certificate) throw new KeyRefused('no-key', `no ${purpose} certificate`);
      checkFits(certificate, spki, purpose);
    }
    this.lock(id);
    const session = new KeySession(record, new Map(keys), () => this.#restart(id));
    this.#sessions.set(id, { session, handle: undefined });
    this.#restart(id);
    return session;
  }

  /** Every identity of this device; records that cannot be read are left out. */
  async list(): Promise<IdentitySummary[]> {
    const found: IdentitySummary[] = [];
    for (const id of await this.#storage.list()) {
      const record = await this.#storage.get(id);
      if ((record as { kind?: unknown } | null)?.kind !== 'identity') continue;
      try {
        found.push(summaryOf(asIdentity(record)));
      } catch (error) {
        if (!(error instanceof KeyRefused)) throw error;
      }
    }
    return found;
  }

  /** @throws {KeyRefused} `unknown-identity`, `damaged` */
  async identity(id: string): Promise<IdentitySummary> {
    return summaryOf(await this.#load(id));
  }

  /** The open session of an identity, or null while it is locked. */
  session(id: string): KeySession | null {
    return this.#sessions.get(id)?.session ?? null;
  }

  /**
   * Opens an identity; one that is open already is asked for its secret all the same, and goes on.
   * @throws {KeyRefused} `wrong-secret`, `mistyped-code`, `damaged`, `unknown-identity`,
   * `unknown-wrapper` where the identity has no such way in
   */
  async unlock(id: string, secret: Secret): Promise<KeySession> {
    const record = await this.#load(id);
    const { dataKey } = await openDataKey(this.#storage, record, secret, 'session');
    return this.#open(record, dataKey);
  }

  /** Drops the keys of one identity, or of all. */
  lock(id?: string): void {
    for (const [name, { session, handle }] of [...this.#sessions]) {
      if (id !== undefined && name !== id) continue;
      this.#sessions.delete(name);
      this.#options.timer?.clear(handle);
      session.lock();
      this.#options.onLock?.(name);
    }
  }

  /** Changes the idle time; 0 never locks. Open sessions start anew. */
  lockAfter(milliseconds: number): void {
    this.#lockAfterMs = milliseconds;
    for (const id of this.#sessions.keys()) this.#restart(id);
  }

  /** Adds a way in. @returns the recovery code where one was made */
  addSecret(id: string, secret: Secret, added: NewSecret): Promise<string | null> {
    return this.#addWay(id, secret, added, () => []);
  }

  /**
   * Adds a way in and takes away those of its kind that were there when this began: a new password
   * for a forgotten one, a new recovery code. The keys stay as they are.
   * @returns the recovery code where one was made
   */
  renewSecret(id: string, secret: Secret, next: NewSecret): Promise<string | null> {
    return this.#addWay(id, secret, next, ({ wrappers }) =>
      wrappers.filter(({ kind }) => kind === next.kind).map((each) => each.id),
    );
  }

  async #addWay(
    id: string,
    secret: Secret,
    added: NewSecret,
    leaving: (record: IdentityRecord) => string[],
  ): Promise<string | null> {
    const record = await this.#load(id);
    const { dataKey } = await openDataKey(this.#storage, record, secret, 'rewrap');
    const { wrapper, recoveryCode } = await makeWrapper(this.#storage, record, added, dataKey);
    const gone = leaving(record);
    await this.#change(id, ({ wrappers, ...rest }) => ({
      ...rest,
      wrappers: [...wrappers.filter((each) => !gone.includes(each.id)), wrapper],
    }));
    return recoveryCode;
  }

  /**
   * Takes a way in away; one that is no recovery code always stays.
   * @throws {KeyRefused} `last-wrapper`, `unknown-wrapper`; `wrong-secret` where `secret` opens nothing
   */
  async removeSecret(id: string, secret: Secret, wrapperId: string): Promise<void> {
    await openDataKey(this.#storage, await this.#load(id), secret, 'session');
    await this.#change(id, (record) => {
      const wrappers = record.wrappers.filter((wrapper) => wrapper.id !== wrapperId);
      if (wrappers.length === record.wrappers.length) throw new KeyRefused('unknown-wrapper');
      // Asked of what is stored now: another tab may have taken the other one away.
      if (!wrappers.some(({ kind }) => kind !== 'recovery')) throw new KeyRefused('last-wrapper');
      return { ...record, wrappers };
    });
  }

  /**
   * Stores certificates that were issued for the identity's keys.
   * @throws {KeyRefused} `key-mismatch`, `key-usage`, `malformed`, and `pilot-mismatch` for a real
   * certificate on a pilot identity or the reverse
   */
  async setCertificates(
    id: string,
    certificates: { signing?: Uint8Array; encryption?: Uint8Array; chain?: Uint8Array[] },
  ): Promise<IdentitySummary> {
    const record = await this.#load(id);
    for (const purpose of ['signing', 'encryption'] as const) {
      const der = certificates[purpose];
      if (!der) continue;
      const key = record.keys.find((each) => each.purpose === purpose);
      if (!key) throw new KeyRefused('no-key', `no ${purpose} key`);
      if (isPilot(checkFits(der, key.spki, purpose)) !== record.pilot) {
        throw new KeyRefused('pilot-mismatch');
      }
    }
    const { chain = record.certificates.chain, ...leaves } = certificates;
    const next = await this.#change(id, (now) => ({
      ...now,
      certificates: { ...now.certificates, ...leaves, chain },
    }));
    this.session(id)?.adopt(next.certificates);
    return summaryOf(next);
  }

  /**
   * Puts an encryption key that came from outside in the place of the one made here.
   * @param secret opens the identity once more: the key is wrapped with the others
   * @throws {KeyRefused} `key-in-use` where the identity has an encryption certificate, whose
   * contents only the present key reads; `unsupported-alg` for a key of another suite; as `unlock`
   */
  async takeEncryptionKey(id: string, secret: Secret, key: RawKey): Promise<void> {
    const record = await this.#load(id);
    if (record.certificates.encryption) throw new KeyRefused('key-in-use');
    if (key.suite !== record.suite) throw new KeyRefused('unsupported-alg', 'key of another suite');
    const { dataKey } = await openDataKey(this.#storage, record, secret, 'rewrap');
    const wrapped = await wrapPrivateKey(record, 'encryption', key, await wrappingUse(dataKey));
    await this.#change(id, (now) => {
      if (now.certificates.encryption) throw new KeyRefused('key-in-use');
      const others = now.keys.filter(({ purpose }) => purpose !== 'encryption');
      return { ...now, keys: [...others, wrapped] };
    });
    if (key.suite === 'SM2') key.pkcs8.fill(0);
    const session = this.session(id);
    if (!session) return;
    const usable = await sessionKey(dataKey);
    session.adoptKey(await unwrapPrivateKey(record, wrapped, usable));
  }

  /** PrivateKeyInfo by purpose, in clear, to be put under another password at once; wipe it. */
  async exportKeys(id: string, secret: Secret): Promise<{ purpose: Purpose; pkcs8: Uint8Array }[]> {
    const record = await this.#load(id);
    const { dataKey } = await openDataKey(this.#storage, record, secret, 'rewrap');
    return Promise.all(
      record.keys.map(async (key) => ({
        purpose: key.purpose,
        pkcs8: await exportPrivateKey(record, key, dataKey),
      })),
    );
  }

  /**
   * What is stored of an identity, for a copy on another device: under the password and the recovery
   * code that it has, or under new ones.
   * @param secret opens the identity once more
   * @throws {KeyRefused} as `unlock`; `unknown-wrapper` where nothing but this device opens it
   */
  async copy(id: string, secret: Secret, under: NewSecret[] | null): Promise<IdentityRecord> {
    const record = await this.#load(id);
    const { dataKey } = await openDataKey(this.#storage, record, secret, 'rewrap');
    const wrappers = under
      ? await Promise.all(
          under.map(
            async (each) => (await makeWrapper(this.#storage, record, each, dataKey)).wrapper,
          ),
        )
      : record.wrappers.filter(({ kind }) => kind === 'password' || kind === 'recovery');
    if (wrappers.length === 0)
      throw new KeyRefused('unknown-wrapper', 'nothing opens it elsewhere');
    return { ...record, wrappers };
  }

  /**
   * Takes the copy of an identity of another device, and opens it.
   * @throws {KeyRefused} `identity-exists`; `damaged`; as `unlock`; as `setCertificates`. Nothing is
   * stored then
   */
  async take(copy: IdentityRecord, secret: Secret): Promise<KeySession> {
    for (const { purpose, spki } of copy.keys) {
      const der = copy.certificates[purpose];
      if (der && isPilot(checkFits(der, spki, purpose)) !== copy.pilot) {
        throw new KeyRefused('pilot-mismatch');
      }
    }
    const demandNew = (record: unknown) => {
      if (record !== undefined && record !== null) throw new KeyRefused('identity-exists');
      return copy;
    };
    demandNew(await this.#storage.get(copy.id));
    const { dataKey } = await openDataKey(this.#storage, copy, secret, 'session');
    const session = await this.#open(copy, dataKey);
    try {
      await this.#storage.update(copy.id, demandNew);
    } catch (error) {
      this.lock(copy.id);
      throw error;
    }
    return session;
  }

  /** Forgets an identity for good. */
  async delete(id: string): Promise<void> {
    this.lock(id);
    await this.#storage.delete(id);
  }

  async #load(id: string): Promise<IdentityRecord> {
    return identityOf(id, id === DEVICE_RECORD ? undefined : await this.#storage.get(id));
  }

  /** Changes what is stored now: other tabs change it too. */
  async #change(
    id: string,
    change: (record: IdentityRecord) => IdentityRecord,
  ): Promise<IdentityRecord> {
    let changed: IdentityRecord | undefined;
    await this.#storage.update(id, (record) => {
      changed = change(identityOf(id, record));
      return changed;
    });
    return changed as IdentityRecord;
  }

  async #open(record: IdentityRecord, dataKey: WrapKey): Promise<KeySession> {
    const { id } = record;
    const keys = new Map<Purpose, LiveKey>();
    if (!this.session(id)) {
      for (const key of record.keys) {
        keys.set(key.purpose, await unwrapPrivateKey(record, key, dataKey));
      }
    }
    if (dataKey instanceof Uint8Array) dataKey.fill(0);
    // Looked at again: another unlocking may have come first, and its session is in use.
    const open = this.session(id);
    const session = open ?? new KeySession(record, keys, () => this.#restart(id));
    if (open) for (const key of keys.values()) key.drop();
    else this.#sessions.set(id, { session, handle: undefined });
    this.#restart(id);
    return session;
  }

  #restart(id: string): void {
    const open = this.#sessions.get(id);
    const { timer } = this.#options;
    if (!open || !timer) return;
    timer.clear(open.handle);
    open.handle =
      this.#lockAfterMs > 0 ? timer.set(() => this.lock(id), this.#lockAfterMs) : undefined;
  }
}

/** @throws {KeyRefused} `unknown-identity`, `damaged` */
function identityOf(id: string, record: unknown): IdentityRecord {
  if (record === undefined || record === null) throw new KeyRefused('unknown-identity');
  const identity = asIdentity(record);
  if (identity.id !== id) throw new KeyRefused('damaged', 'record under another name');
  return identity;
}
