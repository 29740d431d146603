import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readDer } from '../../src/crypto/index.ts';
import { readPem } from '../../src/pki/index.ts';
import { bindSeal, Clock, type Device, device, NAMES, pilot, submitted } from './device.ts';

const PASSWORD = 'correct horse battery';
const carry = async (from: Device, to: Device) =>
  to.desk.importPackages(await from.desk.exportPackages('all'));
const named = async ({ desk }: Device, name: string) => {
  const found = (await desk.authority()).certificates.filter((each) => each.name === name);
  return found.find((each) => each.current) ?? found[0];
};

describe.each(['P-256', 'SM2'] as const)('a small authority, suite %s', (suite) => {
  const folder = mkdtempSync(join(tmpdir(), 'authority-'));
  const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: folder }).toString();
  const distid = suite === 'SM2' ? ['-vfyopt', 'distid:1234567812345678'] : [];
  let it: Device;
  let other: Device;

  beforeAll(async () => {
    const clock = new Clock();
    it = await pilot(clock, suite);
    other = await device({ clock });
    await other.desk.join(await it.desk.trustBundle());
  }, 60_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** Certificates and revocation lists in openssl's hands. */
  async function verified(id: string): Promise<string> {
    const view = await it.desk.authority();
    const [root] = view.certificates.filter(({ kind }) => kind === 'root');
    const cas = view.certificates.filter(({ kind }) => kind === 'authority');
    const pem = async (name: string, ids: string[]) => {
      for (const [i, each] of ids.entries()) {
        writeFileSync(join(folder, `${name}${i}.der`), await it.desk.certificateFile(each));
        openssl('x509', '-inform', 'DER', '-in', `${name}${i}.der`, '-out', `${name}${i}.pem`);
      }
      const all = ids.map((_, i) => openssl('x509', '-in', `${name}${i}.pem`)).join('');
      writeFileSync(join(folder, `${name}.pem`), all);
    };
    await pem('root', [root?.id ?? '']);
    await pem(
      'ca',
      cas.map((each) => each.id),
    );
    await pem('leaf', [id]);
    const crls = [];
    for (const [i, { id: list }] of view.crls.entries()) {
      writeFileSync(join(folder, `crl${i}.der`), await it.desk.crlFile(list));
      crls.push(openssl('crl', '-inform', 'DER', '-in', `crl${i}.der`));
    }
    writeFileSync(join(folder, 'crls.pem'), crls.join(''));
    const at = String(Math.floor(it.clock.time / 1000));
    const common = ['verify', ...distid, '-attime', at, '-x509_strict'];
    // `openssl verify` hands its distid to the last certificate alone: link by link, lists by parts.
    if (suite === 'SM2') {
      for (const i of view.crls.keys()) listVerified(i);
      openssl(...common, '-CAfile', 'root.pem', 'ca0.pem', 'ca1.pem');
      return openssl(...common, '-partial_chain', '-trusted', 'ca.pem', 'leaf.pem');
    }
    try {
      return openssl(
        ...[...common, '-crl_check', '-CRLfile', 'crls.pem'],
        ...['-CAfile', 'root.pem', '-untrusted', 'ca.pem', 'leaf.pem'],
      );
    } catch (error) {
      return String((error as { stderr?: Buffer }).stderr);
    }
  }

  /** The signature over the list's first part, by the key of the CA of the same place. */
  function listVerified(i: number): void {
    const [tbs, , signature] = readDer(readFileSync(join(folder, `crl${i}.der`))).children;
    writeFileSync(join(folder, 'tbs'), tbs?.raw ?? '');
    writeFileSync(join(folder, 'signature'), signature?.value.subarray(1) ?? '');
    const subject = openssl('crl', '-inform', 'DER', '-in', `crl${i}.der`, '-noout', '-issuer');
    const ca = ['ca0.pem', 'ca1.pem'].find((name) =>
      openssl('x509', '-in', name, '-noout', '-subject').includes(subject.replace('issuer=', '')),
    );
    writeFileSync(join(folder, 'ca.pub'), openssl('x509', '-in', ca ?? '', '-noout', '-pubkey'));
    const verdict = openssl(
      ...['pkeyutl', '-verify', '-rawin', '-digest', 'sm3', '-pkeyopt', 'distid:1234567812345678'],
      ...['-pubin', '-inkey', 'ca.pub', '-in', 'tbs', '-sigfile', 'signature'],
    );
    expect(verdict).toContain('Signature Verified Successfully');
  }

  test('openssl accepts what it issued, by certificate and revocation list', async () => {
    await it.as(NAMES.sealReviewer);
    const found = await named(it, NAMES.first);
    expect(found).toMatchObject({ state: 'valid', current: true, roles: ['first-review'] });
    expect(await verified(found?.id ?? '')).toBe('leaf.pem: OK\n');
  });

  test('somebody on another device asks by a request file that openssl verifies', async () => {
    const { person } = await other.desk.createStaff({ name: '新初', password: PASSWORD });
    await other.desk.sitDown(person, { password: PASSWORD });
    const file = await other.desk.requestFile();
    writeFileSync(join(folder, 'request.pem'), file);
    const text = openssl('req', '-in', 'request.pem', '-verify', '-noout', '-subject', ...distid);
    expect(text).toContain('CN');
    const answer = await it.desk.issueStaff({
      file,
      name: '新初',
      serialNumber: '77',
      roles: ['first-review'],
    });
    expect(readPem(answer)).toHaveLength(4);
    expect((await it.desk.authority()).roster.at(-1)).toMatchObject({
      name: '新初',
      change: 'added',
    });
    await other.desk.installCertificates(answer);
    expect((await other.desk.overview()).people[0]?.roles).toEqual([]);
  }, 30_000);

  test('the roles count from the next bundle on', async () => {
    await it.as(NAMES.root);
    await it.desk.publishTrust({});
    expect((await it.desk.authority()).roster.every(({ change }) => change === 'same')).toBe(true);
    await carry(it, other);
    expect((await other.desk.overview()).people[0]?.roles).toEqual(['first-review']);
  });

  test('a revoked certificate is listed, and signs nothing more', async () => {
    await bindSeal(it);
    const caseId = await submitted(it);
    await it.as(NAMES.sealReviewer);
    const holder = await named(it, NAMES.first);
    const before = (await it.desk.authority()).crls.map(({ number }) => number);
    await it.desk.revokeCertificate(holder?.id ?? '', 'privilegeWithdrawn', null);
    expect(await named(it, NAMES.first)).toMatchObject({
      state: 'revoked',
      revocation: { reason: 'privilegeWithdrawn' },
    });
    const after = (await it.desk.authority()).crls;
    expect(after.map(({ number }) => number)).not.toEqual(before);
    const verdict = await verified(holder?.id ?? '');
    if (suite === 'P-256') expect(verdict).toContain('certificate revoked');
    const listed = [0, 1]
      .map((i) => openssl('crl', '-inform', 'DER', '-in', `crl${i}.der`, '-noout', '-text'))
      .join();
    expect(listed.toLowerCase()).toContain(holder?.serial);
    await it.as(NAMES.first);
    const outcome = await it.desk.review('first', [caseId], 'pass', []);
    expect(outcome.refused[0]?.refusal).toMatchObject({
      code: 'record-refused',
      params: { detail: 'author-untrusted' },
    });
  });

  test('what is final cannot be revoked again; a hold can be lifted', async () => {
    await it.as(NAMES.sealReviewer);
    const id = (await named(it, NAMES.first))?.id ?? '';
    await expect(it.desk.revokeCertificate(id, 'superseded', null)).rejects.toMatchObject({
      params: { detail: 'revoke-final' },
    });
    const held = (await named(it, NAMES.inspector))?.id ?? '';
    await it.desk.revokeCertificate(held, 'certificateHold', null);
    expect(await named(it, NAMES.inspector)).toMatchObject({ state: 'on-hold' });
    await it.desk.revokeCertificate(held, null, null);
    expect(await named(it, NAMES.inspector)).toMatchObject({ state: 'valid', revocation: null });
  });

  test('the next list and the next bundle carry what was revoked', async () => {
    await it.as(NAMES.sealReviewer);
    await it.desk.publishCrl();
    expect((await named(it, NAMES.first))?.state).toBe('revoked');
    await it.as(NAMES.root);
    await it.desk.publishTrust({});
    expect((await named(it, NAMES.first))?.state).toBe('revoked');
    await carry(it, other);
    // Unlogged, what a revoked reviewer handed on does not count; somebody else hands it on.
    const { refused } = (await other.desk.trust()).records;
    expect(refused.filter(({ type }) => type !== 'trust/grant')).toEqual([]);
  });

  test('a renewed certificate takes the place of the old one with the next bundle', async () => {
    await it.as(NAMES.sealReviewer);
    const old = (await named(it, NAMES.issuer))?.id ?? '';
    it.clock.pass(20);
    await it.desk.renewCertificate(old);
    const lines = (await it.desk.authority()).roster.filter(({ name }) => name === NAMES.issuer);
    expect(lines.map(({ change }) => change).sort()).toEqual(['added', 'removed']);
    await it.as(NAMES.root);
    await it.desk.publishTrust({});
    const person = await it.as(NAMES.issuer);
    expect(person.certificate).not.toBe(old);
    expect(person.roles).toEqual(['issuer']);
  });

  test('without the role nobody does any of this', async () => {
    await it.as(NAMES.inspector);
    const id = (await named(it, NAMES.second))?.id ?? '';
    const refused = { code: 'not-permitted' };
    await expect(it.desk.revokeCertificate(id, 'superseded', null)).rejects.toMatchObject(refused);
    await expect(it.desk.renewCertificate(id)).rejects.toMatchObject(refused);
    await expect(it.desk.setRoles(id, ['issuer'])).rejects.toMatchObject(refused);
    await expect(it.desk.publishCrl()).rejects.toMatchObject(refused);
    await expect(it.desk.announceRoot()).rejects.toMatchObject(refused);
  });
});

