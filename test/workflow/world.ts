/** A small deployment for the fold's tests: real keys and certificates, any record by anybody. */
import { createHash } from 'node:crypto';
import type { Decrypter, Json, Signer } from '../../src/crypto/index.ts';
import { sha256Hex, toBase64 } from '../../src/crypto/index.ts';
import { generateKey, type LiveKey, liveKey } from '../../src/keys/index.ts';
import { licenceFromApplication, sampleApplication } from '../../src/licence/index.ts';
import { openPackage, type Package, writePackage } from '../../src/packages/index.ts';
import {
  attributeOf,
  certificateId,
  organizationOf,
  type Role,
  type RosterEntry,
  readCertificate,
  type TrustBundle,
  writeTrustBundleJson,
} from '../../src/pki/index.ts';
import {
  type CertificateKind,
  createCrl,
  createRootCertificate,
  issueCertificate,
  type RevokedEntry,
  randomSerial,
  selfSigned,
} from '../../src/pki/issuing/index.ts';
import { fold, RIGHTS, type Right, readInto, type State } from '../../src/workflow/index.ts';

const TERM = { notBefore: '2026-01-01T00:00:00Z', notAfter: '2030-01-01T00:00:00Z' };
export const USCC = { a: '91110000MA000TE137', b: '91310000MA1FL0T285' };

export interface Somebody extends Signer {
  readonly id: string;
}

export interface Made {
  id: string;
  bytes: Uint8Array;
}

const subject = (commonName: string, organization = '示例许可证事务局', uscc?: string) => ({
  organization,
  commonName,
  ...(uscc ? { uscc } : {}),
});

/** Steps that open a case where nothing stands before them. */
const OPENS =
  /^(enterprise\/(register|mandate|succeed)|seal\/apply|seal\/authority|application\/submit|trust\/.*|licence\/(number|status)-.*)$/;
/** Steps in the unit of a licence's number. */
const AFTER_ISSUE = /^licence\/(use|use-correct|print|collect|revoke)$/;

export class World {
  root!: Somebody;
  enterpriseCa!: Signer;
  staffCa!: Signer;
  readonly staff = new Map<string, Somebody>();
  a!: Somebody;
  b!: Somebody;
  stranger!: Somebody;
  /** Who reads every confidential body of these tests. */
  reader!: Decrypter;
  roster: RosterEntry[] = [];
  bundle!: TrustBundle;
  bundlePackage!: Made;
  #time = Date.parse('2026-03-02T01:00:00Z');
  /** By name, and by the id of any step. */
  readonly #cases = new Map<string, { id: string; party: string | null }>();
  readonly #names = new Map<string, string>();
  /** Registrations of both enterprises and their approvals: in the log before all else. */
  bound: Made[] = [];
  readonly #read = new Map<string, Package>();
  /** Encryption keys of enterprises, by their signing keys. */
  readonly #receiving = new Map<string, LiveKey>();

  static async create(): Promise<World> {
    const world = new World();
    const rootKey = await liveKey(await generateKey('P-256'));
    const rootCertificate = await createRootCertificate({
      subject: subject('根'),
      key: rootKey,
      pilot: true,
      serial: randomSerial(),
      ...TERM,
    });
    world.root = await somebody({
      certificate: rootCertificate,
      chain: [],
      suite: 'P-256',
      sign: (data) => rootKey.sign(data),
    });
    const ca = (name: string) => world.certify(world.root, 'ca', subject(name));
    [world.enterpriseCa, world.staffCa] = [await ca('企业 CA'), await ca('机构 CA')];
    const people: [string, Role[]][] = [
      ['registrar', ['registrar']],
      ['reviewer', ['seal-reviewer']],
      ['maker', ['seal-maker']],
      ['first', ['first-review']],
      ['second', ['second-review']],
      ['both', ['first-review', 'second-review']],
      ['issuer', ['issuer']],
      ['issuer2', ['issuer']],
      ['inspector', ['inspector']],
    ];
    for (const [name, roles] of people) {
      const signer = await world.certify(world.staffCa, 'staff-signing', subject(name));
      world.staff.set(name, signer);
      world.roster.push(rosterEntry(name, roles, signer));
    }
    const firm = (name: string, uscc: string) =>
      world.certify(world.enterpriseCa, 'enterprise-signing', subject(name, name, uscc));
    [world.a, world.b] = [await firm('甲公司', USCC.a), await firm('乙公司', USCC.b)];
    world.stranger = await world.selfMade('丙公司', '91440300MA5DTE3T0C');
    const encryption = await liveKey(await generateKey('P-256'));
    const read = await issueCertificate({
      kind: 'staff-encryption',
      subject: subject('reader'),
      spki: encryption.spki,
      issuer: world.staffCa,
      serial: randomSerial(),
      pilot: true,
      ...TERM,
    });
    world.reader = { certificate: read, agree: (point) => encryption.agree(point) };
    [world.bundle, world.bundlePackage] = await world.publish({});
    for (const [name, firm] of [
      ['甲公司', world.a],
      ['乙公司', world.b],
    ] as const) {
      world.bound.push(...(await world.bind(name, firm)));
    }
    return world;
  }

