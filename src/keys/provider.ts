/**
 * KeyProvider: one shape for every place a key may live, so that a workflow need not know whether
 * it signs with the vault of this device or with a UKey in a drawer.
 */
import type { Decrypter, KeyKind, Signer } from '../crypto/index.ts';
import type { Purpose } from './private-key.ts';
import { KeyRefused } from './refused.ts';
import type { KeyVault } from './vault.ts';

export interface ProvidedKey {
  /** Names the key to its provider. */
  id: string;
  label: string;
  purpose: Purpose;
  suite: KeyKind;
  /** DER. */
  certificate: Uint8Array;
  /** Whether it can be used without asking for a secret first. */
  unlocked: boolean;
}

export interface KeyProvider {
  readonly kind: 'vault' | 'ukey';
  list(): Promise<ProvidedKey[]>;
  /** @throws {KeyRefused} `locked`, `no-key`, `unknown-identity`, `ukey-*` */
  signer(id: string): Promise<Signer>;
  /** @throws {KeyRefused} as `signer`; `not-supported` where the device cannot agree on keys */
  decrypter(id: string): Promise<Decrypter>;
  lock(): void;
}

/** The vault's identities that have certificates; ids are `<identity>/<purpose>`. */
export function vaultProvider(vault: KeyVault): KeyProvider {
  const session = (id: string, purpose: Purpose) => {
    const [identity = '', wanted] = id.split('/');
    if (wanted !== purpose) throw new KeyRefused('no-key', `not a ${purpose} key`);
    const open = vault.session(identity);
    if (!open) throw new KeyRefused('locked');
    return open;
  };
  return {
    kind: 'vault',
    async list() {
      const identities = await vault.list();
      return identities.flatMap(({ id, label, suite, keys, certificates }) =>
        keys.flatMap(({ purpose }) => {
          const certificate = certificates[purpose];
          const unlocked = vault.session(id) !== null;
          const name = `${id}/${purpose}`;
          return certificate ? [{ id: name, label, purpose, suite, certificate, unlocked }] : [];
        }),
      );
    },
    signer: async (id) => session(id, 'signing').signerOf(),
    decrypter: async (id) => session(id, 'encryption').decrypterOf(),
    lock: () => vault.lock(),
  };
}
