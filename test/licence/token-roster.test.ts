/** Codes of issuers who were renewed, left, changed roles, or whose key was stolen: with and without the log. */
import { beforeAll, describe, expect, test } from 'vitest';
import { type Signer, sha256Hex, toBase64 } from '../../src/crypto/index.ts';
import {
  encodeLicenceToken,
  type Licence,
  licenceFromApplication,
  readLicenceToken,
  sampleApplication,
  type TokenVerdict,
} from '../../src/licence/index.ts';
import {
  createStatusList,
  emptyStatuses,
  type FormerEntry,
  type RosterEnd,
  type TrustBundle,
  withStatus,
} from '../../src/pki/index.ts';
import { type Deployment, deployment } from '../pki/bundle-fixture.ts';
import { AUTHORITY } from './authority.ts';

const time = '2026-02-20T08:00:00Z';
/** When the bundle came that ended the entry. */
const UNTIL = '2026-02-15T00:00:00Z';
let world: Deployment;
let colleague: Signer;
let text: string;

const licence = (issuedOn = '2026-02-10'): Licence =>
  licenceFromApplication(sampleApplication(), {
    number: '26-11-000417',
    authority: AUTHORITY,
    issuedOn,
    statusList: { id: '11-2026-1', index: 7 },
    pilot: false,
  });

beforeAll(async () => {
  world = await deployment();
  // Another person of the authority, who issues from now on.
  colleague = world.enterprise;
  text = await encodeLicenceToken(licence(), world.issuer);
});

/** The bundle after the issuer's entry has ended, with a list that a colleague published, counting `upTo`. */
async function after(ended: RosterEnd, upTo: number, revoked = false): Promise<TrustBundle> {
  const [entry] = world.bundle.roster as [TrustBundle['roster'][number]];
  const id = await sha256Hex(colleague.certificate);
  const signing = toBase64(colleague.certificate);
  const former: FormerEntry = { ...entry, ended, until: UNTIL };
  const bits = withStatus(emptyStatuses(), 7, revoked ? 'revoked' : 'valid');
  const list = await createStatusList({
    ...{ signer: colleague, list: '11-2026-1', seq: 2, upTo, bits },
    ...{ previous: 'ab'.repeat(32), thisUpdate: UNTIL, nextUpdate: '2026-02-25T00:00:00Z' },
  });
  return {
    ...world.bundle,
    authority: AUTHORITY,
    roster: [{ ...entry, id, person: id, name: '同事', signing }],
    former: [former],
    statusLists: [toBase64(list)],
  };
}

const asked = async (trust: TrustBundle, token = text, loggedAt?: string) => {
  const options = loggedAt === undefined ? { time, trust } : { time, trust, loggedAt };
  const { verdict, provenBy, findings } = await readLicenceToken(token, options);
  return { verdict, provenBy, codes: findings.map(({ code }) => code) };
};

describe.each<[RosterEnd, TokenVerdict, TokenVerdict, TokenVerdict]>([
  // counted by a list, not counted, not counted but in the log
  ['renewed', 'valid', 'valid', 'valid'],
  ['left', 'valid', 'unknown-issuer', 'valid'],
  ['role-changed', 'valid', 'unknown-issuer', 'valid'],
  ['compromised', 'unknown-issuer', 'unknown-issuer', 'valid'],
])('staff turnover: the issuer’s entry ended as %s', (ended, counted, uncounted, logged) => {
  test('the code is judged by the list, and by the log where it is at hand', async () => {
    expect(await asked(await after(ended, 8))).toMatchObject({
      verdict: counted,
      provenBy: 'claim',
    });
    expect((await asked(await after(ended, 7))).verdict).toBe(uncounted);
    const known = await asked(await after(ended, 7), text, '2026-02-10T03:00:00Z');
    expect(known).toMatchObject({ verdict: logged, provenBy: 'log' });
  });
  test('dismissed and back-dated: what the log shows after the end counts for nothing', async () => {
    const late = await asked(await after(ended, 8), text, '2026-02-16T00:00:00Z');
    // A renewed certificate goes on until it ends itself.
    expect(late.verdict).toBe(ended === 'renewed' ? 'valid' : 'unknown-issuer');
  });
  test('dated after the end: nobody counts it', async () => {
    const token = await encodeLicenceToken(licence('2026-02-18'), world.issuer);
    const { verdict } = await asked(await after(ended, 8), token);
    expect(verdict).toBe(ended === 'renewed' ? 'valid' : 'unknown-issuer');
  });
});

test('colleague revokes: the code of a licence that another issuer issued reads as revoked', async () => {
  for (const ended of ['renewed', 'left'] as const) {
    expect((await asked(await after(ended, 8, true))).verdict).toBe('revoked');
  }
});

test('a list made a week later that does not count the licence: never valid', async () => {
  const trust = await after('renewed', 7);
  const token = await encodeLicenceToken(licence('2026-02-02'), world.issuer);
  const old = await asked(trust, token);
  expect(old.verdict).toBe('stale');
  expect(old.codes).toContain('not-in-list');
  const policy = { ...trust.policy, listedWithinDays: 30 };
  expect((await asked({ ...trust, policy }, token)).verdict).toBe('valid');
});
