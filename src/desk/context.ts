/** What every act at the desk needs: storage, keys, clock, the state, and one way to write a step. */
import { fromBase64, type Json, type Signer } from '../crypto/index.ts';
import { type KeySession, KeyVault, type LockTimer } from '../keys/index.ts';
import {
  openPackage,
  type Package,
  type PackageFile,
  readPackage,
  writePackage,
} from '../packages/index.ts';
import type { Role, TrustBundle } from '../pki/index.ts';
import { type LocalStore, lastSeen, type StoreChange } from '../sync/index.ts';
import { fold, type State } from '../workflow/index.ts';
import { keyStorage } from './key-storage.ts';
import { DeskError } from './refusals.ts';

export interface DeskOptions {
  store: LocalStore;
  now: () => Date;
  /** TrueType bytes of the embedded fonts. */
  loadFont: (name: 'sans' | 'serif') => Promise<Uint8Array>;
  fetch?: typeof fetch;
  timer?: LockTimer;
  /** Something that pages show has changed. */
  onChange?: () => void;
}

/** What a device knows of a person besides the keys; namespace `people`. */
export interface PersonRecord {
  name: string;
  organization: string;
  uscc: string | null;
  /** Case of the registration, where this device made it. */
  registration: string | null;
  /** Self-signed certificate of a key that is not certified yet. */
  selfSigned: Uint8Array | null;
}

/** Namespace `settings`, id `deployment`. */
export interface DeploymentRecord {
  bundle: TrustBundle;
  /** Id of the bundle's package. */
  package: string;
  /** The CAs, where their keys live on this device. */
  cas: { enterprise: CaRecord; staff: CaRecord } | null;
}

export interface CaRecord {
  /** Identity in the vault that holds the key. */
  identity: string;
  certificate: Uint8Array;
  chain: Uint8Array[];
}

interface Opened {
  body: Json | null;
  files: Map<string, Uint8Array>;
}

export interface NewStep {
  type: string;
  case: string;
  prev: string[];
  fields?: Record<string, Json>;
  body?: Json;
  files?: PackageFile[];
  recipients?: Uint8Array[];
  signer?: Signer;
  /** Changes of the same transaction. */
  also?: StoreChange;
}

export class DeskContext {
  readonly options: DeskOptions;
  readonly vault: KeyVault;
  readonly #packages = new Map<string, Package>();
  #opened = new Map<string, Promise<Opened | null>>();
  #state: Promise<State> | null = null;
  #current: string | null = null;

  constructor(options: DeskOptions) {
    this.options = options;
    this.vault = new KeyVault({
      storage: keyStorage(options.store),
      ...(options.timer ? { timer: options.timer } : {}),
      onLock: (id) => {
        if (id === this.#current) this.forget();
        options.onChange?.();
      },
    });
  }

  get store(): LocalStore {
    return this.options.store;
  }

  now(): string {
    return this.options.now().toISOString();
  }

  get current(): string | null {
    return this.#current;
  }

  /** Who sits here; what another had opened is forgotten. */
  seat(person: string | null): void {
    this.#current = person;
    this.forget();
  }

  /** Drops everything decrypted and derived. */
  forget(): void {
    this.#opened = new Map();
    this.#state = null;
  }

  changed(): void {
    this.#state = null;
    this.options.onChange?.();
  }

  async deployment(): Promise<DeploymentRecord> {
    const record = await this.store.record('settings', 'deployment');
    if (!record) throw new DeskError('no-deployment', 'this device has joined no deployment');
    return record as DeploymentRecord;
  }

  /** Forgets everything that is stored of the deployment. */
  async clear(): Promise<void> {
    this.#packages.clear();
    await this.store.clear();
  }

  async hasDeployment(): Promise<boolean> {
    return (await this.store.record('settings', 'deployment')) !== undefined;
  }

  /** The state of every case, folded anew after every change. */
  state(): Promise<State> {
    this.#state ??= this.#fold([]);
    return this.#state;
  }

  async #fold(extra: { id: string; bytes: Uint8Array }[]): Promise<State> {
    const [{ bundle }, stored] = await Promise.all([this.deployment(), this.store.packages()]);
    const places = new Map<string, number>();
    for (const { id, place } of stored) if (place !== null) places.set(id, place);
    return fold(
      [...stored, ...extra].map(({ bytes }) => bytes),
      {
        trust: bundle,
        places,
        cache: this.#packages,
        open: async (pkg) => (await this.opened(pkg.id, pkg))?.body ?? null,
      },
    );
  }

  /** The trust bundle in force by the fold. */
  async bundle(): Promise<TrustBundle> {
    const last = (await this.state()).bundles.at(-1);
    if (!last) throw new DeskError('no-deployment', 'there is no trust bundle');
    return last.bundle;
  }

