/** A role that nobody holds is held by nobody: seals under a bundle without a seal maker. */
import { expect, test } from 'vitest';
import { utf8 } from '../../src/crypto/index.ts';
import type { TrustBundle, TrustInput } from '../../src/pki/index.ts';
import {
  verifySeal,
  verifySealSignature,
  writeSeal,
  writeSealSignature,
} from '../../src/seal/index.ts';
import { deployment } from '../pki/bundle-fixture.ts';
import { SEAL } from './fixtures/people.ts';

const { issuer, enterprise, bundle } = await deployment();
const time = '2026-02-02T00:00:00Z';
const data = utf8('form');
const seal = await writeSeal({
  ...SEAL,
  created: '2026-02-01T00:00:00Z',
  validStart: '2026-02-01T00:00:00Z',
  validEnd: '2027-02-01T00:00:00Z',
  maker: issuer,
  holderCertificates: [enterprise.certificate],
});
const signature = await writeSealSignature({
  seal,
  data,
  propertyInfo: 'form',
  time,
  signer: enterprise,
});

const judged = async (trust: TrustInput) => {
  const alone = await verifySeal(seal, { time, trust });
  const used = await verifySealSignature(signature, { data, time, trust });
  return [alone.verdict, used.verdict];
};
const withRoles = async (roles: TrustBundle['roster'][number]['roles']): Promise<TrustBundle> => ({
  ...bundle,
  roster: [{ ...(bundle.roster[0] as TrustBundle['roster'][number]), roles }],
});

test('a roster with the maker: the seal passes', async () => {
  expect(await judged(await withRoles(['seal-maker']))).toEqual(['TOTAL-PASSED', 'TOTAL-PASSED']);
});

test.each([[['issuer']], [['seal-reviewer', 'root', 'registrar']]] as const)(
  'a roster with %j and no seal maker: nobody may make seals, whoever the anchors certify',
  async (roles) => {
    const trust = await withRoles([...roles]);
    for (const verdict of await judged(trust)) expect(verdict).not.toBe('TOTAL-PASSED');
    const report = await verifySeal(seal, { time, trust });
    expect(report.findings.map(({ code }) => code)).toContain('MAKER_UNTRUSTED');
  },
);

test('an empty roster: nobody may make seals', async () => {
  for (const verdict of await judged({ ...bundle, roster: [] }))
    expect(verdict).not.toBe('TOTAL-PASSED');
});

test('bare anchors: any that they certify where no makers are named, none where the list is empty', async () => {
  const anchors = [Buffer.from(bundle.root, 'base64')];
  expect(await judged({ anchors })).toEqual(['TOTAL-PASSED', 'TOTAL-PASSED']);
  for (const verdict of await judged({ anchors, sealMakers: [] }))
    expect(verdict).not.toBe('TOTAL-PASSED');
});

test('the anchor is for seal makers: a maker in the roster under another one is refused', async () => {
  const trust = await withRoles(['seal-maker']);
  const anchors = trust.anchors.map((each) => ({ ...each, certifies: ['staff' as const] }));
  for (const verdict of await judged({ ...trust, anchors }))
    expect(verdict).not.toBe('TOTAL-PASSED');
});
