/** The roster remembers (design, section 4, "In force when?"): every end against every proof. */
import { describe, expect, test } from 'vitest';
import {
  actingEntry,
  type FormerEntry,
  type ProofOfWhen,
  type RosterEnd,
  type RosterEntry,
  roleAt,
} from '../../src/pki/index.ts';

const ID = 'ab'.repeat(32);
const SINCE = '2026-01-01T00:00:00Z';
const UNTIL = '2026-06-01T00:00:00.000Z';
const BEFORE = '2026-03-01T00:00:00Z';
const AFTER = '2026-07-01T00:00:00Z';

const entry: RosterEntry = {
  id: ID,
  person: ID,
  name: '许证',
  organization: '许可证事务局',
  roles: ['issuer'],
  signing: 'AA==',
  since: SINCE,
};
const former = (ended: RosterEnd, change: Partial<FormerEntry> = {}) => ({
  roster: [] as RosterEntry[],
  former: [{ ...entry, ended, until: UNTIL, ...change }],
});
const codeOf = (of: Parameters<typeof roleAt>[0], proof: ProofOfWhen) =>
  roleAt(of, ID, 'issuer', proof).code;

describe('an entry that has ended', () => {
  const claim = (time: string, listed = false): ProofOfWhen => ({ by: 'claim', time, listed });
  const log = (time: string): ProofOfWhen => ({ by: 'log', time });
  const stamp = (time: string): ProofOfWhen => ({ by: 'time-stamp', time });

  test.each<[RosterEnd, ProofOfWhen, string]>([
    ['renewed', claim(BEFORE), 'ok'],
    // Ends with the certificate alone.
    ['renewed', claim(AFTER), 'ok'],
    ['renewed', log(AFTER), 'ok'],
    ['left', log(BEFORE), 'ok'],
    ['left', stamp(BEFORE), 'ok'],
    ['left', log(AFTER), 'role-ended'],
    ['left', stamp(AFTER), 'role-ended'],
    ['left', claim(BEFORE), 'role-ended'],
    ['left', claim(BEFORE, true), 'ok'],
    ['left', claim(AFTER, true), 'role-ended'],
    ['left', claim(UNTIL, true), 'role-ended'],
    ['role-changed', claim(BEFORE), 'role-ended'],
    ['role-changed', claim(BEFORE, true), 'ok'],
    ['role-changed', log(AFTER), 'role-ended'],
    ['compromised', claim(BEFORE), 'role-compromised'],
    ['compromised', claim(BEFORE, true), 'role-compromised'],
    ['compromised', log(BEFORE), 'ok'],
    ['compromised', stamp(BEFORE), 'ok'],
    ['compromised', log(AFTER), 'role-compromised'],
  ])('%s, proven by %o: %s', (ended, proof, code) => {
    expect(codeOf(former(ended), proof)).toBe(code);
  });
});

describe('an entry that goes on', () => {
  const present = { roster: [entry], former: [] };
  test('counts from its beginning on, give or take the clocks', () => {
    expect(codeOf(present, { by: 'claim', time: BEFORE })).toBe('ok');
    expect(codeOf(present, { by: 'claim', time: '2025-12-31T23:55:00Z' })).toBe('ok');
    expect(codeOf(present, { by: 'claim', time: '2025-12-31T23:00:00Z' })).toBe('role-not-yet');
  });
  test('says nothing of another role, nor of another certificate', () => {
    const proof = { by: 'claim' as const, time: BEFORE };
    expect(roleAt(present, ID, 'seal-maker', proof).code).toBe('role-missing');
    expect(roleAt(present, 'cd'.repeat(32), 'any', proof).code).toBe('role-missing');
    expect(roleAt(present, ID, 'any', proof).code).toBe('ok');
  });
  test('after a change of roles the same certificate has the one before and the one after', () => {
    const inspector: RosterEntry = { ...entry, roles: ['inspector'], since: UNTIL };
    const changed = { ...former('role-changed'), roster: [inspector] };
    expect(codeOf(changed, { by: 'log', time: BEFORE })).toBe('ok');
    expect(codeOf(changed, { by: 'log', time: AFTER })).toBe('role-ended');
    expect(roleAt(changed, ID, 'inspector', { by: 'log', time: AFTER }).code).toBe('ok');
    expect(roleAt(changed, ID, 'inspector', { by: 'log', time: BEFORE }).code).toBe('role-not-yet');
  });
  test('a key in wrong hands is so under every entry that it ever had', () => {
    const both = {
      roster: [],
      former: [
        { ...entry, ended: 'renewed' as const, until: BEFORE },
        { ...entry, ended: 'compromised' as const, until: UNTIL },
      ],
    };
    expect(codeOf(both, { by: 'claim', time: BEFORE })).toBe('role-compromised');
    expect(codeOf(both, { by: 'time-stamp', time: BEFORE })).toBe('ok');
  });
});

test('who acts now: whoever stands on the roster, or was renewed; nobody who left', () => {
  expect(actingEntry({ roster: [entry], former: [] }, ID)?.name).toBe('许证');
  expect(actingEntry(former('renewed'), ID)?.name).toBe('许证');
  for (const ended of ['left', 'role-changed', 'compromised'] as const) {
    expect(actingEntry(former(ended), ID)).toBeUndefined();
  }
});
