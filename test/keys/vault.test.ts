import { beforeEach, describe, expect, it } from 'vitest';
import {
  readPublicKey,
  type Suite,
  signatureAlgorithmOf,
  toHex,
  utf8,
  verifySignature,
} from '../../src/crypto/index.ts';
import {
  KeyRefused,
  type KeyStorage,
  KeyVault,
  memoryKeyStorage,
  newRecoveryCode,
  readRecoveryCode,
} from '../../src/keys/index.ts';
import {
  createCsr,
  createRootCertificate,
  issueCertificate,
  randomSerial,
  readCsr,
} from '../../src/pki/issuing/index.ts';

const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'ok',
    (error: unknown) => (error instanceof KeyRefused ? error.code : `threw ${error}`),
  );
const thrown = (run: () => unknown) => {
  try {
    run();
    return 'ok';
  } catch (error) {
    return error instanceof KeyRefused ? error.code : `threw ${error}`;
  }
};
const PASSWORD = { kind: 'password', password: '朱印留痕，纸短情长 7' } as const;
const SUBJECT = { organization: '示例', uscc: '91110000MA000TE137', commonName: '示例' };
const TERM = { notBefore: '2026-01-01T00:00:00Z', notAfter: '2036-01-01T00:00:00Z' };
const prf = (fill: number) => new Uint8Array(32).fill(fill);
const passkey = (fill: number) =>
  ({ kind: 'passkey', credential: new Uint8Array([fill]), salt: prf(0), prf: prf(fill) }) as const;

let storage: KeyStorage;
let vault: KeyVault;
beforeEach(() => {
  storage = memoryKeyStorage();
  vault = new KeyVault({ storage });
});

/** As it rests in storage; a test may break every rule of the real type. */
interface Stored {
  id: string;
  kind: string;
  pilot: boolean;
  keys: { purpose: string; spki: Uint8Array; wrapped: number[] }[];
  wrappers: { id: string; iterations: number; wrapped: number[]; salt: number[] }[];
}
const stored = async (id: string) => (await storage.get(id)) as Stored;

/** Changes a stored record, as a failing disk or a curious hand would. */
async function tamper(id: string, change: (record: Stored) => void) {
  const record = structuredClone(await stored(id));
  change(record);
  await storage.put(id, record);
}

