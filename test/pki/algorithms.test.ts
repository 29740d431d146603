import { expect, test } from 'vitest';
import { algorithmsOf } from '../../src/pki/index.ts';
import { certificate, party } from './forge.ts';

test('a report names key and digest, and nothing for what is no certificate', async () => {
  const who = await party('holder');
  const der = await certificate({ subject: who, issuer: who });
  expect(algorithmsOf(der, 'SHA-256')).toBe('ECDSA P-256 · SHA-256');
  expect(algorithmsOf(der)).toBe('ECDSA P-256');
  expect(algorithmsOf(new Uint8Array(9), 'SHA-256')).toBeNull();
});
