/** Cases taken as far as a test needs them; every step is returned in order. */
import { createHash } from 'node:crypto';
import type { Json } from '../../src/crypto/index.ts';
import {
  application,
  issueFields,
  licenceBody,
  type Made,
  PORT,
  submission,
  tokenOf,
  USCC,
  type World,
} from './world.ts';

const REPORT = { version: 1, result: 'TOTAL-PASSED', digest: 'ef'.repeat(32) };
const reviewBody = (reasons: string[]) => ({ reasons, report: null, salt: btoa('salt') });

export const pass = { fields: { verdict: 'pass', report: REPORT }, body: reviewBody([]) };
export const verdict = (word: string) => ({
  fields: { verdict: word, report: REPORT },
  body: reviewBody(['理由']),
});

export async function register(world: World, caseId = 'reg-a') {
  const csrs = { signing: btoa('signing'), encryption: btoa('encryption') };
  const asked = await world.step(world.stranger, 'enterprise/register', caseId, [], {
    fields: { name: '甲公司', csrs },
    party: USCC.a,
  });
  const fields = await world.pairOf(world.a.certificate);
  const approved = await world.step(world.by('registrar'), 'enterprise/bind', caseId, [asked], {
    fields,
  });
  return [asked, approved];
}

export async function bindSeal(world: World, caseId = 'seal-a', esId = 'ES-1') {
  const form = { kind: 'round', name: '甲公司', lower: '', code: '' };
  const apply = await world.step(world.a, 'seal/apply', caseId, [], {
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
      seal: '5'.repeat(64),
      holders: [world.a.id],
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
    fields: { grantee: to.id, issuer: 'AA', year: 2026, from, count, statusList: '2026-a' },
  });

export const issue = (
  world: World,
  prev: Made,
  number: string,
  { by = world.by('issuer'), fields = {} as Record<string, Json> } = {},
) =>
  world.step(by, 'licence/issue', '', [prev], {
    fields: issueFields(number, fields),
    body: licenceBody(number),
  });

export interface UseOf {
  declaration?: string;
  date?: string;
  port?: string;
  by?: string;
  at?: string;
  quantities?: string[];
}

/** Digest that stands for a declaration. */
export const declared = (declaration: string): string =>
  createHash('sha256').update(declaration).digest('hex');

export const use = (
  world: World,
  number: string,
  {
    declaration = 'D1',
    date = '2026-03-02',
    port = PORT,
    by = 'inspector',
    quantities,
    at = world.now(),
  }: UseOf = {},
) =>
  world.step(world.by(by), 'licence/use', number, [], {
    at,
    party: USCC.a,
    fields: {
      token: tokenOf(number),
      declaration: declared(declaration),
      port,
      date,
      quantities: quantities ?? application.lines.map(() => '1'),
    },
    body: { declaration, customs: '4200' },
  });