  /** Body and files of a package, or null where the person at the desk is no recipient. */
  opened(id: string, known?: Package): Promise<Opened | null> {
    let opened = this.#opened.get(id);
    if (!opened) {
      opened = this.#open(id, known);
      this.#opened.set(id, opened);
    }
    return opened;
  }

  async #open(id: string, known?: Package): Promise<Opened | null> {
    const pkg = known ?? (await this.package(id));
    const enveloped = pkg.hasBody || [...pkg.files.keys()].some((name) => name.endsWith('.p7m'));
    if (!enveloped) return { body: null, files: new Map(pkg.files) };
    const session = this.#current ? this.vault.session(this.#current) : null;
    if (!session?.certificates.encryption) return null;
    try {
      return await openPackage(pkg, session.decrypterOf());
    } catch {
      // Not a recipient, or enveloped for another context: nothing of it is shown.
      return null;
    }
  }

  async package(id: string): Promise<Package> {
    const cached = this.#packages.get(id);
    if (cached) return cached;
    const stored = await this.store.package(id);
    if (!stored) throw new DeskError('unknown-case', `package ${id} is not on this device`);
    const pkg = await readPackage(stored.bytes);
    this.#packages.set(id, pkg);
    return pkg;
  }

  /** The unlocked keys of the person at the desk. @throws {DeskError} `nobody-here`, `locked` */
  session(): KeySession {
    if (!this.#current) throw new DeskError('nobody-here', 'choose who you are first');
    const session = this.vault.session(this.#current);
    if (!session) throw new DeskError('locked', 'unlock the electronic key first');
    return session;
  }

  signer(): Signer {
    const session = this.session();
    if (!session.certificates.signing) {
      throw new DeskError('no-certificate', 'the registration was not approved yet');
    }
    return session.signerOf();
  }

  async person(): Promise<PersonRecord & { id: string }> {
    const id = this.#current;
    if (!id) throw new DeskError('nobody-here', 'choose who you are first');
    const record = (await this.store.record('people', id)) as PersonRecord | undefined;
    if (!record) throw new DeskError('unknown-person', 'this person is not on this device');
    return { ...record, id };
  }

  /** Encryption certificates of everybody at the authority. */
  async staffRecipients(): Promise<Uint8Array[]> {
    const { roster } = await this.bundle();
    return roster.flatMap(({ encryption }) =>
      encryption ? [fromBase64(encryption) as Uint8Array] : [],
    );
  }

  /** Encryption certificates of the authority and of one enterprise. */
  async recipientsWith(uscc: string): Promise<Uint8Array[]> {
    const { enterprises } = await this.state();
    const own = [...enterprises.values()].flatMap((each) =>
      each.uscc === uscc && each.certificates
        ? [fromBase64(each.certificates.encryption) as Uint8Array]
        : [],
    );
    return [...own, ...(await this.staffRecipients())];
  }

  /** @throws {DeskError} `not-permitted` when the person at the desk has none of the roles */
  async demandRole(...roles: Role[]): Promise<void> {
    const { roster } = await this.bundle();
    const { certificateId } = await import('../pki/index.ts');
    const id = await certificateId(this.signer().certificate);
    const own = roster.find((entry) => entry.id === id)?.roles ?? [];
    if (!roles.some((role) => own.includes(role))) {
      throw new DeskError('not-permitted', `needs the role ${roles.join(' or ')}`);
    }
  }

  /**
   * Writes a step: signed, judged by the fold as everybody will judge it, and only then stored
   * together with whatever belongs to the same act.
   * @returns id of the package
   */
  async write(step: NewStep): Promise<string> {
    const { type, prev, fields, body, files, recipients, also } = step;
    const seen = await this.#seen();
    const { id, bytes } = await writePackage({
      record: { type, case: step.case, prev, at: this.now(), ...(seen ? { seen } : {}), ...fields },
      confidential: body,
      files,
      recipients,
      signer: step.signer ?? this.signer(),
    });
    const after = await this.#fold([{ id, bytes }]);
    const judged = after.steps.get(step.case)?.find((each) => each.id === id);
    if (!judged || judged.refusal) {
      const { code, message } = judged?.refusal ?? { code: 'unknown', message: 'not judged' };
      throw new DeskError('record-refused', message, { detail: code });
    }
    await this.store.commit({
      ...also,
      packages: [{ id, bytes, place: null, arrivedAt: this.now() }, ...(also?.packages ?? [])],
      outbox: [id, ...(also?.outbox ?? [])],
    });
    this.changed();
    return id;
  }

  async #seen(): Promise<{ size: number; root: string } | null> {
    const endpoint = await this.endpoint();
    const seen = endpoint ? await lastSeen(this.store, endpoint) : null;
    return seen && { size: seen.size, root: seen.root };
  }

  async endpoint(): Promise<string | null> {
    return ((await this.store.record('settings', 'endpoint')) as string | undefined) ?? null;
  }
}

/** A fresh name for a case: 128 random bits. */
export function newCase(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
