import { describe, expect, it } from 'vitest';
import {
  createTimeStampRequest,
  createTimeStampResponse,
  createTimeStampToken,
  OID,
  readTimeStampRequest,
  readTimeStampResponse,
  readTimeStampToken,
  readTstInfo,
  signAttached,
} from '../../src/cms/index.ts';
import { derWrite, digest, sha256, utf8 } from '../../src/crypto/index.ts';
import { at, get, identity, openssl, put } from './peers.ts';

const root = identity('root', 'P-256');
const usage = 'keyUsage=critical,digitalSignature\nextendedKeyUsage=critical,timeStamping';
const tsa = identity('tsa', 'P-256', root, usage);
const signer = { ...tsa.signer, chain: [root.certificate] };
const data = utf8('a signature value');
put('data', data);
const imprint = { hash: 'SHA-256', value: await sha256(data) } as const;
const policy = '1.3.6.1.4.1.5923.1';
const time = '2026-03-01T08:00:00.000Z';
const token = await createTimeStampToken({ signer, imprint, time, serial: 77, policy, nonce: 5n });

put(
  'tsa.cnf',
  `[tsa]\ndefault_tsa=t\n[t]\nserial=${at('serial')}\nsigner_cert=${at('tsa.pem')}\nsigner_key=${at('tsa.key')}\ncerts=${at('root.pem')}\nsigner_digest=sha256\ndefault_policy=${policy}\ndigests=sha256,sha512\naccuracy=secs:1,millisecs:500\nordering=yes\ntsa_name=yes\ness_cert_id_chain=yes\ness_cert_id_alg=sha256\nclock_precision_digits=3\n`,
);
put('serial', '01\n');

describe('time stamps (RFC 3161)', () => {
  it('our token is read back', async () => {
    const stamp = await readTimeStampToken(token, { data });
    expect(stamp).toMatchObject({
      ok: true,
      code: 'ok',
      findings: [],
      info: { policy, serial: 77n, time, nonce: 5n, accuracy: null, imprint },
    });
    expect(stamp.cms.signer).toEqual(tsa.certificate);
  });

  it('openssl ts -verify accepts our token and our response', () => {
    put('ours.tsr', createTimeStampResponse(token));
    put('ours.tst', token);
    const verify = 'ts -verify -data data -CAfile root.pem -in';
    expect(openssl(`${verify} ours.tst -token_in`)).toContain('OK');
    expect(openssl(`${verify} ours.tsr`)).toContain('OK');
  });

  it.each(['SHA-256', 'SHA-512'] as const)(
    'openssl ts -reply answers our request, %s',
    async (hash) => {
      const request = createTimeStampRequest({ hash, value: await digest(hash, data) }, 123456789n);
      put('q.tsq', request);
      openssl('ts -reply -config tsa.cnf -queryfile q.tsq -out r.tsr');
      const answer = readTimeStampResponse(get('r.tsr'));
      const stamp = await readTimeStampToken(answer, { data });
      expect(stamp.findings).toEqual([]);
      expect(stamp).toMatchObject({
        ok: true,
        info: { accuracy: 1500, nonce: 123456789n, policy },
      });
      expect(readTimeStampRequest(request)).toMatchObject({
        nonce: 123456789n,
        certificates: true,
      });
    },
  );

  it('reads the request of openssl ts -query', async () => {
    openssl('ts -query -data data -sha256 -cert -out o.tsq');
    expect(readTimeStampRequest(get('o.tsq'))).toMatchObject({ imprint, certificates: true });
  });

  it('an authority that refuses', () => {
    const refusal = derWrite.sequence(derWrite.sequence(derWrite.integer(2)));
    expect(() => readTimeStampResponse(refusal)).toThrowError(
      expect.objectContaining({ code: 'tsp-rejected' }),
    );
  });
});

describe('attacks on time stamps', () => {
  it('of other data', async () => {
    expect(await readTimeStampToken(token, { data: utf8('other') })).toMatchObject({
      ok: false,
      code: 'tst-imprint',
    });
  });

  it('every byte flipped is reported', async () => {
    const alone = await createTimeStampToken({
      signer: tsa.signer,
      imprint,
      time,
      serial: 1,
      policy,
    });
    for (let i = 0; i < alone.length; i++) {
      const bad = alone.slice();
      bad[i] = (bad[i] as number) ^ 1;
      expect((await readTimeStampToken(bad, { data })).ok, `byte ${i}`).toBe(false);
    }
  });

  it('signed content that is no TSTInfo', async () => {
    for (const content of [utf8('x'), derWrite.sequence(derWrite.integer(1)), new Uint8Array()]) {
      const signed = await signAttached({ content, contentType: OID.tstInfo, signer });
      const stamp = await readTimeStampToken(signed);
      expect(stamp.ok).toBe(false);
      expect(stamp.info).toBeNull();
    }
  });

  it('a time that is none, an imprint of the wrong length, a critical extension', () => {
    const { sequence, integer, oid, octetString, tlv, boolean } = derWrite;
    const info = (over: { time?: string; imprint?: Uint8Array; more?: Uint8Array[] }) =>
      sequence(
        integer(1),
        oid(policy),
        sequence(sequence(oid(OID.sha256)), octetString(over.imprint ?? imprint.value)),
        integer(1),
        tlv(0x18, utf8(over.time ?? '20260301080000Z')),
        ...(over.more ?? []),
      );
    expect(readTstInfo(info({})).time).toBe(time);
    expect(readTstInfo(info({ time: '20260301080000.25Z' })).time).toBe('2026-03-01T08:00:00.250Z');
    const critical = tlv(0xa1, sequence(oid('1.2.3'), boolean(true), octetString(utf8(''))));
    for (const bad of [
      { time: '20260231080000Z' },
      { time: '20260301080000.20Z' },
      { time: '202603010800Z' },
      { time: '20260301080000+0800' },
      { imprint: utf8('short') },
      { more: [critical] },
      { more: [octetString(utf8('?'))] },
    ]) {
      expect(() => readTstInfo(info(bad))).toThrowError(
        expect.objectContaining({ code: 'tst-form' }),
      );
    }
  });
});
