/**
 * Who gets what (design, section 5). Trust records go to everybody; staff may read every head, a party
 * those of its own cases, a broker as far as a mandate reaches, a registrant the case that his own key
 * opened. A content goes to its author, to those whom its record names (to one certificate of a party
 * is to all of it), and to whoever has a role whose key it names; a public one to whoever may read the
 * head.
 */
import { fromBase64 } from '../crypto/index.ts';
import { actingEntry, certificateId, type TrustBundle } from '../pki/index.ts';
import type { Objects, StoredHead } from './objects.ts';
import { Parties } from './parties.ts';
import type { ContentDescription } from './payload.ts';
import { Revocations } from './revocations.ts';
import { RoleKeys } from './role-keys.ts';

/** Types that strangers may read. */
const FOR_ALL =
  /^(trust\/.*|seal\/authority|seal\/status-list|licence\/number-block|licence\/status-list)$/;

/** Types by which a certificate belongs to a party. */
const BINDS = /^enterprise\/(register|update|approve|bind|reject|succeed)$/;

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
  readonly revocations = new Revocations();
  readonly #parties = new Parties();
  /** By registration: whose key asked for it. */
  readonly #openers = new Map<string, string>();
  /** Registrations by who opened them: SHA-256 hex of a certificate that nobody issued yet. */
  readonly #registrations = new Map<string, string>();

  /**
   * Takes notice of every logged head, in the order of the log.
   * @param bundle in force where the head stands
   */
  async take(objects: Objects, head: StoredHead, bundle: TrustBundle | null): Promise<void> {
    if (head.type === 'enterprise/register') {
      this.#openers.set(head.id, head.signer);
      this.#registrations.set(head.signer, head.id);
    }
    await this.roleKeys.take(objects, head, bundle);
    const author = bundle && actingEntry(bundle, head.signer);
    const registrar = author?.roles.includes('registrar') ?? false;
    await this.#parties.take(objects, head, bundle, registrar);
    if (head.type !== 'trust/crl' || !bundle) return;
    const root = head.signer === (await certificateId(fromBase64(bundle.root) ?? new Uint8Array()));
    if (registrar || root) await this.revocations.take(objects, head, bundle);
  }

  /** Whose people the asker is one of, in force; null: nobody's. */
  #partyOf(asker: Asker): string | null {
    return asker.trusted ? this.#parties.partyOf(asker.signing) : null;
  }

  /** @param asker null: a stranger */
  mayReadHead(head: StoredHead, asker: Asker | null, bundle: TrustBundle | null): boolean {
    if (FOR_ALL.test(head.type)) return true;
    if (!asker) return false;
    if (asker.root || head.signer === asker.signing) return true;
    if (asker.encryption !== null && head.to.includes(asker.encryption)) return true;
    if (asker.trusted && bundle && actingEntry(bundle, asker.signing)) return true;
    const party = this.#partyOf(asker);
    if (party !== null && this.#parties.mayRead(head, party)) return true;
    if (this.#openers.get(head.case ?? head.id) === asker.signing) return true;
    return this.#judgesOwn(head, asker);
  }

  /** Whoever was bound to a party of others judges that by what bound the others before. */
  #judgesOwn(head: StoredHead, asker: Asker): boolean {
    if (head.party === null || !BINDS.test(head.type)) return false;
    const own = this.#registrations.get(asker.signing);
    return own !== undefined && this.#parties.partyOfCase(own) === head.party;
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
    const party = this.#partyOf(asker);
    const own = party === null ? new Set<string>() : this.#parties.receiversOf(party);
    if (asker.encryption) own.add(asker.encryption);
    return head.to.some((id) => own.has(id));
  }
}
