/**
 * Dishonest insiders and strangers: records that are well formed and signed by real keys, and must
 * change nothing on any device, whether they come through the endpoint or as files.
 */
import { type Json, type Signer, toBase64 } from '../../src/crypto/index.ts';
import { generateKey, liveKey } from '../../src/keys/index.ts';
import { type Package, readPackage, writePackage } from '../../src/packages/index.ts';
import { randomSerial, selfSigned } from '../../src/pki/issuing/index.ts';
import type { State } from '../../src/workflow/index.ts';
import { headAround, signedAgain } from './forge-head.ts';
import type { Founded } from './founding.ts';
import { FIRMS } from './people.ts';
import type { Random } from './random.ts';

export interface Forged {
  attack: string;
  id: string;
  bytes: Uint8Array;
  /** It is a step like any other, of its own author alone: what it must not do is checked elsewhere. */
  mayCount?: true;
}

/** What the dishonest know of the deployment: the state of a device, and packages that they hold. */
export interface Scene {
  founded: Founded;
  random: Random;
  state: State;
  packages: ReadonlyMap<string, Uint8Array>;
  deployment: string;
  at: string;
}

type Attack = (scene: Scene) => Promise<Omit<Forged, 'attack'> | null>;

const signer = ({ founded }: Scene, device: string): Signer => {
  const found = founded.signers.get(device);
  if (!found || found.certificate.length === 0) throw new Error(`${device} has no certificate`);
  return found;
};

const REPORT = { version: 1, result: 'TOTAL-PASSED', digest: 'ef'.repeat(32) };
const REVIEW_BODY = { reasons: [], report: null, salt: btoa('salt') };
const FIRM_B = FIRMS[1] as (typeof FIRMS)[0];

function application({ random, state }: Scene, ...states: string[]) {
  const found = [...state.applications.values()]
    .filter((each) => states.length === 0 || states.includes(each.state))
    .sort((a, b) => (a.submittedAt < b.submittedAt ? -1 : 1));
  return found.length > 0 ? random.pick(found) : null;
}

function licence({ random, state }: Scene) {
  const found = [...state.licences.values()].sort((a, b) => (a.number < b.number ? -1 : 1));
  return found.length > 0 ? random.pick(found) : null;
}

/** A step that names the case's own head and party, unless told otherwise. */
async function step(
  scene: Scene,
  by: Signer,
  type: string,
  {
    party,
    caseId,
    prev,
    fields = {},
    body,
    deployment = scene.deployment,
  }: {
    party?: string | undefined;
    caseId?: string | undefined;
    prev: string[];
    fields?: Record<string, Json>;
    body?: Json;
    deployment?: string;
  },
) {
  const { id, bytes } = await writePackage({
    record: {
      deployment,
      type,
      ...(caseId === undefined ? {} : { case: caseId }),
      ...(party === undefined ? {} : { party }),
      prev,
      at: scene.at,
      ...fields,
    },
    confidential: body,
    // To an enterprise that signs without an encryption certificate at hand: its own is as good.
    recipients: body === undefined ? [] : [await anyRecipient(scene)],
    signer: by,
  });
  return { id, bytes };
}

async function anyRecipient({ state }: Scene): Promise<Uint8Array> {
  const { roster } = state.trust ?? { roster: [] };
  const text = roster.find(({ encryption }) => encryption)?.encryption ?? '';
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}

async function reviewBy(scene: Scene, device: string, stage: 'first' | 'second') {
  const found = application(scene, stage === 'first' ? 'submitted' : 'first-passed');
  if (!found) return null;
  return step(scene, signer(scene, device), `application/${stage}-review`, {
    party: found.uscc,
    caseId: found.case,
    prev: [found.head],
    fields: { verdict: 'pass', report: REPORT },
    body: REVIEW_BODY,
  });
}

