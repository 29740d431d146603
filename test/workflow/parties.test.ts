/** Parties with several certificates: bound, what they may do, brokers by mandate, successors. */
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { fromBase64, type Json, toBase64 } from '../../src/crypto/index.ts';
import { writePackage } from '../../src/packages/index.ts';
import { readCertificate } from '../../src/pki/index.ts';
import type { Right } from '../../src/workflow/index.ts';
import { type Made, refusals, type Somebody, submission, USCC, World } from './world.ts';

const C = '91440300MA5DTE3T0C';
const subject = (name: string, uscc: string, person = name) => ({
  organization: name,
  commonName: person,
  uscc,
});
const because = { body: { reasons: ['理由'] } };

let world: World;
/** Two more people of the enterprise, and a third party. */
let second: Somebody;
let third: Somebody;
let c: Somebody;
let boundC: Made[];

let steps: Made[] = [];

beforeAll(async () => {
  world = await World.create();
  const person = (name: string) =>
    world.certify(world.enterpriseCa, 'enterprise-signing', subject('甲公司', USCC.a, name));
  [second, third] = [await person('张三'), await person('李四')];
  c = await world.certify(world.enterpriseCa, 'enterprise-signing', subject('丙公司', C));
  boundC = await world.bind('丙公司', c);
});
beforeEach(() => {
  steps = [world.bundlePackage, ...boundC];
});

let cases = 0;
/** Writes a step after all those before it. */
async function add(...of: Parameters<World['step']>): Promise<Made> {
  const made = await world.step(...of);
  steps.push(made);
  return made;
}

const registrar = () => world.by('registrar');

/** A registration of another person, and the answer that binds him. */
async function bind(
  who: Somebody,
  rights: readonly Right[],
  change: Record<string, Json> = {},
): Promise<Made[]> {
  const name = `bind-${cases++}`;
  const csrs = { signing: 'AAAA', encryption: 'AAAA' };
  const asked = await add(who, 'enterprise/register', name, [], {
    fields: { name: '甲公司', csrs },
    party: USCC.a,
  });
  const fields = { ...(await world.pairOf(who.certificate, rights)), ...change };
  return [asked, await add(registrar(), 'enterprise/bind', name, [asked], { fields })];
}

const mandate = (
  rights: readonly Right[],
  until = '2026-12-31T00:00:00Z',
  { by = world.a, broker = USCC.b, party = USCC.a } = {},
) =>
  add(by, 'enterprise/mandate', `mandate-${cases++}`, [], {
    fields: { broker, rights: [...rights], until },
    party,
  });

const submit = (who: Somebody, { party = USCC.a, ...more }: Record<string, string> = {}) =>
  add(who, 'application/submit', `app-${cases++}`, [], { ...submission(more), party });

const apply = (who: Somebody, party = USCC.a) =>
  add(who, 'seal/apply', `seal-${cases++}`, [], {
    body: { kind: 'round', name: '甲公司', lower: '', code: '' },
    party,
  });

const folded = async () => world.foldBlind(steps, steps);
const refused = async () => refusals(await folded());
/** What was refused, and nothing else was. */
const only = async (...codes: string[]) => expect(await refused()).toEqual(codes);

