/** What every act at the desk needs: storage, keys, clock, the state, and one way to write a step. */
import {
  type Decrypter,
  digestHex,
  type EnvelopeRecipient,
  fromBase64,
  type Json,
  type KeyDecrypter,
  Malformed,
  type Signer,
  type SuiteDigest,
  suiteDigestOf,
  toBase64,
} from '../crypto/index.ts';
import { type KeySession, KeyVault } from '../keys/index.ts';
import {
  contentKeys,
  ENVELOPED,
  openGranted,
  openPackage,
  type Package,
  readPackage,
  type SeenLog,
  writePackage,
} from '../packages/index.ts';
import { actingEntry, certificateId, type Role, type TrustBundle } from '../pki/index.ts';
import { type LocalStore, lastSeen, type StoredPackage } from '../sync/index.ts';
import {
  ROLE_GROUPS,
  type RoleGroup,
  type RoleKeyState,
  readInto,
  type State,
} from '../workflow/index.ts';
import { claimedTime } from './claimed-time.ts';
import type { DeskOptions, NewStep } from './desk-options.ts';
import type { DeploymentRecord, PersonRecord } from './device-records.ts';
import { IdleLock } from './idle-lock.ts';
import { KeptPackages } from './kept-packages.ts';
import { keyStorage } from './key-storage.ts';
import { ContentKeyRing } from './parties/content-keys.ts';
import { receiversOf } from './parties/in-force.ts';
import { DeskError } from './refusals.ts';
import { isKeyRecord, privateHalves, RoleKeyRing } from './role-keys/index.ts';
import { openUntil } from './station.ts';

export class DeskContext {
  readonly options: DeskOptions;
  readonly vault: KeyVault;
  #bodies = new Map<string, Promise<Json | null>>();
  /** Role keys of the person at the desk. */
  roleKeys = new RoleKeyRing();
  /** Keys of contents of the party of the person at the desk, which were handed to him. */
  #contentKeys = new ContentKeyRing();
  #state: Promise<State> | null = null;
  #current: string | null = null;
  readonly #packages: KeptPackages;
  readonly #lock = new IdleLock();
  #lockMinutes = 0;
  readonly #beside = new Map<string, DeskContext>();

