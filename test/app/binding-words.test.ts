/** What the pages say of a seal is what is so: no step green before it is done, none left out. */
import { describe, expect, it, vi } from 'vitest';
import { completeness } from '../../src/app/pages/applications/completeness.ts';
import { STEPS, sealPath } from '../../src/app/pages/enterprise/seal-path.ts';
import zh from '../../src/app/pages/enterprise/zh.ts';
import type { SealBinding, SealState } from '../../src/desk/index.ts';

vi.mock('../../src/app/i18n/language.svelte.ts', () => ({ language: { value: 'zh-CN' } }));

const { nextStep } = await import('../../src/app/pages/enterprise/next-step.ts');

const NOW = Date.parse('2026-11-24T02:00:00Z');
const seal = { validEnd: '2029-11-24T00:00:00Z' } as SealBinding['seal'];
const binding = (over: Partial<SealBinding>): SealBinding => ({
  registration: 'approved',
  registrationReasons: [],
  form: null,
  renaming: null,
  state: 'none',
  caseId: null,
  reasons: [],
  sealForm: null,
  seal: null,
  renewing: false,
  suspendedByAuthority: false,
  rebind: false,
  compulsoryFrom: '2027-01-01T00:00:00+08:00',
  compulsory: false,
  history: [],
  ...over,
});

const done = (over: Partial<SealBinding>): string[] => {
  const { states } = sealPath(binding(over));
  return STEPS.filter((_, i) => states[i] === 'done');
};

describe('the way to a seal', () => {
  it('counts no letter as done that nobody printed', () => {
    expect(done({ state: 'applied' })).toEqual(['register']);
  });

  it('counts nothing but the registration after a seal was lost, revoked or has expired', () => {
    for (const state of ['lost', 'revoked', 'expired', 'withdrawn', 'none'] as const)
      expect(done({ state })).toEqual(['register']);
  });

  it('is not green at its end while the seal is suspended or has to be bound anew', () => {
    for (const over of [{ state: 'suspended' }, { state: 'bound', rebind: true }] as const)
      expect(sealPath(binding(over)).states.at(-1)).toBe('off');
    expect(sealPath(binding({ state: 'bound' })).states.at(-1)).toBe('done');
  });

  it('counts nothing before the registration is approved', () => {
    for (const registration of ['none', 'waiting', 'rejected'] as const)
      expect(done({ registration })).toEqual([]);
  });
});

describe('what to do now', () => {
  it('is never nothing while no seal is bound', () => {
    const states: SealState[] = [
      ...(['none', 'applied', 'letter-sent', 'rejected', 'withdrawn', 'approved'] as const),
      ...(['suspended', 'lost', 'revoked', 'expired'] as const),
    ];
    for (const state of states) expect(nextStep(binding({ state }), NOW), state).not.toBeNull();
  });

  it('is nothing where a seal is bound and serves', () => {
    expect(nextStep(binding({ state: 'bound', seal }), NOW)).toBeNull();
  });

  it('is the renewal in the last thirty days, and once the certificate was renewed', () => {
    const ending = { ...seal, validEnd: '2026-12-20T00:00:00Z' } as SealBinding['seal'];
    expect(nextStep(binding({ state: 'bound', seal: ending }), NOW)).toBe('renew');
    expect(nextStep(binding({ state: 'bound', seal, rebind: true }), NOW)).toBe('rebind');
  });

  it('reads a suspended seal as suspended, not as missing', () => {
    expect(zh.unboundTitles['suspended']).not.toBe(zh.unboundTitles['none']);
  });
});

describe('completeness of a form', () => {
  const fields = [
    { path: 'importer.name', required: true },
    { path: 'goods.name', required: true },
    { path: 'remarks', required: false },
    { path: 'lines[].amount', required: true },
  ];

  it('is not full beside a mistake in a line or in an optional field', () => {
    for (const field of ['lines[0].amount', 'remarks', 'goods.name'])
      expect(completeness(fields, [{ field }])).not.toEqual({ done: 2, all: 2 });
    expect(completeness(fields, [{ field: 'lines[0].amount' }])).toEqual({ done: 2, all: 3 });
    expect(completeness(fields, [{ field: 'goods.name' }])).toEqual({ done: 1, all: 2 });
  });

  it('is full where nothing stands against submitting', () => {
    expect(completeness(fields, [])).toEqual({ done: 2, all: 2 });
  });
});