describe('enterprise/bind', () => {
  test('another person of the enterprise acts for it, with the rights that the registrar gave', async () => {
    const [, answer] = await bind(second, ['fill-in', 'stamp']);
    const { id } = await submit(second);
    const state = await folded();
    expect(refusals(state)).toEqual([]);
    expect(state.bindings.get(second.id)).toMatchObject({ party: USCC.a, from: answer?.id });
    expect(state.applications.get(id)).toMatchObject({ enterprise: '甲公司', broker: null });
  });

  test('a code with a binding accepts another only as bind', async () => {
    const csrs = { signing: 'AAAA', encryption: 'AAAA' };
    const asked = await add(second, 'enterprise/register', 'again', [], {
      fields: { name: '甲公司', csrs },
    });
    const fields = await world.pairOf(second.certificate);
    await add(registrar(), 'enterprise/approve', 'again', [asked], { fields });
    await only('enterprise/approve party-bound');
    expect((await folded()).bindings.has(second.id)).toBe(false);
  });

  test('a code without a binding is approved first, and its first certificate may do everything', async () => {
    const uscc = '91110000MA01ABCD1M';
    const first = await world.certify(
      world.enterpriseCa,
      'enterprise-signing',
      subject('丁公司', uscc),
    );
    const csrs = { signing: 'AAAA', encryption: 'AAAA' };
    const asked = await add(first, 'enterprise/register', 'new', [], {
      fields: { name: '丁公司', csrs },
    });
    const fields = await world.pairOf(first.certificate);
    await add(registrar(), 'enterprise/bind', 'new', [asked], { fields });
    const less = await world.pairOf(first.certificate, ['fill-in']);
    await add(registrar(), 'enterprise/approve', 'new', [asked], { fields: less });
    await add(registrar(), 'enterprise/approve', 'new', [asked], { fields });
    await only('enterprise/bind party-unbound', 'enterprise/approve rights-form');
  });

  test('requests that came as a file: the answer opens the case and says what was asked for', async () => {
    const csrs = { signing: 'AAAA', encryption: 'AAAA' };
    const fields = await world.pairOf(second.certificate, ['fill-in']);
    const party = { party: USCC.a };
    await add(registrar(), 'enterprise/bind', 'file-1', [], { fields, ...party, opens: true });
    await add(registrar(), 'enterprise/bind', 'file-2', [], {
      fields: { ...fields, csrs },
      ...party,
      opens: true,
    });
    await only('enterprise/bind csr-missing');
    expect((await folded()).bindings.get(second.id)?.party).toBe(USCC.a);
  });

  test('bound again, the same keys get other rights; other keys are refused', async () => {
    const made = await bind(second, ['fill-in', 'stamp']);
    const strange = await world.pairOf(third.certificate, ['manage']);
    await add(registrar(), 'enterprise/bind', '', made.slice(-1), { fields: strange });
    await add(registrar(), 'enterprise/bind', '', made.slice(-1), {
      fields: await world.pairOf(second.certificate, ['fill-in']),
    });
    await submit(second);
    await only('enterprise/bind other-keys', 'application/submit right-missing');
  });

  test('only the registrar binds, and no right is named twice or none', async () => {
    const [asked] = await bind(second, []);
    const fields = await world.pairOf(second.certificate, ['stamp', 'stamp']);
    await add(registrar(), 'enterprise/bind', '', [asked as Made], { fields });
    const good = await world.pairOf(second.certificate);
    await add(world.a, 'enterprise/bind', '', [asked as Made], { fields: good });
    await only(
      'enterprise/bind rights-form',
      'enterprise/bind rights-form',
      'enterprise/bind wrong-role',
    );
  });

  test('after a change of name the others sign again once they are bound under it', async () => {
    const own = world.bound.slice(0, 2);
    const made = await bind(second, ['fill-in', 'stamp', 'manage']);
    const csrs = { signing: 'AAAA', encryption: 'AAAA' };
    const asked = await add(world.a, 'enterprise/update', '', own.slice(1), {
      fields: { name: '甲新公司', csrs },
      body: {
        name: '甲新公司',
        nameEn: 'A',
        uscc: USCC.a,
        address: '路',
        contact: '甲',
        phone: '1',
        email: 'a@example.com',
      },
    });
    const renamed = await world.renew(world.a, '甲新公司', USCC.a);
    await add(registrar(), 'enterprise/approve', '', [asked], {
      fields: await world.pairOf(renamed.certificate),
    });
    await submit(second);
    const again = await world.renew(second, '甲新公司', USCC.a);
    await add(registrar(), 'enterprise/bind', '', made.slice(-1), {
      fields: await world.pairOf(again.certificate),
    });
    await submit(again);
    await only('application/submit certificate-replaced');
  });
});

