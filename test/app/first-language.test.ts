import { expect, it } from 'vitest';
import { firstLanguage } from '../../src/app/i18n/first-language.ts';

const first = (languages: string[], forced: string | null = null, kept: string | null = null) =>
  firstLanguage({ forced, kept, languages });

it('starts in the first language of the browser that it speaks', () => {
  expect(first(['en-GB', 'zh-CN'])).toBe('en');
  expect(first(['zh-Hant-TW', 'en'])).toBe('zh-CN');
  expect(first(['de-DE', 'fr', 'en-US', 'zh'])).toBe('en');
});

it('starts in Chinese where nothing fits', () => {
  expect(first([])).toBe('zh-CN');
  expect(first(['de-DE', 'ja', 'enm', 'zha'])).toBe('zh-CN');
});

it('keeps a choice over the browser, and lets the address force another', () => {
  expect(first(['en'], null, 'zh-CN')).toBe('zh-CN');
  expect(first(['zh'], null, 'en')).toBe('en');
  expect(first(['zh'], null, 'fr')).toBe('zh-CN');
  expect(first(['zh'], 'en', 'zh-CN')).toBe('en');
  expect(first(['en'], 'zh-CN', 'en')).toBe('zh-CN');
});
