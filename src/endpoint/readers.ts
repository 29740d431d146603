/**
 * Who gets what (design, section 5). Trust records go to everybody; staff may read every head, a party
 * those of its own cases, a registrant the case that his own key opened. A content goes to its
 * author, to those whom its record names, and to whoever has a role whose key it names; a public one
 * to whoever may read the head.
 */
import { fromBase64 } from '../crypto/index.ts';
import { readHead } from '../packages/index.ts';
import { certificateId, type TrustBundle } from '../pki/index.ts';
import type { Objects, StoredHead } from './objects.ts';
import type { ContentDescription } from './payload.ts';
import { RoleKeys } from './role-keys.ts';

/** Types that strangers may read. */
const FOR_ALL =
  /^(trust\/.*|seal\/authority|seal\/status-list|licence\/number-block|licence\/status-list)$/;

export interface Asker {
  /** SHA-256 hex of the signing certificate. */
  signing: string;
  /** SHA-256 hex of the encryption certificate, where it is proven to be the same holder's. */
  encryption: string | null;
  /** The signing certificate stands under the trust in force: neither revoked nor expired. */
  trusted: boolean;
  /** The deployment root, which stands on no roster. */
  root: boolean;
}

export class Readers {
  readonly roleKeys = new RoleKeys();
  /** By signing certificate (SHA-256 hex): whom a registrar's record bound it to. */
  readonly #parties = new Map<string, string>();
  /** Encryption certificates (SHA-256 hex) of a party. */
  readonly #encryption = new Map<string, Set<string>>();
  /** By case: who opened it. */
  readonly #openers = new Map<string, string>();

  /**
   * Takes notice of every logged head, in the order of the log.
   * @param bundle in force where the head stands
   */
  async take(objects: Objects, head: StoredHead, bundle: TrustBundle | null): Promise<void> {
    if (head.case === null) this.#openers.set(head.id, head.signer);
    await this.roleKeys.take(objects, head, bundle);
    if (head.type !== 'enterprise/approve' || head.party === null) return;
    const registrar = bundle?.roster.some(
      ({ id, roles }) => id === head.signer && roles.includes('registrar'),
    );
    if (!registrar) return;
    const { record } = await readHead(await objects.read(head));
    const [signing, encryption] = await Promise.all(
      ['signing', 'encryption'].map((name) =>
        certificateId(fromBase64(String(record[name] ?? '')) ?? new Uint8Array()),
      ),
    );
    this.#parties.set(signing as string, head.party);
    const known = this.#encryption.get(head.party) ?? new Set();
    this.#encryption.set(head.party, known.add(encryption as string));
  }

  /** @param asker null: a stranger */
  mayReadHead(head: StoredHead, asker: Asker | null, bundle: TrustBundle | null): boolean {
    if (FOR_ALL.test(head.type)) return true;
    if (!asker) return false;
    if (asker.root || head.signer === asker.signing) return true;
    if (asker.encryption !== null && head.to.includes(asker.encryption)) return true;
    if (asker.trusted && bundle?.roster.some(({ id }) => id === asker.signing)) return true;
    const party = asker.trusted ? this.#parties.get(asker.signing) : undefined;
    if (party !== undefined && party === head.party) return true;
    return this.#openers.get(head.case ?? head.id) === asker.signing;
  }

  mayReadContent(
    content: Pick<ContentDescription, 'enveloped'>,
    head: StoredHead,
    asker: Asker | null,
    bundle: TrustBundle | null,
  ): boolean {
    if (!this.mayReadHead(head, asker, bundle)) return false;
    if (!content.enveloped) return true;
    if (!asker) return false;
    if (head.signer === asker.signing) return true;
    if (this.roleKeys.opens(head.to, asker.signing, bundle)) return true;
    const party = this.#parties.get(asker.signing);
    const own = new Set(party === undefined ? [] : this.#encryption.get(party));
    if (asker.encryption) own.add(asker.encryption);
    return head.to.some((id) => own.has(id));
  }
}