  /** @param vault keys that another context of this device has open already */
  constructor(options: DeskOptions, vault?: KeyVault) {
    this.options = options;
    this.#packages = new KeptPackages(options.store);
    if (vault) {
      this.vault = vault;
      return;
    }
    this.vault = new KeyVault({
      storage: keyStorage(options.store),
      ...(options.timer ? { timer: this.#lock.watching(options.timer, options.now) } : {}),
      onLock: (id) => {
        if (id === this.#current) this.forget();
        this.#beside.get(id)?.forget();
        options.onChange?.();
      },
    });
  }

  /** When the person at the desk is locked out for want of acts; null: never. */
  locksAt(): string | null {
    return this.#current && this.vault.session(this.#current) ? this.#lock.due : null;
  }

  get lockMinutes(): number {
    return this.#lockMinutes;
  }

  async setLock(minutes: number): Promise<void> {
    await this.store.commit({
      records: [{ namespace: 'settings', id: 'lock-minutes', value: minutes }],
    });
    await this.restoreLock();
  }

  /** The idle time that was chosen; without a choice a real key locks after a quarter of an hour. */
  async restoreLock(): Promise<void> {
    const chosen = (await this.store.record('settings', 'lock-minutes')) as number | undefined;
    const real = (await this.hasDeployment()) && !(await this.deployment()).bundle.pilot;
    const minutes = chosen ?? (real ? 15 : 0);
    const until = await openUntil(this);
    if (minutes === 0 || until) this.#lock.due = until;
    this.#lockMinutes = minutes;
    this.vault.lockAfter(until ? 0 : minutes * 60_000);
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

  /**
   * Another seat at the same device, for what is done by itself: keys, store and clock are shared,
   * what is opened here is not seen there.
   */
  beside(person: string): DeskContext {
    let other = this.#beside.get(person);
    if (!other) {
      const { onChange: _, ...options } = this.options;
      other = new DeskContext(options, this.vault);
      other.seat(person);
      this.#beside.set(person, other);
    }
    other.changed();
    return other;
  }

  /** Who sits here; what another had opened is forgotten. */
  seat(person: string | null): void {
    this.#current = person;
    this.forget();
  }

  /** Drops everything decrypted and derived. */
  forget(): void {
    this.#bodies = new Map();
    this.roleKeys.forget();
    this.#contentKeys.forget();
    // A reading that is under way fills the rings that are gone.
    this.roleKeys = new RoleKeyRing();
    this.#contentKeys = new ContentKeyRing();
    this.#state = null;
  }

  /** Something in the store is new. */
  changed(): void {
    this.#state = null;
    this.#packages.changed();
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
    this.#beside.clear();
    await this.store.clear();
  }

  /** What protects integrity in the suite of the deployment. */
  async suiteDigest(): Promise<SuiteDigest> {
    return suiteDigestOf((await this.deployment()).bundle.policy.suite);
  }

  /** Digest of a document in the deployment's suite, hex. */
  async digest(bytes: Uint8Array): Promise<string> {
    return digestHex(await this.suiteDigest(), bytes);
  }

  async hasDeployment(): Promise<boolean> {
    return (await this.store.record('settings', 'deployment')) !== undefined;
  }

  /** The state of every case, folded anew after every change. */
  state(): Promise<State> {
    this.#state ??= this.#fold([]).then((state) => this.#read(state));
    return this.#state;
  }

  /** Lays over the state what the keys of the person at the desk open. */
  async #read(state: State): Promise<State> {
    const { read } = this.#packages;
    const [roleKeys, contentKeys] = [this.roleKeys, this.#contentKeys];
    const own = (pkg: Package) => this.#openOwn(pkg);
    const party = await this.#ownParty(state);
    const added = [await roleKeys.take(read, own), await contentKeys.take(state, party, read, own)];
    // What did not open without the key may open now.
    if (added.includes(true)) this.#bodies = new Map();
    const bodies = new Map<string, Json>();
    for (const pkg of read.values()) {
      if (isKeyRecord(pkg.record.type)) continue;
      const body = pkg.body && (await this.#body(pkg));
      if (body !== null) bodies.set(pkg.id, body);
    }
    readInto(state, bodies, (id) => read.get(id)?.record.type ?? null);
    return state;
  }

  packages(): Promise<Map<string, StoredPackage>> {
    return this.#packages.all();
  }

  async #fold(extra: readonly { bytes: Uint8Array }[]): Promise<State> {
    return this.#packages.fold(await this.deployment(), extra);
  }

  /** The trust bundle in force by the fold, with the revocation lists that came since. */
  async bundle(): Promise<TrustBundle> {
    const { trust } = await this.state();
    if (!trust) throw new DeskError('no-deployment', 'there is no trust bundle');
    return trust;
  }

  /** The confidential body of a package, or null where the person at the desk is no recipient. */
  #body(pkg: Package): Promise<Json | null> {
    let body = this.#bodies.get(pkg.id);
    if (!body) {
      body = this.#openAny({ ...pkg, files: new Map() }).then((opened) => opened?.body ?? null);
      this.#bodies.set(pkg.id, body);
    }
    return body;
  }

  async #open(pkg: Package) {
    // The role keys come with the state.
    await this.state();
    return this.#openAny(pkg);
  }

  /** By the person's own keys, by role keys, or by keys of contents that were handed on. */
  async #openAny(pkg: Package) {
    const opened = await this.#tryKeys((decrypter) => openPackage(pkg, decrypter));
    const granted = opened ? null : this.#contentKeys.keysFor(pkg);
    return granted ? orNull(openGranted(pkg, granted)) : opened;
  }

  /** Code of the party whose certificate the person at the desk has; null for the authority. */
  async #ownParty({ bindings }: State): Promise<string | null> {
    const session = this.#current ? this.vault.session(this.#current) : null;
    const { signing } = session?.certificates ?? {};
    return (signing && bindings.get(await certificateId(signing))?.party) || null;
  }

  /** Keys of a package's contents that the person at the desk has, to be handed on. */
  async contentKeysOf(id: string): Promise<Map<string, Uint8Array>> {
    const pkg = await this.package(id);
    const found = await this.opened((decrypter) => contentKeys(pkg, decrypter));
    const granted = this.#contentKeys.keysFor(pkg);
    const own = pkg.contents.flatMap(({ digest }) => {
      const key = granted?.get(digest);
      return key ? [[digest, key.slice()] as const] : [];
    });
    return new Map([...own, ...(found ?? [])]);
  }

