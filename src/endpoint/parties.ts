/**
 * Parties as the endpoint knows them from heads: whose a certificate is, whom a party lets act for it and
 * until when, which code stands for another. From this follows which heads a party gets beside its own.
 */
import { fromBase64 } from '../crypto/index.ts';
import { readHead } from '../packages/index.ts';
import { certificateId, judgeHolder, normaliseTrust, type TrustBundle } from '../pki/index.ts';
import { readLogEntry } from '../sync/log/index.ts';
import type { Objects, StoredHead } from './objects.ts';

interface Bound {
  party: string;
  /** Registration in whose case it was bound. */
  case: string;
  /** SHA-256 hex of the encryption certificate. */
  receiver: string;
}

/** One party lets another act for it; what is logged until then is for both. */
interface Mandate {
  head: string;
  party: string;
  broker: string;
  /** Last second in which it holds: as it says, or when a later one took its place. */
  until: number;
}

export class Parties {
  /** By signing certificate, SHA-256 hex. */
  readonly #bound = new Map<string, Bound>();
  /** By registration: may its holder manage? */
  readonly #manages = new Map<string, boolean>();
  readonly #mandates: Mandate[] = [];
  readonly #successors = new Map<string, string>();
  /** Parties whose people took a step for another one, by unit. */
  readonly #acted = new Map<string, Set<string>>();
  /** By licence number: the case of its application. */
  readonly #numbers = new Map<string, string>();
  /** Log time of each head of a party, in seconds. */
  readonly #times = new Map<string, number>();

  /**
   * Takes notice of every logged head, in the order of the log.
   * @param registrar whether its signer is one, by the bundle in force there
   */
  async take(
    objects: Objects,
    head: StoredHead,
    bundle: TrustBundle | null,
    registrar: boolean,
  ): Promise<void> {
    if (head.party === null || !bundle) return;
    const entry = objects.entries[objects.placeOf(head.id) ?? -1];
    const time = entry ? readLogEntry(entry).time : 0;
    this.#times.set(head.id, time);
    if (head.number !== null && head.case !== null) this.#numbers.set(head.number, head.case);
    this.#note(head, time);
    const record = async () => (await readHead(await objects.read(head))).record;
    switch (head.type) {
      case 'enterprise/approve':
      case 'enterprise/bind':
        if (registrar) await this.#bind(head, await record(), bundle, time);
        return;
      case 'enterprise/mandate':
        this.#mandate(head, await record(), time);
        return;
      case 'enterprise/succeed': {
        const successor = String((await record())['successor']);
        const circle = this.#speaksFor(head.party, successor);
        if (registrar && !circle && !this.#successors.has(head.party)) {
          this.#successors.set(head.party, successor);
        }
      }
    }
  }

  /** The party of a certificate; what it says of itself does not count. */
  partyOf(signing: string): string | null {
    return this.#bound.get(signing)?.party ?? null;
  }

  /** The party to which a registration was bound; null while nobody has answered it. */
  partyOfCase(registration: string): string | null {
    for (const bound of this.#bound.values()) {
      if (bound.case === registration) return bound.party;
    }
    return null;
  }

  /** Encryption certificates of a party and of those that it succeeded. */
  receiversOf(party: string): Set<string> {
    const own = [...this.#bound.values()].filter((each) => this.#speaksFor(party, each.party));
    return new Set(own.map(({ receiver }) => receiver));
  }

  /** Whether a party gets a head: its own, or what it needs of those with whom a mandate links it. */
  mayRead(head: StoredHead, party: string): boolean {
    const of = head.party;
    if (of === null) return false;
    if (this.#speaksFor(party, of)) return true;
    const registration = head.type.startsWith('enterprise/');
    return this.#mandates.some((mandate) => {
      // Whoever lets a broker act judges by the broker's certificates what he did.
      const gave = this.#speaksFor(party, mandate.party) && this.#speaksFor(of, mandate.broker);
      if (gave) return registration && head.type !== 'enterprise/mandate';
      const received = this.#speaksFor(party, mandate.broker) && this.#speaksFor(of, mandate.party);
      if (!received) return false;
      if (head.type === 'enterprise/mandate') {
        return this.#mandates.some(
          (each) => each.head === head.id && each.broker === mandate.broker,
        );
      }
      if ((this.#times.get(head.id) ?? 0) > mandate.until) return false;
      return registration || head.type.startsWith('seal/') || this.#actedIn(head, party);
    });
  }

  #actedIn(head: StoredHead, party: string): boolean {
    const parties = this.#acted.get(this.#unitOf(head)) ?? [];
    return [...parties].some((each) => this.#speaksFor(party, each));
  }

  #unitOf(head: StoredHead): string {
    const unit = head.case ?? head.id;
    return this.#numbers.get(unit) ?? unit;
  }

  /** Who acts for another party under a mandate that holds reads on in that case. */
  #note(head: StoredHead, time: number): void {
    const by = this.partyOf(head.signer);
    const of = head.party;
    if (by === null || of === null || this.#speaksFor(by, of)) return;
    const holds = this.#mandates.some(
      (each) =>
        this.#speaksFor(each.party, of) && this.#speaksFor(by, each.broker) && time <= each.until,
    );
    if (!holds) return;
    const unit = this.#unitOf(head);
    this.#acted.set(unit, (this.#acted.get(unit) ?? new Set()).add(by));
  }

  async #bind(
    head: StoredHead,
    record: { [field: string]: unknown },
    bundle: TrustBundle,
    time: number,
  ): Promise<void> {
    const der = (text: unknown) => fromBase64(String(text ?? '')) ?? new Uint8Array();
    const [signing, encryption] = [der(record['signing']), der(record['encryption'])];
    const code = await judgeHolder({
      signing,
      encryption,
      pool: Array.isArray(record['chain']) ? record['chain'].map(der) : [],
      time: new Date(time * 1000).toISOString(),
      trust: normaliseTrust(bundle),
      purpose: 'enterprise',
    });
    if (code !== 'ok') return;
    const registration = head.case ?? head.id;
    const rights = record['rights'];
    this.#manages.set(registration, Array.isArray(rights) && rights.includes('manage'));
    this.#bound.set(await certificateId(signing), {
      party: head.party ?? '',
      case: registration,
      receiver: await certificateId(encryption),
    });
  }

  /** By somebody who manages the party; the last one for a broker counts, and ends the one before. */
  #mandate(head: StoredHead, record: { [field: string]: unknown }, time: number): void {
    const author = this.#bound.get(head.signer);
    const party = head.party ?? '';
    if (!author || !this.#speaksFor(author.party, party)) return;
    if (this.#manages.get(author.case) !== true) return;
    const broker = String(record['broker']);
    for (const each of this.#mandates) {
      if (each.party === party && each.broker === broker) each.until = Math.min(each.until, time);
    }
    const rights = record['rights'];
    const holds = Array.isArray(rights) && rights.length > 0;
    const until = holds ? Math.floor(Date.parse(String(record['until'])) / 1000) : time;
    this.#mandates.push({ head: head.id, party, broker, until });
  }

  /** Whether a code is that of a party, or of a successor of it. */
  #speaksFor(code: string, party: string): boolean {
    for (let each: string | undefined = party; each; each = this.#successors.get(each)) {
      if (each === code) return true;
    }
    return false;
  }
}