describe('forged encryption certificate', () => {
  test.each([
    ['of another enterprise', async () => (await world.pairOf(world.b.certificate)).encryption],
    ['self-made', async () => toBase64((await world.selfMade('甲公司', USCC.a)).certificate)],
    ['that is for signing', async () => toBase64(second.certificate)],
    [
      'that the authority for staff issued',
      async () => {
        const kind = 'enterprise-encryption';
        const made = await world.certify(world.staffCa, kind, subject('甲公司', USCC.a, '张三'));
        return toBase64(made.certificate);
      },
    ],
    [
      'of another person of the enterprise',
      async () => (await world.pairOf(third.certificate)).encryption,
    ],
  ])('%s binds nobody', async (_, forge) => {
    await bind(second, ['fill-in'], { encryption: await forge() });
    const [code] = await refused();
    expect(code).toMatch(/^enterprise\/bind (certificate-unproven|wrong-enterprise)$/);
    const { bindings } = await folded();
    expect(bindings.has(second.id)).toBe(false);
  });

  test('nor does the first certificate of a code come with one', async () => {
    const uscc = '91110000MA01ABCD1M';
    const name = '丁公司';
    const first = await world.certify(
      world.enterpriseCa,
      'enterprise-signing',
      subject(name, uscc),
    );
    const csrs = { signing: 'AAAA', encryption: 'AAAA' };
    const asked = await add(first, 'enterprise/register', 'new', [], { fields: { name, csrs } });
    const forged = toBase64((await world.selfMade(name, uscc)).certificate);
    const fields = { ...(await world.pairOf(first.certificate)), encryption: forged };
    await add(registrar(), 'enterprise/approve', 'new', [asked], { fields });
    await only('enterprise/approve certificate-unproven');
  });
});

describe('rights', () => {
  test('fill-in right stamps: neither with the seal nor by a plain signature', async () => {
    await bind(second, ['fill-in']);
    await submit(second);
    await submit(second, { stamp: 'seal', esId: 'ES-1' });
    await only('application/submit right-missing', 'application/submit right-missing');
  });

  test('the right to stamp alone fills in nothing', async () => {
    await bind(second, ['stamp', 'manage']);
    await submit(second);
    await only('application/submit right-missing');
  });

  test('who fills in withdraws, without the right to stamp', async () => {
    const made = await submit(world.a);
    await bind(second, ['fill-in']);
    await add(second, 'application/withdraw', '', [made], because);
    await only();
  });

  test('acts on seals and changes of the registration need the right to manage', async () => {
    await bind(second, ['fill-in', 'stamp']);
    await bind(third, ['manage']);
    await apply(second);
    await add(second, 'enterprise/update', '', world.bound.slice(1, 2), {
      fields: { name: '甲公司' },
    });
    await mandate(['fill-in'], undefined, { by: second });
    await apply(third);
    await only(
      'seal/apply right-missing',
      'enterprise/update right-missing',
      'enterprise/mandate right-missing',
    );
  });
});

/** From the application for a seal to the seal that names these holders. */
async function produce(holders: string[], esId = `ES-${cases++}`) {
  const asked = await apply(world.a);
  const scan = {
    accept: true,
    reasons: [],
    seals: [],
    width: 10,
    height: 10,
    letterCase: null,
    diameterMm: null,
    type: 'image/png',
  };
  const letter = await add(world.a, 'seal/letter', '', [asked], { body: scan });
  const approved = await add(world.by('reviewer'), 'seal/approve', '', [letter], because);
  await add(world.by('maker'), 'seal/produce', '', [approved], {
    fields: {
      esId,
      seal: '5'.repeat(64),
      holders,
      validStart: '2026-03-01T00:00:00Z',
      validEnd: '2028-03-01T00:00:00Z',
    },
  });
  return esId;
}

