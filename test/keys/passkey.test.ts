import { describe, expect, it } from 'vitest';
import {
  askPasskey,
  type Credentials,
  createPasskey,
  KeyRefused,
  KeyVault,
  memoryKeyStorage,
  vaultProvider,
} from '../../src/keys/index.ts';
import { createRootCertificate, randomSerial } from '../../src/pki/issuing/index.ts';

const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'ok',
    (error: unknown) => (error instanceof KeyRefused ? error.code : `threw ${error}`),
  );

/** An authenticator with PRF: HMAC-SHA-256 of the salt under a secret per credential. */
function authenticator(
  behaviour: { prf?: boolean; onCreate?: boolean; dismiss?: boolean } = {},
): Credentials {
  const { prf = true, onCreate = true, dismiss = false } = behaviour;
  const secrets = new Map<string, CryptoKey>();
  const name = (id: BufferSource) => Buffer.from(id as Uint8Array).toString('base64url');
  const evaluate = async (id: string, salt: BufferSource) =>
    crypto.subtle.sign('HMAC', secrets.get(id) as CryptoKey, salt);
  const credential = (rawId: Uint8Array, results: object) =>
    ({ rawId: rawId.buffer, getClientExtensionResults: () => results }) as unknown as Credential;
  const dismissed = () => {
    if (dismiss) throw Object.assign(new Error('no'), { name: 'NotAllowedError' });
  };
  return {
    async create({ publicKey }) {
      dismissed();
      const rawId = crypto.getRandomValues(new Uint8Array(16));
      const hmac = { name: 'HMAC', hash: 'SHA-256' };
      secrets.set(
        name(rawId),
        (await crypto.subtle.generateKey(hmac, false, ['sign'])) as CryptoKey,
      );
      const salt = publicKey?.extensions?.prf?.eval?.first as BufferSource;
      const results = onCreate ? { results: { first: await evaluate(name(rawId), salt) } } : {};
      return credential(rawId, { prf: prf ? { enabled: true, ...results } : { enabled: false } });
    },
    async get({ publicKey }) {
      dismissed();
      const known = publicKey?.allowCredentials?.find(({ id }) => secrets.has(name(id)));
      if (!known) throw Object.assign(new Error('none'), { name: 'NotAllowedError' });
      const rawId = new Uint8Array(known.id as Uint8Array);
      const salt = publicKey?.extensions?.prf?.evalByCredential?.[name(rawId)]?.first;
      const results = { first: await evaluate(name(rawId), salt as BufferSource) };
      return credential(rawId, { prf: prf ? { results } : {} });
    },
  };
}

const options = { rpName: 'Cinnabar', user: { id: new Uint8Array(16), name: '示例' } };

describe('passkeys with PRF (WebAuthn level 3)', () => {
  it.each([true, false])(
    'open the vault they were made for (PRF on creation: %s)',
    async (onCreate) => {
      const device = authenticator({ onCreate });
      const made = await createPasskey(device, options);
      const vault = new KeyVault({ storage: memoryKeyStorage() });
      const { identity } = await vault.create({
        label: '示例',
        suite: 'P-256',
        secrets: [{ kind: 'passkey', ...made }],
      });
      vault.lock();
      const known = identity.unlocks.flatMap(({ passkey }) => (passkey ? [passkey] : []));
      const { prf } = await askPasskey(device, known);
      expect(await codeOf(vault.unlock(identity.id, { kind: 'passkey', prf }))).toBe('ok');
      const stranger = await createPasskey(device, options);
      const second = { kind: 'passkey', prf: stranger.prf } as const;
      expect(await codeOf(vault.unlock(identity.id, second))).toBe('wrong-secret');
    },
  );

  it('say why they do not', async () => {
    expect(await codeOf(createPasskey(authenticator({ prf: false }), options))).toBe(
      'not-supported',
    );
    expect(await codeOf(createPasskey(authenticator({ dismiss: true }), options))).toBe(
      'cancelled',
    );
    expect(await codeOf(askPasskey(authenticator(), []))).toBe('unknown-wrapper');
    const foreign = { credential: new Uint8Array(16), salt: new Uint8Array(32) };
    expect(await codeOf(askPasskey(authenticator(), [foreign]))).toBe('cancelled');
  });
});

describe('the vault as a provider', () => {
  it('lists keys with certificates, signs while unlocked', async () => {
    const vault = new KeyVault({ storage: memoryKeyStorage() });
    const secret = { kind: 'device' } as const;
    const { identity, session } = await vault.create({
      label: '示例',
      suite: 'P-256',
      secrets: [secret],
      pilot: true,
    });
    const provider = vaultProvider(vault);
    expect(await provider.list()).toEqual([]);
    const signing = await createRootCertificate({
      subject: { organization: '示例', commonName: '示例' },
      key: session.keySigner('signing'),
      serial: randomSerial(),
      notBefore: '2026-01-01T00:00:00Z',
      notAfter: '2036-01-01T00:00:00Z',
      pilot: true,
    });
    await vault.setCertificates(identity.id, { signing });
    const [key] = await provider.list();
    expect(key).toMatchObject({ purpose: 'signing', unlocked: true, certificate: signing });
    expect((await provider.signer(key!.id)).certificate).toEqual(signing);
    expect(await codeOf(provider.decrypter(key!.id))).toBe('no-key');
    provider.lock();
    expect(await codeOf(provider.signer(key!.id))).toBe('locked');
  });
});