describe.each<Suite>(['P-256', 'SM2'])('an identity of the %s suite', (suite) => {
  it('signs and agrees while unlocked, refuses once locked', async () => {
    const { identity, session } = await vault.create({
      label: '示例',
      suite,
      secrets: [passkey(1)],
    });
    const data = utf8('a record');
    const key = session.keySigner('signing');
    const signature = await key.sign(data);
    const algorithm = signatureAlgorithmOf(suite);
    const verdict = await verifySignature({ spki: key.spki, algorithm, signature, data });
    expect(verdict).toEqual({ valid: true });
    const csr = await createCsr({ subject: SUBJECT, key: session.keySigner('encryption') });
    expect(await readCsr(csr)).toMatchObject({ ok: true });
    vault.lock();
    expect(await codeOf(key.sign(data))).toBe('locked');
    expect(thrown(() => session.keySigner('signing'))).toBe('locked');
    expect(vault.session(identity.id)).toBeNull();
    const again = await vault.unlock(identity.id, { kind: 'passkey', prf: prf(1) });
    expect(again.keySigner('signing').spki).toEqual(key.spki);
    await again.keySigner('signing').sign(data);
  });

  it('agrees on the same Z from both sides', async () => {
    const certify = async (label: string) => {
      const { identity, session } = await vault.create({ label, suite, secrets: [passkey(1)] });
      const root = await createRootCertificate({
        subject: SUBJECT,
        key: session.keySigner('signing'),
        serial: randomSerial(),
        ...TERM,
      });
      const issuer = { ...session.keySigner('signing'), certificate: root, chain: [], suite };
      const encryption = await issueCertificate({
        kind: 'enterprise-encryption',
        subject: SUBJECT,
        spki: session.keySigner('encryption').spki,
        serial: randomSerial(),
        ...TERM,
        issuer,
      });
      await vault.setCertificates(identity.id, { encryption });
      return session;
    };
    const [a, b] = [await certify('a'), await certify('b')];
    const point = (session: typeof a) => {
      const key = readPublicKey(session.keySigner('encryption').spki);
      return key.kind === 'EC' ? key.point : new Uint8Array();
    };
    const z = await a.decrypterOf().agree(point(b));
    expect(toHex(z)).toBe(toHex(await b.decrypterOf().agree(point(a))));
    expect(z).toHaveLength(32);
    const off = point(b).slice();
    off[64] = (off[64] as number) ^ 1;
    expect(await codeOf(a.decrypterOf().agree(off))).toBe('malformed');
  });

  it('stores no secret and no key in clear', async () => {
    const { identity, session } = await vault.create({ label: 'x', suite, secrets: [passkey(7)] });
    const exported = await vault.exportKeys(identity.id, { kind: 'passkey', prf: prf(7) });
    const stored = JSON.stringify(await storage.get(identity.id), (_, value) =>
      value instanceof Uint8Array ? toHex(value) : value,
    );
    for (const { pkcs8 } of exported) {
      const scalar = toHex(pkcs8).match(/020101 ?0420([0-9a-f]{64})/)?.[1];
      expect(scalar).toBeDefined();
      expect(stored).not.toContain(scalar);
    }
    expect(stored).not.toContain('07'.repeat(32));
    session.lock();
  });
});