describe('the root', () => {
  let it: Device;
  let other: Device;
  beforeAll(async () => {
    const clock = new Clock();
    [it, other] = [await pilot(clock), await device({ clock })];
    await other.desk.join(await it.desk.trustBundle());
  });

  test('roles are taken away, and the hints say what is missing', async () => {
    await it.as(NAMES.root);
    const line = (await it.desk.authority()).roster.find(({ name }) => name === NAMES.inspector);
    await it.desk.setRoles(line?.id ?? '', []);
    const { concerns } = await it.desk.authority();
    expect(concerns).toContainEqual({ code: 'role-empty', params: { role: 'inspector' } });
    await it.desk.publishTrust({});
    expect((await it.desk.trust()).roster.map(({ name }) => name)).not.toContain(NAMES.inspector);
    const left = (await it.desk.overview()).people.find(({ name }) => name === NAMES.inspector);
    expect(left?.workspaces).toEqual([]);
  });

  test('its successor is announced, takes over, and others adopt it', async () => {
    await it.as(NAMES.root);
    const before = (await it.desk.overview()).deployment?.fingerprint;
    await expect(it.desk.rotateRoot()).rejects.toMatchObject({ code: 'no-next-root' });
    await it.desk.announceRoot();
    await expect(it.desk.announceRoot()).rejects.toMatchObject({ code: 'root-announced' });
    await it.desk.rotateRoot();
    const after = (await it.desk.overview()).deployment;
    expect(after?.fingerprint).not.toBe(before);
    await carry(it, other);
    expect((await other.desk.overview()).deployment).toMatchObject({
      fingerprint: after?.fingerprint,
      seq: after?.seq,
    });
    const people = (await it.desk.overview()).people;
    const root = people.find(({ roles }) => roles.includes('root'));
    await it.desk.sitDown(root?.id ?? '');
    await it.desk.publishTrust({ clearPrints: 3 });
    await carry(it, other);
    expect((await other.desk.trust()).policy.clearPrints).toBe(3);
    expect((await other.desk.trust()).records.refused).toEqual([]);
  });

  test('is taken offline after its backup was tried, and brought back for a ceremony', async () => {
    const people = (await it.desk.overview()).people;
    const root = people.find(({ roles }) => roles.includes('root'));
    await it.desk.sitDown(root?.id ?? '');
    const file = await it.desk.exportPerson(root?.id ?? '', PASSWORD, {});
    const inspector = people.find(({ name }) => name === NAMES.issuer);
    const wrong = await it.desk.exportPerson(inspector?.id ?? '', PASSWORD, {});
    await expect(it.desk.takeRootOffline(wrong, PASSWORD)).rejects.toMatchObject({
      code: 'backup-unusable',
    });
    await it.desk.takeRootOffline(file, PASSWORD);
    await it.as(NAMES.sealReviewer);
    expect((await it.desk.authority()).root).toBe('none');
    await expect(it.desk.publishTrust({})).rejects.toMatchObject({ code: 'not-permitted' });
    const { person } = await it.desk.importKey({
      files: [file],
      password: PASSWORD,
      newPassword: '',
    });
    await it.desk.sitDown(person);
    await it.desk.publishTrust({});
    expect((await it.desk.authority()).root).toBe('here');
  }, 20_000);
});
