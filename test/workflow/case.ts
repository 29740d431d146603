/** Cases taken as far as a test needs them; every step is returned in order. */
import type { Json } from '../../src/crypto/index.ts';
import { licenceBody, type Made, submission, USCC, type World } from './world.ts';

export const pass = { fields: { verdict: 'pass' }, body: { reasons: [], report: null } };

export async function register(world: World, caseId = 'reg-a') {
  const csrs = { signing: btoa('signing'), encryption: btoa('encryption') };
  const asked = await world.step(world.stranger, 'enterprise/register', caseId, [], {
    fields: { name: '甲公司', uscc: USCC.a, csrs },
  });
  const signing = btoa(String.fromCharCode(...world.a.certificate));
  const approved = await world.step(world.by('registrar'), 'enterprise/approve', caseId, [asked], {
    fields: { name: '甲公司', uscc: USCC.a, signing, encryption: signing, chain: [] },
  });
  return [asked, approved];
}

export async function bindSeal(world: World, caseId = 'seal-a', esId = 'ES-1') {
  const form = { kind: 'round', name: '甲公司', lower: '', code: '' };
  const apply = await world.step(world.a, 'seal/apply', caseId, [], {
    fields: { uscc: USCC.a },
    body: form,
  });
  const letter = await world.step(world.a, 'seal/letter', caseId, [apply], {
    body: {
      accept: true,
      reasons: [],
      seals: [],
      width: 10,
      height: 10,
      letterCase: null,
      diameterMm: null,
      type: 'image/png',
    },
  });
  const approve = await world.step(world.by('reviewer'), 'seal/approve', caseId, [letter], {
    body: { reasons: [] },
  });
  const produce = await world.step(world.by('maker'), 'seal/produce', caseId, [approve], {
    fields: {
      esId,
      holder: world.a.id,
      validStart: '2026-03-01T00:00:00Z',
      validEnd: '2028-03-01T00:00:00Z',
    },
  });
  return [apply, letter, approve, produce];
}

export async function submit(world: World, caseId = 'case-a', more: Record<string, Json> = {}) {
  return world.step(world.a, 'application/submit', caseId, [], submission(more));
}

export async function passed(world: World, caseId = 'case-a', more: Record<string, Json> = {}) {
  const submitted = await submit(world, caseId, more);
  const first = await world.step(
    world.by('first'),
    'application/first-review',
    caseId,
    [submitted],
    pass,
  );
  const second = await world.step(
    world.by('second'),
    'application/second-review',
    caseId,
    [first],
    pass,
  );
  return [submitted, first, second];
}

export const block = (world: World, to: { id: string }, from = 1, count = 10) =>
  world.step(world.root, 'licence/number-block', `block-${to.id.slice(0, 6)}-${from}`, [], {
    fields: { to: to.id, issuer: 'AA', year: 2026, from, count, statusList: '2026-a' },
  });

export const issue = (
  world: World,
  prev: Made,
  number: string,
  { caseId = 'case-a', by = world.by('issuer'), change = {} as Record<string, Json> } = {},
) =>
  world.step(by, 'licence/issue', caseId, [prev], {
    fields: { number, status: { list: '2026-a', index: 1 } },
    body: licenceBody(number, change),
  });

export const use = (
  world: World,
  prev: Made,
  number: string,
  serial: number,
  quantity = '100',
  { at = world.now(), caseId = 'case-a', ...change }: UseChange = {},
) =>
  world.step(world.by('inspector'), 'licence/use', caseId, [prev], {
    fields: { number },
    body: {
      declaration: declarationNumber(serial),
      customs: '4200',
      date: '2026-03-02',
      quantity,
      ...change,
    },
    at,
  });

interface UseChange {
  at?: string;
  caseId?: string;
  declaration?: string;
  customs?: string;
  date?: string;
}

export const declarationNumber = (serial: number): string =>
  `420020261${String(serial).padStart(9, '0')}`;
