/** A small deployment for the fold's tests: real keys and certificates, any record by anybody. */
import type { Decrypter, Json, Signer } from '../../src/crypto/index.ts';
import { sha256Hex, toBase64 } from '../../src/crypto/index.ts';
import { generateKey, liveKey } from '../../src/keys/index.ts';
import { licenceFromApplication, sampleApplication } from '../../src/licence/index.ts';
import { openPackage, type Package, writePackage } from '../../src/packages/index.ts';
import {
  certificateId,
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
import { fold, type State } from '../../src/workflow/index.ts';

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
    return world;
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
      record: { type: 'trust/bundle', case: bundle.deployment, prev: [], at: now },
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

  /** A record by anybody. */
  async step(
    signer: Signer,
    type: string,
    caseId: string,
    prev: (Made | string)[] = [],
    {
      fields = {},
      body,
      at = this.now(),
      seen,
    }: {
      fields?: Record<string, Json>;
      body?: Json;
      at?: string;
      seen?: { size: number; root: string };
    } = {},
  ): Promise<Made> {
    return writePackage({
      record: {
        type,
        case: caseId,
        prev: prev.map((each) => (typeof each === 'string' ? each : each.id)),
        at,
        ...(seen ? { seen } : {}),
        ...fields,
      },
      confidential: body,
      recipients: body === undefined ? [] : [this.reader.certificate],
      signer,
    });
  }

  /** Folds under the first bundle. @param log packages in the order of the log; the rest came by file */
  async fold(packages: readonly Made[], log: readonly Made[] = []): Promise<State> {
    return fold(
      packages.map(({ bytes }) => bytes),
      {
        trust: this.bundle,
        places: new Map(log.map(({ id }, place) => [id, place])),
        open: (pkg) => this.open(pkg),
      },
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
    name,
    organization: '示例许可证事务局',
    roles,
    signing: toBase64(signer.certificate),
  };
}

/** What the fold refused, as `type code`. */
export const refusals = (state: State): string[] =>
  state.refused.map(({ type, refusal }) => `${type} ${refusal?.code}`);

export const application = { ...sampleApplication(), importer: { name: '甲公司', code: USCC.a } };

export const submission = (more: Record<string, Json> = {}) => ({
  fields: {
    licenceType: 'auto-import',
    flow: 'electronic',
    stamp: 'plain',
    uscc: USCC.a,
    ...more,
  },
  body: { application, pdf: '0'.repeat(64), attachments: [] } as unknown as Json,
});

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
  }) as unknown as Json;