async function issueBy(scene: Scene, device: string, change: Record<string, Json> = {}) {
  const found = application(scene, 'submitted', 'first-passed', 'second-passed');
  if (!found) return null;
  const own = scene.state.blocks.find(({ to }) => to === ownId(scene, device));
  const serial = String(90_000 + scene.random.below(9000)).padStart(6, '0');
  return step(scene, signer(scene, device), 'licence/issue', {
    party: found.uscc,
    caseId: found.case,
    prev: [found.head],
    fields: {
      number: `26-JS-${own ? String(own.from + Number(serial)).padStart(6, '0') : serial}`,
      terms: 'ab'.repeat(32),
      token: 'cd'.repeat(32),
      pdf: 'ef'.repeat(32),
      validFrom: '2026-03-02',
      validUntil: '2026-09-01',
      maxUses: 12,
      tolerance: '5',
      quantities: Array.from({ length: found.lines }, () => '1000000'),
      ports: ['12'.repeat(32)],
      status: { list: own?.statusList ?? '2026-x', index: scene.random.below(100_000) },
      ...change,
    },
    body: { licence: {}, token: 'EL1:', salts: { terms: btoa('salt') } },
  });
}

/** Certificate of an insider by the roster: blocks name their holders by it. */
function ownId(scene: Scene, device: string): string {
  const certificate = toBase64(signer(scene, device).certificate);
  return scene.state.trust?.roster.find(({ signing }) => signing === certificate)?.id ?? '';
}

async function stranger(scene: Scene): Promise<Signer> {
  const key = await liveKey(await generateKey(scene.founded.suite));
  const firm = FIRMS[0] as (typeof FIRMS)[0];
  const certificate = await selfSigned({
    subject: { organization: firm.name, uscc: firm.uscc, commonName: firm.name },
    key,
    pilot: false,
    serial: randomSerial(),
    notBefore: '2026-01-01T00:00:00Z',
    notAfter: '2030-01-01T00:00:00Z',
  });
  return { certificate, chain: [], suite: scene.founded.suite, sign: (data) => key.sign(data) };
}

async function packageOf(scene: Scene, id: string | undefined): Promise<Package | null> {
  const bytes = id ? scene.packages.get(id) : undefined;
  return bytes ? readPackage(bytes) : null;
}