describe('ways to unlock', () => {
  const create = (secrets: Parameters<KeyVault['create']>[0]['secrets'], pilot = false) =>
    vault.create({ label: 'x', suite: 'P-256', secrets, pilot });

  it('password, recovery code and passkey each open the same keys', async () => {
    const made = await create([PASSWORD, { kind: 'recovery' }, passkey(1), passkey(2)]);
    const { id } = made.identity;
    const { spki } = made.session.keySigner('signing');
    const code = made.recoveryCode as string;
    expect(code).toMatch(/^([0-9A-HJKMNP-TV-Z]{4}-){7}[0-9A-HJKMNP-TV-Z]{4}$/);
    for (const secret of [
      PASSWORD,
      { kind: 'recovery', code: code.toLowerCase().replaceAll('-', ' ') },
      { kind: 'passkey', prf: prf(2) },
    ] as const) {
      vault.lock();
      const session = await vault.unlock(id, secret);
      expect(session.keySigner('signing').spki).toEqual(spki);
    }
    expect(await codeOf(vault.unlock(id, { kind: 'password', password: 'wrong' }))).toBe(
      'wrong-secret',
    );
    expect(await codeOf(vault.unlock(id, { kind: 'passkey', prf: prf(3) }))).toBe('wrong-secret');
    expect(await codeOf(vault.unlock(id, { kind: 'device' }))).toBe('device-not-allowed');
    const other = await newRecoveryCode();
    expect(await codeOf(vault.unlock(id, { kind: 'recovery', code: other }))).toBe('wrong-secret');
    const slip = `${code.slice(0, -6)}${code.at(-6) === 'A' ? 'B' : 'A'}${code.slice(-5)}`;
    expect(await codeOf(vault.unlock(id, { kind: 'recovery', code: slip }))).toBe('mistyped-code');
    expect(await codeOf(vault.unlock('nobody', PASSWORD))).toBe('unknown-identity');
  });

  it('unlocking what is open keeps its signers, and still asks', async () => {
    const { identity, session } = await create([passkey(1)]);
    const again = await vault.unlock(identity.id, { kind: 'passkey', prf: prf(1) });
    expect(again).toBe(session);
    vault.lock();
    const both = [1, 2].map(() => vault.unlock(identity.id, { kind: 'passkey', prf: prf(1) }));
    const [one, two] = await Promise.all(both);
    expect(one).toBe(two);
    expect(await codeOf(one!.keySigner('signing').sign(utf8('x')))).toBe('ok');
    const wrong = { kind: 'passkey', prf: prf(2) } as const;
    expect(await codeOf(vault.unlock(identity.id, wrong))).toBe('wrong-secret');
  });

  it('a password typed in another normal form is the same password', async () => {
    const { identity } = await create([
      { kind: 'password', password: 'caf\u00e9 \u00e9t\u00e9 toujours' },
    ]);
    const decomposed = 'cafe\u0301 e\u0301te\u0301 toujours';
    expect(
      await codeOf(vault.unlock(identity.id, { kind: 'password', password: decomposed })),
    ).toBe('ok');
  });

  it('changing a password rewraps one record and leaves the keys as they are', async () => {
    const { identity } = await create([PASSWORD, passkey(1)]);
    const before = await stored(identity.id);
    const next = { kind: 'password', password: 'another good one' } as const;
    await vault.renewSecret(identity.id, PASSWORD, next);
    const after = await stored(identity.id);
    expect(after.keys).toEqual(before.keys);
    expect(after.wrappers).toContainEqual(before.wrappers[1]);
    expect(after.wrappers).toHaveLength(2);
    expect(await codeOf(vault.unlock(identity.id, PASSWORD))).toBe('wrong-secret');
    expect(await codeOf(vault.unlock(identity.id, next))).toBe('ok');
    const weak = { kind: 'password', password: '1234567' } as const;
    expect(await codeOf(vault.renewSecret(identity.id, next, weak))).toBe('weak-password');
    expect(await codeOf(vault.unlock(identity.id, next))).toBe('ok');
  });

  it('adds and removes ways in, never the last, never without a secret', async () => {
    const { identity } = await create([passkey(1)]);
    const first = { kind: 'passkey', prf: prf(1) } as const;
    const remove = (wrapper: string, secret: Parameters<KeyVault['unlock']>[1] = first) =>
      codeOf(vault.removeSecret(identity.id, secret, wrapper));
    const [only] = identity.unlocks;
    expect(await remove(only!.id)).toBe('last-wrapper');
    const code = (await vault.addSecret(identity.id, first, { kind: 'recovery' })) as string;
    expect(await remove(only!.id, { kind: 'passkey', prf: prf(9) })).toBe('wrong-secret');
    expect(await remove('other')).toBe('unknown-wrapper');
    // A recovery code alone is no way to work.
    expect(await remove(only!.id)).toBe('last-wrapper');
    await vault.addSecret(identity.id, first, PASSWORD);
    expect(await remove(only!.id)).toBe('ok');
    expect(await codeOf(vault.unlock(identity.id, first))).toBe('unknown-wrapper');
    expect(await codeOf(vault.unlock(identity.id, { kind: 'recovery', code }))).toBe('ok');
  });

  it('ways that two tabs add at once are both there; of two last ones that both take away, one stays', async () => {
    const { identity } = await create([PASSWORD, { kind: 'recovery' }]);
    const tabs = [new KeyVault({ storage }), new KeyVault({ storage })];
    await Promise.all(tabs.map((tab, i) => tab.addSecret(identity.id, PASSWORD, passkey(i + 1))));
    const kinds = async () => (await vault.identity(identity.id)).unlocks.map(({ kind }) => kind);
    expect(await kinds()).toEqual(['password', 'recovery', 'passkey', 'passkey']);
    const ways = (await vault.identity(identity.id)).unlocks.filter((w) => w.kind !== 'recovery');
    const outcomes = await Promise.all(
      ways.map((way) =>
        codeOf(new KeyVault({ storage }).removeSecret(identity.id, PASSWORD, way.id)),
      ),
    );
    expect(outcomes.toSorted()).toEqual(['last-wrapper', 'ok', 'ok']);
    expect(await kinds()).toHaveLength(2);
  });

  it('a recovery code sets a new password in the place of the forgotten one', async () => {
    const { identity, recoveryCode } = await create([PASSWORD, { kind: 'recovery' }, passkey(1)]);
    const secret = { kind: 'recovery', code: recoveryCode as string } as const;
    const next = { kind: 'password', password: 'another good one' } as const;
    await vault.renewSecret(identity.id, secret, next);
    expect(await codeOf(vault.unlock(identity.id, PASSWORD))).toBe('wrong-secret');
    for (const way of [next, secret, { kind: 'passkey', prf: prf(1) } as const]) {
      expect(await codeOf(vault.unlock(identity.id, way))).toBe('ok');
    }
  });

  it('a pilot needs no secret; a real identity never gets such a way in', async () => {
    const { identity } = await create([{ kind: 'device' }], true);
    const { identity: second } = await create([{ kind: 'device' }], true);
    const reopened = new KeyVault({ storage });
    for (const { id } of [identity, second]) {
      expect(await codeOf(reopened.unlock(id, { kind: 'device' }))).toBe('ok');
    }
    expect(await codeOf(create([{ kind: 'device' }]))).toBe('device-not-allowed');
    const real = await create([passkey(1)]);
    expect(
      await codeOf(
        vault.addSecret(real.identity.id, { kind: 'passkey', prf: prf(1) }, { kind: 'device' }),
      ),
    ).toBe('device-not-allowed');
    // Declaring a pilot real, or the reverse, breaks what its records are bound to.
    await tamper(real.identity.id, (record) => {
      record.pilot = true;
    });
    expect(await codeOf(vault.unlock(real.identity.id, { kind: 'passkey', prf: prf(1) }))).toBe(
      'damaged',
    );
    expect(await vault.list()).toHaveLength(3);
  });

  it('needs at least one way in', async () => {
    expect(await codeOf(create([]))).toBe('last-wrapper');
  });
});