  /** A registration of the enterprise, and the approval that binds its certificate. */
  async bind(name: string, firm: Somebody): Promise<Made[]> {
    const csrs = { signing: 'AAAA', encryption: 'AAAA' };
    const asked = await this.step(firm, 'enterprise/register', `bound-${name}`, [], {
      fields: { name, csrs },
    });
    const fields = await this.pairOf(firm.certificate);
    const approve = 'enterprise/approve';
    return [asked, await this.step(this.by('registrar'), approve, '', [asked], { fields })];
  }

  by(name: string): Somebody {
    const found = this.staff.get(name);
    if (!found) throw new Error(name);
    return found;
  }

  /** Seconds pass with each step; `days` jumps. */
  now(days = 0): string {
    this.#time += 1000 + days * 86_400_000;
    return new Date(this.#time).toISOString();
  }

  async certify(
    issuer: Signer,
    kind: CertificateKind,
    name: ReturnType<typeof subject>,
  ): Promise<Somebody> {
    const key = await liveKey(await generateKey('P-256'));
    const certificate = await issueCertificate({
      kind,
      subject: name,
      spki: key.spki,
      issuer,
      serial: randomSerial(),
      pilot: true,
      ...TERM,
    });
    const chain = [issuer.certificate, ...issuer.chain];
    const sign = (data: Uint8Array) => key.sign(data);
    return somebody({ certificate, chain, suite: 'P-256', sign });
  }

  /** Another certificate for the same key and name of an enterprise. */
  async renew(of: Somebody, name: string, uscc: string): Promise<Somebody> {
    const certificate = await issueCertificate({
      kind: 'enterprise-signing',
      subject: subject(name, name, uscc),
      spki: readCertificate(of.certificate).spki,
      issuer: this.enterpriseCa,
      serial: randomSerial(),
      pilot: true,
      ...TERM,
    });
    const { chain, suite } = of;
    return somebody({ certificate, chain, suite, sign: (data) => of.sign(data) });
  }

  /** What an approval states of a signing certificate: its encryption certificate beside it, and all rights. */
  async pairOf(signing: Uint8Array, rights: readonly Right[] = RIGHTS) {
    const { spki, subject: holder } = readCertificate(signing);
    const { organization, uscc } = organizationOf(holder);
    const known = toBase64(spki);
    const key = this.#receiving.get(known) ?? (await liveKey(await generateKey('P-256')));
    this.#receiving.set(known, key);
    const name = organization ?? '';
    const encryption = await issueCertificate({
      kind: 'enterprise-encryption',
      subject: subject(attributeOf(holder, '2.5.4.3') ?? name, name, uscc ?? undefined),
      spki: key.spki,
      issuer: this.enterpriseCa,
      serial: randomSerial(),
      pilot: true,
      ...TERM,
    });
    return {
      name,
      signing: toBase64(signing),
      encryption: toBase64(encryption),
      chain: [] as string[],
      rights: [...rights],
    };
  }

  async selfMade(name: string, uscc: string): Promise<Somebody> {
    const key = await liveKey(await generateKey('P-256'));
    const certificate = await selfSigned({
      subject: subject(name, name, uscc),
      key,
      pilot: true,
      serial: randomSerial(),
      ...TERM,
    });
    const sign = (data: Uint8Array) => key.sign(data);
    return somebody({ certificate, chain: [], suite: 'P-256', sign });
  }

  async crl(issuer: Signer, revoked: RevokedEntry[], number: number): Promise<string> {
    const thisUpdate = `${this.now().slice(0, 19)}Z`;
    const nextUpdate = '2029-12-31T00:00:00Z';
    return toBase64(await createCrl({ issuer, number, revoked, thisUpdate, nextUpdate }));
  }

  /** A first bundle, or one that follows `previous`. */
  async publish(
    change: Partial<TrustBundle>,
    previous?: [TrustBundle, Made],
    signer: Signer = this.root,
  ): Promise<[TrustBundle, Made]> {
    const now = this.now();
    const base: TrustBundle = previous?.[0] ?? {
      v: 1,
      deployment: await sha256Hex(this.root.certificate),
      name: { zh: '试点', en: 'pilot' },
      authority: { zh: '示例许可证事务局', en: 'Sample Bureau', code: '110000' },
      pilot: true,
      seq: 0,
      issuedAt: now,
      nextUpdate: '2029-01-01T00:00:00Z',
      root: toBase64(this.root.certificate),
      anchors: [
        { certificate: toBase64(this.enterpriseCa.certificate), certifies: ['enterprise'] },
        { certificate: toBase64(this.staffCa.certificate), certifies: ['staff', 'seal-maker'] },
      ],
      intermediates: [],
      roster: this.roster,
      former: [],
      crls: [],
      statusLists: [],
      policy: {
        sealCompulsoryFrom: '2026-09-01T00:00:00Z',
        issuing: 'automatic',
        suite: 'P-256',
        antiScreenshot: false,
        fogDegree: 7,
        clearPrints: 2,
        numbering: { pattern: '{yy}-{issuer}-{serial:6}', issuer: 'AA' },
      },
      endpoints: [],
    };
    const bundle: TrustBundle = {
      ...base,
      seq: base.seq + 1,
      issuedAt: now,
      ...(previous ? { previous: previous[1].id } : {}),
      ...change,
    };
    const made = await writePackage({
      record: { deployment: bundle.deployment, type: 'trust/bundle', prev: [], at: now },
      files: [
        {
          name: 'trust.json',
          bytes: writeTrustBundleJson(bundle),
          confidential: false,
          type: 'application/json',
        },
      ],
      signer,
    });
    return [bundle, made];
  }

  /** Id of the case that was opened last under this name. */
  case(name: string): string {
    return this.#cases.get(name)?.id ?? name;
  }

  /** What a state holds of the case that the tests call by this name. */
  named<T extends { case: string }>(among: ReadonlyMap<string, T>, name: string): T | undefined {
    return [...among.values()].find((each) => this.#names.get(each.case) === name);
  }

  /**
   * A record by anybody. The first one of a case opens it, and says whose it is; `party` says it of
   * one, or belies it.
   */
  async step(
    signer: Signer,
    type: string,
    name: string,
    prev: (Made | string)[] = [],
    {
      fields = {},
      body,
      at = this.now(),
      seen,
      party,
      opens = false,
      within,
    }: {
      fields?: Record<string, Json>;
      body?: Json;
      at?: string;
      seen?: { size: number; root: string };
      party?: string | null;
      /** Opens a case of its own, though one of this name is open. */
      opens?: boolean;
      /** Names this case, whatever `prev` belongs to. */
      within?: string;
    } = {},
  ): Promise<Made> {
    const [first] = prev;
    const before =
      first === undefined
        ? undefined
        : this.#cases.get(typeof first === 'string' ? first : first.id);
    const known =
      opens || (OPENS.test(type) && !first) ? undefined : (before ?? this.#cases.get(name));
    const numbered = AFTER_ISSUE.test(type);
    const belongs = party === undefined ? (known?.party ?? this.partyOf(signer, type)) : party;
    const made = await writePackage({
      record: {
        deployment: this.bundle?.deployment ?? '0'.repeat(64),
        type,
        ...(within
          ? { case: within }
          : numbered
            ? { case: name }
            : known
              ? { case: known.id }
              : {}),
        ...(belongs === null ? {} : { party: belongs }),
        prev: prev.map((each) => (typeof each === 'string' ? each : each.id)),
        at,
        ...(seen ? { seen: { epoch: 1, ...seen } } : {}),
        ...fields,
      },
      confidential: body,
      recipients: body === undefined ? [] : [this.reader.certificate],
      signer,
    });
    const opened = known ?? { id: made.id, party: belongs };
    if (!known && !numbered) {
      this.#cases.set(name, opened);
      this.#names.set(made.id, name);
    }
    this.#cases.set(made.id, opened);
    return made;
  }

  /** Whose a case is that somebody opens. */
  partyOf(signer: Signer, type: string): string | null {
    if (/^trust\/|^seal\/authority$|^licence\/(number|status)-/.test(type)) return null;
    return organizationOf(readCertificate(signer.certificate).subject).uscc ?? USCC.a;
  }

  /** Folds under the first bundle. @param log packages in the order of the log; the rest came by file */
  async fold(packages: readonly Made[], log: readonly Made[] = []): Promise<State> {
    const state = await this.foldBlind(packages, log);
    const bodies = new Map<string, Json>();
    for (const pkg of this.#read.values()) {
      if (pkg.body) bodies.set(pkg.id, (await this.open(pkg)) as Json);
    }
    readInto(state, bodies, (id) => this.#read.get(id)?.record.type ?? null);
    return state;
  }

  /** The same by somebody who opens nothing. */
  async foldBlind(packages: readonly Made[], log: readonly Made[] = []): Promise<State> {
    this.#read.clear();
    const places = new Map(log.map(({ id }, place) => [id, place]));
    for (const [i, { id }] of this.bound.entries()) places.set(id, i - this.bound.length);
    return fold(
      [...this.bound, ...packages].map(({ bytes }) => bytes),
      { trust: this.bundle, places, read: this.#read },
    );
  }

  async open(pkg: Package): Promise<Json | null> {
    return (await openPackage({ ...pkg, files: new Map() }, this.reader)).body;
  }
}

async function somebody(signer: Signer): Promise<Somebody> {
  return { ...signer, id: await certificateId(signer.certificate) };
}

export function rosterEntry(name: string, roles: Role[], signer: Somebody): RosterEntry {
  return {
    id: signer.id,
    person: signer.id,
    since: '2026-01-01T00:00:00Z',
    name,
    organization: '示例许可证事务局',
    roles,
    signing: toBase64(signer.certificate),
  };
}

const SALT = btoa('0'.repeat(32));
export const TERMS = 'ab'.repeat(32);
export const PORT = 'cd'.repeat(32);

/** What the fold refused, as `type code`. */
export const refusals = (state: State): string[] =>
  state.refused.map(({ type, refusal }) => `${type} ${refusal?.code}`);

export const application = { ...sampleApplication(), importer: { name: '甲公司', code: USCC.a } };

export const submission = (more: Record<string, Json> = {}) => ({
  fields: {
    licenceType: 'auto-import',
    flow: 'electronic',
    stamp: 'plain',
    office: '110000',
    pdf: '0'.repeat(64),
    terms: TERMS,
    lines: application.lines.length,
    ...more,
  },
  body: { application, attachments: [], salts: { terms: SALT } } as unknown as Json,
});

/** What the head of an issue over these applications states. */
export const issueFields = (number: string, change: Record<string, Json> = {}) => ({
  number,
  terms: TERMS,
  token: tokenOf(number),
  pdf: '1'.repeat(64),
  validFrom: '2026-03-02',
  validUntil: '2026-12-31',
  maxUses: 12,
  tolerance: '5',
  quantities: application.lines.map(({ quantity }) => quantity),
  ports: [PORT],
  status: { list: '2026-a', index: 1 },
  ...change,
});

/** Digest of the token of a number, as these tests have it. */
export const tokenOf = (number: string): string =>
  createHash('sha256').update(number).digest('hex');

export const licenceBody = (number: string, change: Record<string, Json> = {}): Json =>
  ({
    licence: {
      ...licenceFromApplication(application, {
        number,
        authority: { code: '110000', zh: '局', en: 'Bureau' },
        issuedOn: '2026-03-02',
        statusList: { id: '2026-a', index: 1 },
        pilot: true,
      }),
      ...change,
    },
    token: 'EL1:X',
    salts: { terms: SALT },
  }) as unknown as Json;
