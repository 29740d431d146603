import { beforeEach, expect, it } from 'vitest';
import { nothingWaits, takeReturnPath, waitBehindLock } from '../../src/app/state/return-path.ts';

const PATH = '/applications/edit/1';
beforeEach(nothingWaits);

it('unlocking leads back to the page where one was, once', () => {
  waitBehindLock(PATH, 'a');
  expect(takeReturnPath('a')).toBe(PATH);
  expect(takeReturnPath('a')).toBeNull();
});

it('somebody else does not get the page of whoever was there', () => {
  waitBehindLock(PATH, 'a');
  expect(takeReturnPath('b')).toBeNull();
});

it('the page stays that of its person while the lock is drawn again', () => {
  waitBehindLock(PATH, 'a');
  waitBehindLock(PATH, null);
  expect(takeReturnPath('b')).toBeNull();
});

it('an address that was followed before anybody signed in opens for whoever does', () => {
  waitBehindLock(PATH, null);
  expect(takeReturnPath('b')).toBe(PATH);
});
