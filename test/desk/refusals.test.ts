import { describe, expect, test } from 'vitest';
import en from '../../src/app/i18n/codes/en.ts';
import zh from '../../src/app/i18n/codes/zh.ts';
import { Malformed } from '../../src/crypto/index.ts';
import { REFUSALS } from '../../src/desk/index.ts';
import { asRefusal } from '../../src/desk/refusals.ts';
import { StoreRefusal } from '../../src/sync/index.ts';

describe('refusals', () => {
  test.each(REFUSALS)('%s has words in both languages', (code) => {
    expect((zh.refusals as Record<string, string>)[code]).toBeTruthy();
    expect((en.refusals as Record<string, string>)[code]).toBeTruthy();
  });

  test('whatever is thrown below becomes one of them', () => {
    const thrown = [new StoreRefusal('quota'), new Malformed('der-length'), new TypeError('x'), 7];
    for (const each of thrown) expect(REFUSALS).toContain(asRefusal(each).code);
  });
});
