/** After a decision the case belongs to somebody else, and that is no refusal. */
import { expect, it } from 'vitest';
import { decisionsOf } from '../../src/app/pages/seal-review/acts.ts';

const reviewer = ['registrar', 'seal-reviewer'];
const maker = ['seal-maker'];
const seal = (state: 'letter-sent' | 'approved' | 'bound', renewing = false) =>
  ({ kind: 'seal', state, renewing }) as const;

it('tells the reviewer whose turn it is after the approval', () => {
  expect(decisionsOf(seal('letter-sent'), reviewer).acts).toEqual(['approve', 'reject']);
  expect(decisionsOf(seal('approved'), reviewer)).toEqual({ acts: [], waitsFor: 'seal-maker' });
});

it('leaves the maker nothing awaited after the seal was made', () => {
  expect(decisionsOf(seal('approved'), maker)).toEqual({ acts: ['produce'], waitsFor: null });
  expect(decisionsOf(seal('bound'), maker)).toEqual({ acts: ['revoke'], waitsFor: null });
});

it('lets the reviewer revoke while the maker is asked for a new seal', () => {
  expect(decisionsOf(seal('bound', true), reviewer)).toEqual({
    acts: ['revoke'],
    waitsFor: 'seal-maker',
  });
});

it('gives somebody without a role nothing to decide', () => {
  expect(decisionsOf({ kind: 'registration', state: 'waiting', renewing: false }, maker)).toEqual({
    acts: [],
    waitsFor: 'registrar',
  });
});