const ATTACKS: Record<string, Attack> = {
  'enterprise reviews an application': (scene) => reviewBy(scene, 'firm-b', 'first'),
  'inspector reviews an application': (scene) => reviewBy(scene, 'inspector-b', 'second'),
  'issuer reviews an application': (scene) => reviewBy(scene, 'issuer-b', 'second'),
  'issuer issues over other terms': (scene) => issueBy(scene, 'issuer-b'),
  'reviewer issues a licence': (scene) => issueBy(scene, 'both'),
  async 'one person reviews twice'(scene) {
    const found = application(scene, 'first-passed');
    if (found?.firstReviewer !== ownId(scene, 'both')) return null;
    return reviewBy(scene, 'both', 'second');
  },
  async 'enterprise acts for another'(scene) {
    const found = application(scene, 'submitted', 'returned');
    if (!found || found.uscc === FIRM_B.uscc) return null;
    return step(scene, signer(scene, 'firm-b'), 'application/withdraw', {
      party: scene.random.chance(0.5) ? found.uscc : FIRM_B.uscc,
      caseId: found.case,
      prev: [found.head],
      body: { reasons: [] },
    });
  },
  async 'party swapped by a reviewer'(scene) {
    const found = application(scene, 'submitted');
    if (!found || found.uscc === FIRM_B.uscc) return null;
    return step(scene, signer(scene, 'first'), 'application/first-review', {
      party: FIRM_B.uscc,
      caseId: found.case,
      prev: [found.head],
      fields: { verdict: 'refuse', report: REPORT },
      body: REVIEW_BODY,
    });
  },
  async 'record for another deployment'(scene) {
    const found = application(scene, 'submitted');
    if (!found) return null;
    return step(scene, signer(scene, 'first'), 'application/first-review', {
      party: found.uscc,
      caseId: found.case,
      prev: [found.head],
      fields: { verdict: 'pass', report: REPORT },
      body: REVIEW_BODY,
      deployment: 'ab'.repeat(32),
    });
  },
  async 'review of a stage that is not there'(scene) {
    const found = application(scene, 'issued', 'refused', 'withdrawn');
    if (!found) return null;
    return step(scene, signer(scene, 'first'), 'application/first-review', {
      party: found.uscc,
      caseId: found.case,
      prev: [found.head],
      fields: { verdict: 'return', report: REPORT },
      body: REVIEW_BODY,
    });
  },
  async 'ciphertext of another enterprise copied'(scene) {
    const found = application(scene);
    if (!found || found.uscc === FIRM_B.uscc) return null;
    const victim = await packageOf(scene, found.submission);
    if (!victim) return null;
    const { esId: _, ...record } = victim.record;
    const own = { ...record, stamp: 'plain', party: FIRM_B.uscc, prev: [], at: scene.at };
    const { case: __, ...opening } = own;
    const by = signer(scene, 'firm-b');
    return { ...(await headAround(opening as never, victim, by)), mayCount: true };
  },
  async 'own application signed once more'(scene) {
    const found = application(scene);
    if (found?.uscc !== FIRM_B.uscc) return null;
    const own = await packageOf(scene, found.submission);
    const by = signer(scene, 'firm-b');
    return own && { ...(await signedAgain(own, by)), mayCount: true };
  },
  async 'use recorded by an enterprise'(scene) {
    const found = licence(scene);
    if (!found) return null;
    return step(scene, signer(scene, 'firm-b'), 'licence/use', {
      party: found.uscc,
      caseId: found.number,
      prev: [found.issued],
      fields: {
        token: found.tokenDigest,
        declaration: '34'.repeat(32),
        port: found.ports[0] ?? '12'.repeat(32),
        date: scene.at.slice(0, 10),
        quantities: found.quantities.map(() => '1'),
      },
      body: { declaration: '420020261000000001', customs: '4200' },
    });
  },
  async 'licence revoked by a reviewer'(scene) {
    const found = licence(scene);
    if (!found) return null;
    return step(scene, signer(scene, 'second'), 'licence/revoke', {
      party: found.uscc,
      caseId: found.number,
      prev: [found.issued],
      fields: { token: found.tokenDigest },
      body: { reasons: ['x'] },
    });
  },
  async 'numbers granted by an issuer'(scene) {
    return step(scene, signer(scene, 'issuer-b'), 'licence/number-block', {
      prev: [],
      fields: {
        grantee: ownId(scene, 'issuer-b'),
        issuer: 'JS',
        year: 2026,
        from: 500_000,
        count: 10,
        statusList: '2026-z',
      },
    });
  },
  async 'stranger applies'(scene) {
    const firm = FIRMS[0] as (typeof FIRMS)[0];
    return step(scene, await stranger(scene), 'application/submit', {
      party: firm.uscc,
      prev: [],
      fields: {
        licenceType: 'auto-import',
        flow: 'electronic',
        office: '320000',
        stamp: 'plain',
        pdf: 'ef'.repeat(32),
        terms: 'ab'.repeat(32),
        lines: 1,
      },
      body: { application: {}, attachments: [], salts: { terms: btoa('salt') } },
    });
  },
  async 'bundle by a registrar'(scene) {
    return step(scene, signer(scene, 'office'), 'trust/bundle', { prev: [] });
  },
};

export const ATTACK_NAMES = Object.keys(ATTACKS);

/** @returns null where the run offers nothing to attack in this way yet */
export async function attack(name: string, scene: Scene): Promise<Forged | null> {
  const forged = await (ATTACKS[name] as Attack)(scene);
  return forged && { attack: name, ...forged };
}
