import { beforeAll, describe, expect, it } from 'vitest';
import { certificateId, describeCrl } from '../../src/pki/index.ts';
import { caExtensions, certificate, crl, type Party, party } from './forge.ts';

let ca: Party;
let caCert: Uint8Array;
let stranger: Uint8Array;

beforeAll(async () => {
  ca = await party('CA');
  const other = await party('CA');
  caCert = await certificate({ subject: ca, issuer: ca, extensions: caExtensions(ca, ca) });
  stranger = await certificate({
    subject: other,
    issuer: other,
    extensions: caExtensions(other, other),
  });
});

describe('RFC 5280 5: a revocation list in words', () => {
  it('names issuer, number, term, and each revoked certificate with its reason', async () => {
    const der = await crl({ issuer: ca, number: 9, revoked: [{ serial: 7, reason: 1 }] });
    expect(await describeCrl(der, [stranger, caCert])).toMatchObject({
      ok: true,
      issuer: { text: 'CN=CA' },
      number: '9',
      delta: null,
      thisUpdate: '2026-05-01T00:00:00.000Z',
      nextUpdate: '2026-12-01T00:00:00.000Z',
      size: 1,
      entries: [{ serial: '07', time: '2026-03-01T00:00:00.000Z', reason: 'keyCompromise' }],
      signedBy: await certificateId(caCert),
    });
  });

  it('is signed by nobody where another key of that name stands', async () => {
    const der = await crl({ issuer: ca });
    expect(await describeCrl(der, [stranger])).toMatchObject({ ok: true, signedBy: null });
  });

  it('describes no more entries than asked for, and counts them all', async () => {
    const revoked = Array.from({ length: 30 }, (_, i) => ({ serial: 100 + i }));
    const der = await crl({ issuer: ca, revoked });
    const described = await describeCrl(der, [], 10);
    expect(described.ok && [described.size, described.entries.length]).toEqual([30, 10]);
  });

  it('every truncation is answered with a code', async () => {
    const der = await crl({ issuer: ca, revoked: [{ serial: 7 }] });
    for (let length = 0; length < der.length; length++) {
      expect((await describeCrl(der.subarray(0, length), [caCert])).ok).toBe(false);
    }
  });
});