  /** Packages as the fold has read them, by id. */
  async readings(): Promise<ReadonlyMap<string, Package>> {
    await this.state();
    return this.#packages.read;
  }

  /**
   * What the keys of the person at the desk open; null where they are locked or do not fit.
   * @param open throws `Malformed` for a key that does not fit
   */
  async opened<T>(open: Opening<T>): Promise<T | null> {
    // The role keys come with the state.
    await this.state();
    return this.#tryKeys(open);
  }

  async #tryKeys<T>(open: Opening<T>): Promise<T | null> {
    return tryEach([...(await this.#ownDecrypters()), ...this.roleKeys.decrypters], open);
  }

  /** The body of a package that is enveloped to the person's own certificates. */
  async #openOwn(pkg: Package): Promise<Json | null> {
    const own = await this.#ownDecrypters();
    const opened = await tryEach(own, (decrypter) =>
      openPackage({ ...pkg, files: new Map() }, decrypter),
    );
    return opened?.body ?? null;
  }

  /** An envelope names its recipients by certificate: before a renewal it was another one. */
  async #ownDecrypters(): Promise<Decrypter[]> {
    const session = this.#current ? this.vault.session(this.#current) : null;
    const present = session?.certificates.encryption;
    if (!session || !present) return [];
    const record = (await this.store.record('people', session.id)) as PersonRecord | undefined;
    return [present, ...(record?.earlier ?? [])].map((each) => session.decrypterOf(each));
  }