describe('a seal names each certificate that may stamp', () => {
  test('two people of the enterprise stamp with one seal', async () => {
    await bind(second, ['fill-in', 'stamp']);
    const esId = await produce([world.a.id, second.id]);
    await submit(second, { stamp: 'seal', esId });
    await submit(world.a, { stamp: 'seal', esId });
    await only();
  });

  test('it is made for nobody without the right to stamp, and for no other party', async () => {
    await bind(second, ['fill-in', 'manage']);
    const esId = await produce([world.a.id, second.id]);
    await submit(world.a, { stamp: 'seal', esId });
    await only('seal/produce wrong-holder', 'application/submit seal-not-bound');
  });

  test('a certificate bound after it was made is not among its holders', async () => {
    const esId = await produce([world.a.id]);
    await bind(second, ['fill-in', 'stamp']);
    await submit(second, { stamp: 'seal', esId });
    await only('application/submit wrong-holder');
  });

  test('a broker who may stamp is named, and stamps until the mandate ends', async () => {
    await mandate(['fill-in', 'stamp']);
    const esId = await produce([world.a.id, world.b.id]);
    await submit(world.b, { stamp: 'seal', esId });
    await mandate([]);
    await submit(world.b, { stamp: 'seal', esId });
    await only('application/submit mandate-ended');
  });

  test('a broker who may only fill in is not', async () => {
    await mandate(['fill-in']);
    await produce([world.a.id, world.b.id]);
    await only('seal/produce wrong-holder');
  });
});

describe('dismissed certificate', () => {
  const revoke = async (who: Somebody) => {
    const at = `${world.now().slice(0, 19)}Z`;
    const { serial } = readCertificate(who.certificate);
    const list = await world.crl(
      world.enterpriseCa,
      [{ serial, time: at, reason: 'affiliationChanged' }],
      1,
    );
    const { fromBase64 } = await import('../../src/crypto/index.ts');
    const made = await writePackage({
      record: {
        deployment: world.bundle.deployment,
        type: 'trust/crl',
        prev: [],
        at: world.now(),
        distrusted: [],
      },
      files: [{ name: 'list.crl', bytes: fromBase64(list) as Uint8Array, confidential: false }],
      signer: registrar(),
    });
    steps.push(made);
  };

  test('signs nothing from the list on, while the others of the enterprise do', async () => {
    await bind(second, ['fill-in', 'stamp', 'manage']);
    await submit(second);
    await revoke(second);
    await submit(second);
    await submit(world.a);
    await only('application/submit author-untrusted');
  });

  test('no seal is made for it any more', async () => {
    await bind(second, ['fill-in', 'stamp']);
    await revoke(second);
    await produce([world.a.id, second.id]);
    await only('seal/produce wrong-holder');
  });
});

describe('enterprise/mandate', () => {
  test('a broker acts for the party that it names, and is shown', async () => {
    await mandate(['fill-in', 'stamp']);
    const { id } = await submit(world.b);
    const state = await folded();
    expect(refusals(state)).toEqual([]);
    expect(state.applications.get(id)).toMatchObject({
      uscc: USCC.a,
      enterprise: '甲公司',
      broker: { uscc: USCC.b, name: '乙公司' },
    });
    expect(state.steps.get(id)?.[0]).toMatchObject({ actedFor: USCC.a });
  });

  test('swapped party: a mandate of one enterprise does not serve for another', async () => {
    await mandate(['fill-in', 'stamp']);
    await submit(world.b, { party: C });
    await submit(c, { party: USCC.a });
    await only('application/submit not-yours', 'application/submit not-yours');
  });

  test('swapped party: nobody gives a mandate in the name of another', async () => {
    await mandate(['fill-in'], undefined, { by: world.b, broker: C });
    await mandate(['fill-in'], undefined, { by: registrar() });
    await only('enterprise/mandate not-yours', 'enterprise/mandate wrong-role');
  });

  test('broker after the end of the mandate: refused, also in a case of his own', async () => {
    await mandate(['fill-in', 'stamp'], '2026-03-10T00:00:00Z');
    const made = await submit(world.b);
    world.now(30);
    await submit(world.b);
    await add(world.b, 'application/withdraw', '', [made], because);
    await only('application/submit mandate-ended', 'application/withdraw mandate-ended');
  });

  test.each([
    ['without rights', [] as Right[], '2026-12-31T00:00:00Z'],
    ['until a time that is past', ['fill-in', 'stamp'] as Right[], '2026-01-01T00:00:00Z'],
  ])('a later one %s takes it back; a yet later one gives it again', async (_, rights, until) => {
    await mandate(['fill-in', 'stamp']);
    await mandate(rights, until);
    await submit(world.b);
    await mandate(['fill-in', 'stamp']);
    await submit(world.b);
    await only('application/submit mandate-ended');
  });

  test('it gives no more than it says, and no more than the certificate of the broker has', async () => {
    await mandate(['fill-in']);
    await submit(world.b);
    await apply(world.b);
    await only('application/submit right-missing', 'seal/apply right-missing');
  });

  test('a broker changes no registration, and passes no mandate on', async () => {
    await mandate(['fill-in', 'stamp', 'manage']);
    await apply(world.b);
    await mandate(['fill-in'], undefined, { by: world.b, broker: C });
    await add(world.b, 'enterprise/update', '', world.bound.slice(1, 2), {
      fields: { name: '甲公司' },
    });
    await only('enterprise/mandate not-yours', 'enterprise/update not-yours');
  });

  test('none for oneself', async () => {
    await mandate(['fill-in'], undefined, { broker: USCC.a });
    await only('enterprise/mandate mandate-form');
  });
});

