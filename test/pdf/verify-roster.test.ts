/** PDFs of people of a deployment, by what its roster remembers of them (design, section 4). */
import { beforeAll, describe, expect, test } from 'vitest';
import { verifyPdf } from '../../src/pdf/index.ts';
import { signPdf } from '../../src/pdf/sign/index.ts';
import type { FormerEntry, Role, RosterEnd, TrustBundle } from '../../src/pki/index.ts';
import { type Deployment, deployment } from '../pki/bundle-fixture.ts';
import { basePdf } from './fixtures/base.ts';

const SIGNED = '2026-02-10T03:00:00Z';
const UNTIL = '2026-02-15T00:00:00Z';
const NOW = '2026-02-20T08:00:00Z';

let world: Deployment;
let pdf: Uint8Array;
beforeAll(async () => {
  world = await deployment();
  pdf = await signPdf({
    ...{ pdf: await basePdf(), field: 'Sig', signer: world.issuer, time: SIGNED },
    ...{ appearance: { kind: 'none' }, reason: '' },
  });
});

function after(ended: RosterEnd | null, roles: Role[] = ['issuer']): TrustBundle {
  const [entry] = world.bundle.roster as [TrustBundle['roster'][number]];
  if (!ended) return { ...world.bundle, roster: [{ ...entry, roles }] };
  const former: FormerEntry = { ...entry, roles, ended, until: UNTIL };
  return { ...world.bundle, roster: [], former: [former] };
}
const judged = async (trust: TrustBundle, options: object = {}) => {
  const { verdict, signatures } = await verifyPdf(pdf, { time: NOW, trust, ...options });
  const [one] = signatures;
  return { verdict, sub: one?.subIndication, provenBy: one?.provenBy, signedAs: one?.signedAs };
};

describe('a signer who', () => {
  test('goes on, or was renewed, is good by his word', async () => {
    for (const ended of [null, 'renewed'] as const) {
      expect(await judged(after(ended))).toMatchObject({
        verdict: 'TOTAL-PASSED',
        provenBy: 'claim',
        signedAs: 'issuer',
      });
    }
  });

  test('left is good by the log, or by a list that counts what he issued, and not by his word', async () => {
    const trust = after('left');
    expect(await judged(trust)).toMatchObject({ verdict: 'INDETERMINATE', sub: 'REVOKED_NO_POE' });
    expect((await judged(trust, { listed: true })).verdict).toBe('TOTAL-PASSED');
    expect(await judged(trust, { loggedAt: '2026-02-10T03:00:05Z' })).toMatchObject({
      verdict: 'TOTAL-PASSED',
      provenBy: 'log',
    });
    const late = await judged(trust, { loggedAt: '2026-02-16T00:00:00Z' });
    expect(late.verdict).toBe('INDETERMINATE');
  });

  test('left and was no issuer: a licence that he puts into his file does not vouch for him', async () => {
    const trust = after('left', ['first-review']);
    expect((await judged(trust, { listed: true })).verdict).toBe('INDETERMINATE');
    expect((await judged(trust, { listed: true })).signedAs).toBeUndefined();
  });

  test('lost his key is good by the log alone', async () => {
    const trust = after('compromised');
    expect((await judged(trust, { listed: true })).verdict).toBe('INDETERMINATE');
    const logged = await judged(trust, { loggedAt: '2026-02-10T03:00:05Z' });
    expect(logged.verdict).toBe('TOTAL-PASSED');
  });
});

test('an expired certificate of somebody on the roster: good at the time that he states, and bare anchors say no', async () => {
  const time = '2037-06-01T00:00:00Z';
  const trust = { ...after(null), nextUpdate: '2038-01-01T00:00:00Z' };
  expect((await judged(trust, { time })).verdict).toBe('TOTAL-PASSED');
  const anchors = [Buffer.from(world.bundle.root, 'base64')];
  expect((await verifyPdf(pdf, { time, trust: { anchors } })).verdict).toBe('INDETERMINATE');
});