describe('damage is told from a wrong secret', () => {
  const flip = (bytes: number[]) => {
    bytes[3] = (bytes[3] as number) ^ 1;
  };
  const swap = (keys: Stored['keys'], field: 'purpose' | 'spki') => {
    const [a, b] = [keys[0]![field], keys[1]![field]];
    Object.assign(keys[0]!, { [field]: b });
    Object.assign(keys[1]!, { [field]: a });
  };
  const secret = { kind: 'passkey', prf: prf(1) } as const;
  it.each<[string, (record: Stored) => void, string]>([
    ['nothing', () => {}, 'ok'],
    ['wrapped data key', (r) => flip(r.wrappers[0]!.wrapped), 'damaged'],
    ['salt', (r) => flip(r.wrappers[0]!.salt), 'damaged'],
    ['wrapper id', (r) => Object.assign(r.wrappers[0]!, { id: 'other' }), 'damaged'],
    ['iterations', (r) => Object.assign(r.wrappers[0]!, { iterations: 1 }), 'damaged'],
    ['wrapped private key', (r) => flip(r.keys[0]!.wrapped), 'damaged'],
    ['purposes swapped', (r) => swap(r.keys, 'purpose'), 'damaged'],
    ['public key of another', (r) => swap(r.keys, 'spki'), 'damaged'],
    ['no wrappers', (r) => Object.assign(r, { wrappers: 'none' }), 'damaged'],
    ['another identity', (r) => Object.assign(r, { id: 'x' }), 'damaged'],
    ['another record', (r) => Object.assign(r, { kind: 'other' }), 'damaged'],
  ])('%s', async (_, change, code) => {
    const { identity } = await vault.create({ label: 'x', suite: 'P-256', secrets: [passkey(1)] });
    await tamper(identity.id, change);
    vault.lock();
    expect(await codeOf(vault.unlock(identity.id, secret))).toBe(code);
  });

  it('a wrapper of one identity does not open another', async () => {
    const a = await vault.create({ label: 'a', suite: 'P-256', secrets: [passkey(1)] });
    const b = await vault.create({ label: 'b', suite: 'P-256', secrets: [passkey(2)] });
    const theirs = (await stored(a.identity.id)).wrappers[0]!;
    await tamper(b.identity.id, (record) => record.wrappers.push(theirs));
    expect(await codeOf(vault.unlock(b.identity.id, secret))).toBe('damaged');
  });
});