  /** PrivateKeyInfo of a role key that the person at the desk holds, to be handed on. */
  async roleKeyOctets({ id, packages }: RoleKeyState): Promise<Uint8Array | null> {
    if (!this.roleKeys.has(id)) return null;
    for (const each of packages) {
      const pkg = this.#packages.read.get(each);
      const halves = pkg?.body ? await privateHalves(pkg, (of) => this.#openOwn(of)) : null;
      const found = halves?.find((half) => half.id === id);
      if (found) return found.pkcs8;
    }
    return null;
  }

  /** Body and files of a package; null where the person here is no recipient. */
  openedPackage(pkg: Package) {
    return this.#open(pkg);
  }

  /** Files of a package by their plain names; null where the person here is no recipient. */
  async files(id: string): Promise<ReadonlyMap<string, Uint8Array> | null> {
    const pkg = await this.package(id);
    if (![...pkg.files.keys()].some((name) => name.endsWith(ENVELOPED))) return pkg.files;
    return (await this.#open(pkg))?.files ?? null;
  }

  /** A package as the fold has read it; null where it is not on this device. */
  async reading(id: string): Promise<Package | null> {
    await this.state();
    return this.#packages.read.get(id) ?? null;
  }

  async package(id: string): Promise<Package> {
    const stored = (await this.packages()).get(id);
    if (!stored) throw new DeskError('unknown-case', `package ${id} is not on this device`);
    return readPackage(stored.bytes);
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

  /**
   * The role keys of the groups. A device that has none of a group yet, since it joined by the bundle
   * alone, envelopes to the certificates of its holders.
   */
  async staffRecipients(...groups: RoleGroup[]): Promise<EnvelopeRecipient[]> {
    const { roster } = await this.bundle();
    const { roleKeys } = await this.state();
    return groups.flatMap((group): EnvelopeRecipient[] => {
      const key = roleKeys.findLast((each) => each.group === group);
      if (key) return [{ spki: fromBase64(key.key) as Uint8Array }];
      return roster.flatMap((entry) =>
        entry.encryption &&
        (ROLE_GROUPS[group] as readonly Role[]).some((role) => entry.roles.includes(role))
          ? [fromBase64(entry.encryption) as Uint8Array]
          : [],
      );
    });
  }

  /**
   * Encryption certificates of a party and of whoever acts for it in the case, and the role keys of the
   * groups; a broker at the desk reads what he writes.
   */
  async recipientsFor(
    step: { party: string; case?: string | undefined },
    ...groups: RoleGroup[]
  ): Promise<EnvelopeRecipient[]> {
    const own = (await this.person()).uscc;
    const receivers = await receiversOf(await this.state(), { ...step, own }, this.now());
    return [...receivers, ...(await this.staffRecipients(...groups))];
  }

  /** Roles that the trust in force gives to a certificate. */
  async rolesOf(certificate: Uint8Array): Promise<Role[]> {
    const bundle = await this.bundle();
    if (toBase64(certificate) === bundle.root) return ['root'];
    return actingEntry(bundle, await certificateId(certificate))?.roles ?? [];
  }

  /** @throws {DeskError} `not-permitted` when the person at the desk has none of the roles */
  async demandRole(...roles: Role[]): Promise<void> {
    const own = await this.rolesOf(this.signer().certificate);
    if (!roles.some((role) => own.includes(role))) {
      throw new DeskError('not-permitted', `needs the role ${roles.join(' or ')}`, {
        role: roles[0] as string,
      });
    }
  }

  /**
   * Writes a step: signed, judged by the fold as everybody will judge it, and only then stored
   * together with whatever belongs to the same act.
   * @returns id of the package
   * @throws {DeskError} `record-refused` with the fold's code in `detail`; nothing is stored then
   */
  async write(step: NewStep): Promise<string> {
    const made = await this.#make(step);
    const after = await this.#fold([made]);
    const judged = after.steps.get(step.case ?? made.id)?.find((each) => each.id === made.id);
    const early = step.ahead && judged?.refusal?.code === 'missing-predecessor';
    if (!judged || (judged.refusal && !early)) {
      const { code, message } = judged?.refusal ?? { code: 'unknown', message: 'not judged' };
      throw new DeskError('record-refused', message, { detail: code });
    }
    const also = typeof step.also === 'function' ? step.also(made.id) : step.also;
    const { packages = [], outbox = [], ...rest } = also ?? {};
    const { id, bytes } = made;
    const stored = { id, bytes, place: null, arrivedAt: this.now() };
    await this.store.commit({
      ...rest,
      packages: [stored, ...packages],
      outbox: [made.id, ...outbox],
    });
    this.changed();
    // The arrays that were just judged: none is verified again.
    (await this.packages()).set(made.id, stored);
    return made.id;
  }

  async #make({ type, party, prev, fields, body, files, recipients, alsoTo, ...step }: NewStep) {
    const seen = await this.#seen();
    const { deployment } = (await this.deployment()).bundle;
    return writePackage({
      record: {
        deployment,
        type,
        ...(step.case === undefined ? {} : { case: step.case }),
        ...(party === undefined ? {} : { party }),
        prev,
        at: claimedTime(this.store, this.now()),
        ...(seen ? { seen } : {}),
        ...fields,
      },
      confidential: body,
      files,
      recipients,
      alsoTo,
      signer: step.signer ?? this.signer(),
    });
  }

  async #seen(): Promise<SeenLog | null> {
    const endpoint = await this.endpoint();
    const seen = endpoint ? await lastSeen(this.store, endpoint) : null;
    return seen && { epoch: 1, size: seen.size, root: seen.root };
  }

  /** The address that was typed here, else the one of the newest trust bundle. */
  async endpoint(): Promise<string | null> {
    const typed = (await this.store.record('settings', 'endpoint')) as string | undefined;
    if (typed !== undefined || !(await this.hasDeployment())) return typed ?? null;
    return (await this.bundle()).endpoints[0]?.url ?? null;
  }
}

/** Throws `Malformed` for a key that does not fit. */
type Opening<T> = (decrypter: Decrypter | KeyDecrypter) => Promise<T>;

async function tryEach<T>(
  decrypters: readonly (Decrypter | KeyDecrypter)[],
  open: Opening<T>,
): Promise<T | null> {
  for (const decrypter of decrypters) {
    const opened = await orNull(open(decrypter));
    if (opened !== null) return opened;
  }
  return null;
}

/** Not a recipient, or enveloped for another context: nothing of it is shown. */
async function orNull<T>(opening: Promise<T | null>): Promise<T | null> {
  try {
    return await opening;
  } catch (error) {
    if (error instanceof Malformed) return null;
    throw error;
  }
}

/** A fresh name for what this device alone keeps: 128 random bits, hex. */
export function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
