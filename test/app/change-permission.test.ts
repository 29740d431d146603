import { expect, test } from 'vitest';
import { permissionOf } from '../../src/app/pages/verify/changes.ts';
import type { ListedChange } from '../../src/pdf/index.ts';

const change = (permission: ListedChange['permission'], granted: boolean) =>
  ({ permission, granted }) as ListedChange;

test('that the signer permitted a change is said only where he did', () => {
  expect(permissionOf(change('yes', true))).toBe('granted');
  expect(permissionOf(change('yes', false))).toBe('yes');
  expect(permissionOf(change('warn', true))).toBe('warn');
  expect(permissionOf(change('no', true))).toBe('no');
});
