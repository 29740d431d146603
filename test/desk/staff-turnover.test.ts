/**
 * What time does to papers (design, section 4, "The roster remembers"): an issuer and a seal maker are
 * renewed, leave, and turn out to have lost their keys, and everything that they made is judged again.
 */
import { beforeEach, describe, expect, test } from 'vitest';
import { readLicenceToken, verifyDocument } from '../../src/licence/index.ts';
import type { TrustBundle } from '../../src/pki/index.ts';
import { bindSeal, type Device, NAMES, pilot, submitted } from './device.ts';

interface Papers {
  caseId: string;
  token: string;
  licence: Uint8Array;
  form: Uint8Array;
}

let it: Device;
let papers: Papers;

async function issued(): Promise<Papers> {
  const caseId = await submitted(it);
  await it.as(NAMES.first);
  await it.desk.review('first', [caseId], 'pass', []);
  await it.as(NAMES.second);
  await it.desk.review('second', [caseId], 'pass', []);
  await it.as(NAMES.issuer);
  const view = await it.desk.licence(caseId);
  const form = (await it.desk.application(caseId)).pdf;
  const [licence, token] = [view.pdf as Uint8Array, view.token ?? ''];
  return { caseId, token, licence, form: form as Uint8Array };
}

const trust = async (): Promise<TrustBundle> => (await it.desk.verificationTrust()) as TrustBundle;

/** How the code, the licence and the application form read now, by the trust data and the lists alone. */
async function read({ token, licence, form }: Papers): Promise<string[]> {
  const options = { time: it.clock.now().toISOString(), trust: await trust() };
  const pdf = await verifyDocument(licence, options);
  const stamped = await verifyDocument(form, options);
  return [(await readLicenceToken(token, options)).verdict, pdf.verdict, stamped.verdict];
}

const GOOD = ['valid', 'TOTAL-PASSED', 'TOTAL-PASSED'];

const certificateOf = async (name: string): Promise<string> => {
  const found = (await it.desk.authority()).certificates.filter((each) => each.name === name);
  return (found.find((each) => each.current) ?? found[0])?.id ?? '';
};

async function publish(): Promise<void> {
  it.clock.pass(1);
  await it.as(NAMES.root);
  await it.desk.publishTrust({});
}

/** Somebody else issues, too: who is alone cannot leave. */
async function colleague(): Promise<void> {
  await it.as(NAMES.root);
  await it.desk.setRoles(await certificateOf(NAMES.inspector), ['inspector', 'issuer']);
  await publish();
}

beforeEach(async () => {
  it = await pilot();
  await bindSeal(it);
  papers = await issued();
  expect(await read(papers)).toEqual(GOOD);
}, 120_000);

const whoMade = [NAMES.issuer, NAMES.sealMaker];

describe('renewal', () => {
  test('of the issuer and of the seal maker: what they made before, and make after, is good', async () => {
    for (const name of whoMade) {
      await it.as(NAMES.sealReviewer);
      await it.desk.renewCertificate(await certificateOf(name));
    }
    await publish();
    expect((await trust()).former.map(({ name, ended }) => [name, ended])).toEqual(
      expect.arrayContaining(whoMade.map((name) => [name, 'renewed'])),
    );
    expect(await read(papers)).toEqual(GOOD);
    it.clock.pass(2);
    await it.as(NAMES.sealMaker);
    await it.desk.produceAuthoritySeals();
    expect(await read(await issued())).toEqual(GOOD);
    expect(await read(papers)).toEqual(GOOD);
  });

  test('one person stays one: the renewed first reviewer does no second review of her own', async () => {
    const caseId = await submitted(it);
    await it.as(NAMES.first);
    await it.desk.review('first', [caseId], 'pass', []);
    await it.as(NAMES.sealReviewer);
    const old = await certificateOf(NAMES.first);
    await it.desk.renewCertificate(old);
    const { person } = (await trust()).roster.find(({ id }) => id === old) ?? {};
    await publish();
    await it.as(NAMES.first);
    await it.as(NAMES.root);
    await it.desk.setRoles(await certificateOf(NAMES.first), ['first-review', 'second-review']);
    await publish();
    const entry = (await trust()).roster.find(({ name }) => name === NAMES.first);
    expect(entry?.person).toBe(person);
    expect(entry?.id).not.toBe(old);
    await it.as(NAMES.first);
    const { refused } = await it.desk.review('second', [caseId], 'pass', []);
    expect(refused[0]?.refusal.params).toEqual({ detail: 'same-reviewer' });
  });
});

describe('staff turnover', () => {
  test('issuer and seal maker leave: what a list counts is good, whatever else they sign is not', async () => {
    await colleague();
    await it.as(NAMES.root);
    for (const name of whoMade) await it.desk.setRoles(await certificateOf(name), []);
    await publish();
    // The colleague's device counted it by itself as soon as the issuer was off the roster.
    const [code, licence] = await read(papers);
    expect([code, licence]).toEqual(['valid', 'TOTAL-PASSED']);
    // Whoever has no such list is told that the date is the word of somebody who has left.
    const uncounted = { ...(await trust()), statusLists: [] };
    const options = { time: it.clock.now().toISOString(), trust: uncounted };
    expect((await readLicenceToken(papers.token, options)).verdict).toBe('unknown-issuer');
    const report = await verifyDocument(papers.licence, options);
    expect(report.verdict).toBe('INDETERMINATE');
    expect(report.signatures[0]).toMatchObject({ provenBy: 'claim', integrity: 'intact' });
    // The log is proof, where it is at hand.
    const loggedAt = new Date(it.clock.time - 2 * 86_400_000).toISOString();
    const logged = { ...options, loggedAt };
    expect(await readLicenceToken(papers.token, logged)).toMatchObject({
      verdict: 'valid',
      provenBy: 'log',
    });
    expect((await verifyDocument(papers.licence, logged)).verdict).toBe('TOTAL-PASSED');
  });

  test('a licence that a colleague revokes reads as revoked for everybody', async () => {
    await colleague();
    await it.as(NAMES.inspector);
    await it.desk.revokeLicence(papers.caseId, '企业申请撤销');
    expect((await read(papers))[0]).toBe('revoked');
  });
});

describe('a compromised key', () => {
  test('of the issuer: nothing that rests on its word alone is good, listed or not', async () => {
    await colleague();
    await it.as(NAMES.sealReviewer);
    const id = await certificateOf(NAMES.issuer);
    await it.desk.revokeCertificate(id, 'keyCompromise', 0);
    await it.as(NAMES.inspector);
    await it.desk.publishStatusLists();
    const before = await read(papers);
    expect(before[0]).toBe('unknown-issuer');
    expect(before[1]).not.toBe('TOTAL-PASSED');
    await publish();
    expect((await trust()).former.find((each) => each.id === id)?.ended).toBe('compromised');
    const after = await read(papers);
    expect(after[0]).toBe('unknown-issuer');
    expect(after[1]).not.toBe('TOTAL-PASSED');
  });
});