describe('enterprise/succeed', () => {
  const succeed = (successor: string, party = USCC.a, by = registrar()) =>
    add(by, 'enterprise/succeed', `succeed-${cases++}`, [], { fields: { successor }, party });

  test('successor before its position: it acts for the party from there on only', async () => {
    await submit(c, { party: USCC.a });
    await succeed(C);
    await submit(c, { party: USCC.a });
    await submit(world.a);
    await only('application/submit not-yours');
  });

  test('it manages the seal and the mandates of the party that it succeeded', async () => {
    await succeed(C);
    await apply(c, USCC.a);
    await mandate(['fill-in', 'stamp'], undefined, { by: c, party: USCC.a });
    await submit(world.b);
    await only();
  });

  test('the party that it succeeded does not speak for it', async () => {
    await succeed(C);
    await submit(world.a, { party: C });
    await only('application/submit not-yours');
  });

  test('one successor, no circle, nobody unknown, by the registrar alone', async () => {
    await succeed(C);
    await succeed(USCC.b);
    await succeed(USCC.a, C);
    await succeed('91110000MA01ABCD1M', USCC.b);
    await succeed(USCC.b, C, world.a);
    await only(
      'enterprise/succeed wrong-state',
      'enterprise/succeed successor-form',
      'enterprise/succeed party-unbound',
      'enterprise/succeed wrong-role',
    );
  });
});

describe('trust/grant of contents', () => {
  const HEAD = 'ab'.repeat(32);
  /** The encryption certificate that was bound with somebody's signing certificate, and its id. */
  async function receiver(who: Somebody) {
    const found = (await folded()).bindings.get(who.id);
    return {
      id: found?.receiver ?? '',
      der: fromBase64(found?.encryption ?? '') as Uint8Array,
    };
  }

  async function grant(by: Somebody, to: { der: Uint8Array }, certificate: string): Promise<void> {
    const made = await writePackage({
      record: {
        deployment: world.bundle.deployment,
        type: 'trust/grant',
        prev: [],
        at: world.now(),
        certificate,
        heads: [HEAD],
      },
      confidential: { contents: [{ content: HEAD, key: btoa('0'.repeat(32)) }] },
      recipients: [to.der],
      signer: by,
    });
    steps.push(made);
  }

  test('an earlier certificate of the enterprise, or a holder of a role, hands on', async () => {
    await bind(second, ['fill-in']);
    const to = await receiver(second);
    await grant(world.a, to, to.id);
    await grant(world.by('reviewer'), to, to.id);
    const state = await folded();
    expect(refusals(state)).toEqual([]);
    expect([...(state.contentGrants.get(to.id) ?? [])]).toEqual([HEAD]);
  });

  test('another enterprise does not, nor to a certificate that nobody bound', async () => {
    await bind(second, ['fill-in']);
    const to = await receiver(second);
    const own = await receiver(world.a);
    await grant(world.b, to, to.id);
    await grant(world.a, own, to.id);
    await grant(world.a, own, 'cd'.repeat(32));
    await only('trust/grant grant-foreign', 'trust/grant grant-form', 'trust/grant party-unbound');
  });
});