describe('certificates', () => {
  it('one that does not fit its key is refused', async () => {
    const { identity, session } = await vault.create({
      label: 'x',
      suite: 'P-256',
      secrets: [passkey(1)],
    });
    const { session: other } = await vault.create({
      label: 'y',
      suite: 'P-256',
      secrets: [passkey(1)],
    });
    const make = (key: typeof session, pilot = false) =>
      createRootCertificate({
        subject: SUBJECT,
        key: key.keySigner('signing'),
        serial: randomSerial(),
        ...TERM,
        pilot,
      });
    const set = (signing: Uint8Array) => codeOf(vault.setCertificates(identity.id, { signing }));
    expect(thrown(() => session.signerOf())).toBe('no-key');
    expect(await set(await make(other))).toBe('key-mismatch');
    expect(await set(await make(session, true))).toBe('pilot-mismatch');
    expect(await set(new Uint8Array([1, 2]))).toBe('malformed');
    const mine = await make(session);
    expect(await set(mine)).toBe('ok');
    expect(session.signerOf().certificate).toEqual(mine);
    expect(thrown(() => other.signerOf(mine))).toBe('key-mismatch');
    const encryption = await issueCertificate({
      kind: 'staff-encryption',
      subject: SUBJECT,
      spki: session.keySigner('signing').spki,
      serial: randomSerial(),
      ...TERM,
      issuer: session.signerOf(),
    });
    expect(await set(encryption)).toBe('key-usage');
    expect((await new KeyVault({ storage }).identity(identity.id)).certificates.signing).toEqual(
      mine,
    );
  });
});

describe('locking by itself', () => {
  it('after idle time; use starts it again; lock() ends the timer', async () => {
    const running = new Map<number, () => void>();
    let next = 1;
    const locked: string[] = [];
    vault = new KeyVault({
      storage,
      lockAfterMs: 60_000,
      timer: {
        set: (run, ms) => {
          expect(ms).toBe(60_000);
          running.set(next, run);
          return next++;
        },
        clear: (handle) => void running.delete(handle as number),
      },
      onLock: (id) => locked.push(id),
    });
    const { identity, session } = await vault.create({
      label: 'x',
      suite: 'SM2',
      secrets: [passkey(1)],
    });
    const [before] = running.keys();
    await session.keySigner('signing').sign(utf8('x'));
    const [after, ...more] = running.keys();
    expect(more).toEqual([]);
    expect(after).not.toBe(before);
    running.get(after as number)?.();
    expect(session.locked).toBe(true);
    expect(locked).toEqual([identity.id]);
    await vault.unlock(identity.id, { kind: 'passkey', prf: prf(1) });
    vault.lock();
    expect(running.size).toBe(0);
  });
});

describe('recovery codes', () => {
  it('read back with the freedoms of Crockford base 32', async () => {
    const code = await newRecoveryCode(new Uint8Array(30).fill(1));
    const bytes = await readRecoveryCode(code);
    expect(code.startsWith('1111-1111')).toBe(true);
    expect(await readRecoveryCode(code.replaceAll('1', 'l'))).toEqual(bytes);
    expect(await codeOf(readRecoveryCode(code.slice(1)))).toBe('mistyped-code');
    expect(await codeOf(readRecoveryCode(`${code}0`))).toBe('mistyped-code');
    expect(await codeOf(readRecoveryCode(''))).toBe('mistyped-code');
  });
});
