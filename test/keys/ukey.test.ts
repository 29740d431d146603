import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  readPublicKey,
  type Suite,
  signatureAlgorithmOf,
  utf8,
  verifySignature,
} from '../../src/crypto/index.ts';
import {
  generateKey,
  KeyRefused,
  type LiveKey,
  type LockTimer,
  liveKey,
} from '../../src/keys/index.ts';
import { connectUKey } from '../../src/keys/ukey.ts';
import {
  createRootCertificate,
  issueCertificate,
  randomSerial,
} from '../../src/pki/issuing/index.ts';
import { type MockKey, MockUKey } from './mock-ukey.ts';

const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'ok',
    (error: unknown) => (error instanceof KeyRefused ? error.code : `threw ${error}`),
  );

const TERM = { notBefore: '2026-01-01T00:00:00Z', notAfter: '2036-01-01T00:00:00Z' };
const PIN = '123456';

/** Timers that only fire by hand. */
class HandTimer implements LockTimer {
  running = new Map<number, () => void>();
  #next = 1;
  set(run: () => void): number {
    this.running.set(this.#next, run);
    return this.#next++;
  }
  clear(handle: unknown): void {
    this.running.delete(handle as number);
  }
}

describe.each<Suite>(['P-256', 'SM2'])('a UKey of the %s suite', (suite) => {
  let keys: MockKey[];
  let spki: Uint8Array;
  let other: LiveKey;
  let timer: HandTimer;
  beforeAll(async () => {
    const signing = await liveKey(await generateKey(suite));
    const encryption = await liveKey(await generateKey(suite));
    other = await liveKey(await generateKey(suite));
    spki = signing.spki;
    const subject = { organization: '示例', commonName: '示例' };
    const certificate = await createRootCertificate({
      subject,
      key: signing,
      serial: randomSerial(),
      ...TERM,
    });
    const issuer = {
      certificate,
      chain: [],
      suite,
      sign: (data: Uint8Array) => signing.sign(data),
    };
    const second = await issueCertificate({
      kind: 'enterprise-encryption',
      subject,
      spki: encryption.spki,
      serial: randomSerial(),
      ...TERM,
      issuer,
    });
    keys = [
      { key: 's', purpose: 'signing', certificate, live: signing },
      { key: 'e', purpose: 'encryption', certificate: second, live: encryption },
    ];
  });
  beforeEach(() => {
    timer = new HandTimer();
  });

  it('signs and agrees once its PIN was given', async () => {
    const mock = new MockUKey(keys, PIN);
    const ukey = await connectUKey(mock, timer);
    expect(await ukey.list()).toMatchObject([
      { id: 's', purpose: 'signing', suite, unlocked: false },
      { id: 'e', purpose: 'encryption', suite },
    ]);
    expect(await codeOf(ukey.signer('s'))).toBe('locked');
    await ukey.unlock(PIN);
    const data = utf8('a record');
    const signature = await (await ukey.signer('s')).sign(data);
    const algorithm = signatureAlgorithmOf(suite);
    expect(await verifySignature({ spki, algorithm, signature, data })).toEqual({ valid: true });
    const point = readPublicKey(other.spki);
    const z = await (await ukey.decrypter('e')).agree(point.kind === 'EC' ? point.point : spki);
    expect(z).toHaveLength(32);
    expect(await codeOf(ukey.signer('e'))).toBe('no-key');
    expect(timer.running.size).toBe(0);
  });

  it('wrong PINs lock it; locking ends signing', async () => {
    const ukey = await connectUKey(new MockUKey(keys, PIN), timer);
    await ukey.unlock(PIN);
    const signer = await ukey.signer('s');
    ukey.lock();
    expect(await codeOf(signer.sign(utf8('x')))).toBe('locked');
    expect(await codeOf(ukey.unlock('000000'))).toBe('ukey-pin');
    expect(await codeOf(ukey.unlock('000001'))).toBe('ukey-pin');
    expect(await codeOf(ukey.unlock('000002'))).toBe('ukey-pin-locked');
    expect(await codeOf(ukey.unlock(PIN))).toBe('ukey-pin-locked');
  });

  it('a pulled-out device fails what waits for it and says so once', async () => {
    const mock = new MockUKey(keys, PIN);
    let removed = 0;
    const ukey = await connectUKey(mock, timer, () => removed++);
    await ukey.unlock(PIN);
    const signer = await ukey.signer('s');
    mock.spoil = () => null;
    const waiting = codeOf(signer.sign(utf8('x')));
    mock.emit({ event: 'removed' });
    expect(await waiting).toBe('ukey-removed');
    expect(await codeOf(signer.sign(utf8('x')))).toBe('ukey-removed');
    mock.close();
    expect(removed).toBe(1);
    expect(timer.running.size).toBe(0);
  });

  it('does not believe a service that signs with another key, or other data', async () => {
    const mock = new MockUKey(keys, PIN);
    const ukey = await connectUKey(mock, timer);
    await ukey.unlock(PIN);
    const signer = await ukey.signer('s');
    const forged = Buffer.from(await other.sign(utf8('x'))).toString('base64');
    mock.spoil = (answer) => ({ ...answer, signature: forged });
    expect(await codeOf(signer.sign(utf8('x')))).toBe('ukey-protocol');
    const elsewhere = Buffer.from(await keys[0]!.live.sign(utf8('y'))).toString('base64');
    mock.spoil = (answer) => ({ ...answer, signature: elsewhere });
    expect(await codeOf(signer.sign(utf8('x')))).toBe('ukey-protocol');
  });

  it.each<[string, (answer: Record<string, unknown>) => Record<string, unknown> | string]>([
    ['no JSON', () => 'hello'],
    ['another id', (answer) => ({ ...answer, id: 99 })],
    ['no keys', (answer) => ({ ...answer, keys: 1 })],
    [
      'no certificate',
      (answer) => ({
        ...answer,
        keys: [{ key: 'a', label: 'a', purpose: 'signing', certificate: 'AAAA', chain: [] }],
      }),
    ],
    ['unknown refusal', (answer) => ({ id: answer['id'], ok: false, code: 'whim' })],
  ])('an answer with %s ends it', async (_, spoil) => {
    const mock = new MockUKey(keys, PIN);
    const ukey = await connectUKey(mock, timer);
    mock.spoil = spoil;
    expect(await codeOf(ukey.list())).toBe('ukey-protocol');
  });

  it('no service, or one that falls silent', async () => {
    expect(await codeOf(connectUKey(new MockUKey(keys, PIN, false), timer))).toBe(
      'ukey-unreachable',
    );
    const mock = new MockUKey(keys, PIN);
    const ukey = await connectUKey(mock, timer);
    mock.spoil = () => null;
    const waiting = codeOf(ukey.list());
    for (const run of timer.running.values()) run();
    expect(await waiting).toBe('ukey-unreachable');
  });
});
