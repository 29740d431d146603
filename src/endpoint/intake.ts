/**
 * Taking in heads and contents. A head that passed admission waits for the contents that it names; no
 * other content is stored. Once all are there it is logged: a logged head lacks nothing.
 */
import { digest, toHex } from '../crypto/index.ts';
import { readHead, readPackage, writePackageFile } from '../packages/index.ts';
import type { ReceivedBundle } from '../pki/index.ts';
import { type Descriptor, descriptorDigest } from '../sync/log/index.ts';
import type { Admission, Admitted, Refusal } from './admission.ts';
import { bundleIn } from './bundle-chain.ts';
import type { Objects, StoredHead } from './objects.ts';
import type { ContentDescription, HeadDescription } from './payload.ts';
import type { Readers } from './readers.ts';

/** Heads that wait for contents, at most (64 MB of them), and for how long. */
const MAX_WAITING = 1024;
const WAIT = 3_600_000;

interface Waiting extends Admitted {
  bytes: Uint8Array;
  since: number;
}

export interface Taken {
  id: string;
  index: number;
  /** Logged now, not before. */
  fresh: boolean;
}

export class Intake {
  readonly #objects: Objects;
  readonly #admission: Admission;
  readonly #readers: Readers;
  readonly #now: () => Date;
  readonly #waiting = new Map<string, Waiting>();
  #logging: Promise<unknown> = Promise.resolve();

  constructor(objects: Objects, admission: Admission, readers: Readers, now: () => Date) {
    this.#objects = objects;
    this.#admission = admission;
    this.#readers = readers;
    this.#now = now;
  }

  /** Resolves when nothing is being logged. */
  settled(): Promise<unknown> {
    return this.#logging;
  }

  /**
   * @param settles whether the sender may say whose endpoint this is, where nobody has
   * @param waits not to be logged yet: something before it lacks contents
   * @returns its index in the log, or why not: `contents-missing` with the digests to be stored first
   */
  async head(
    id: string,
    bytes: Uint8Array,
    settles: boolean,
    waits = false,
  ): Promise<Taken | Refusal> {
    const known = this.#objects.placeOf(id);
    const damaged = this.#objects.isDamaged(id);
    if (known !== null && !damaged) return { id, index: known, fresh: false };
    const judged = await this.#admission.judge(id, bytes);
    if ('status' in judged) return judged;
    const { contents, to } = judged.description;
    if (this.#readers.roleKeys.hasEnded(to, this.#now().getTime() / 1000)) {
      return {
        status: 409,
        code: 'role-key-ended',
        message: 'enveloped to a role key that was replaced: envelope and sign again',
      };
    }
    const missing = contents.filter((each) => !this.#objects.get(each.digest));
    if (missing.length > 0 || waits) {
      this.#wait(id, { ...judged, bytes, since: this.#now().getTime() });
      return {
        status: 409,
        code: 'contents-missing',
        message: 'store the contents first',
        missing: missing.map((each) => each.digest),
      };
    }
    const taken = await this.#taken(judged);
    if (taken) return taken;
    return this.#log(judged, bytes, settles);
  }

  /** Octets of a content that some head names and that is not stored; null for any other. */
  lengthOf(id: string): number | null {
    return this.#wanted(id)?.name.length ?? null;
  }

  /** @returns null when it is stored */
  async content(id: string, bytes: Uint8Array): Promise<Refusal | null> {
    if (this.#objects.get(id)) return null;
    const wanted = this.#wanted(id);
    if (!wanted) {
      return { status: 409, code: 'content-unexpected', message: 'send the head first' };
    }
    const { of, name, algorithm } = wanted;
    const same =
      bytes.length === name.length && toHex(await digest(algorithm, bytes)) === name.digest;
    if (!same) return { status: 422, code: 'hash', message: 'the bytes do not have this digest' };
    const { enveloped } = name;
    const description: ContentDescription = {
      kind: 'content',
      digest: algorithm,
      type: 'content',
      of,
      enveloped,
    };
    await this.#objects.put(id, bytes, description);
    return null;
  }

  /** The head that names a content, waiting or logged. */
  #wanted(id: string) {
    const named = (of: string, description: HeadDescription) => {
      const name = description.contents.find((each) => each.digest === id);
      return name && { of, name, algorithm: description.digest };
    };
    for (const [of, { description }] of this.#waiting) {
      const found = named(of, description);
      if (found) return found;
    }
    // Stored again after damage.
    if (!this.#objects.isDamaged(id)) return null;
    for (const head of this.#objects.heads()) {
      const found = named(head.id, head);
      if (found) return found;
    }
    return null;
  }

  #wait(id: string, waiting: Waiting): void {
    const now = waiting.since;
    for (const [old, { since }] of this.#waiting) {
      if (now - since < WAIT && this.#waiting.size < MAX_WAITING) break;
      this.#waiting.delete(old);
    }
    this.#waiting.set(id, waiting);
  }

  /** A ciphertext stands under one head only: nobody signs another's as his own. */
  async #taken({ head, description }: Admitted): Promise<Refusal | null> {
    for (const { digest: id, enveloped } of description.contents) {
      const stored = this.#objects.get(id);
      if (!enveloped || stored?.kind !== 'content' || stored.of === head.id) continue;
      const other = this.#objects.get(stored.of);
      if (other?.kind !== 'head' || this.#objects.placeOf(other.id) === null) continue;
      const twin = await readHead(await this.#objects.read(other));
      if (twin.act === head.act) continue;
      return { status: 409, code: 'content-taken', message: 'a ciphertext of another head' };
    }
    return null;
  }

  /** One at a time: places are given in order, and each bundle is judged by the one before. */
  #log(judged: Admitted, bytes: Uint8Array, settles: boolean): Promise<Taken | Refusal> {
    const work = this.#logging.then(() => this.#append(judged, bytes, settles));
    this.#logging = work.catch(() => {});
    return work;
  }

  async #append(
    { head, description }: Admitted,
    bytes: Uint8Array,
    settles: boolean,
  ): Promise<Taken | Refusal> {
    const objects = this.#objects;
    const before = objects.placeOf(head.id);
    if (before !== null) {
      await objects.put(head.id, bytes, description);
      return { id: head.id, index: before, fresh: false };
    }
    let bundle: ReceivedBundle | null = null;
    if (description.type === 'trust/bundle') {
      bundle = await this.#bundleOf({ head, description });
      if (!bundle) return { status: 422, code: 'bundle', message: 'the bundle is not readable' };
      const answer = await this.#admission.judgeBundle(bundle, settles);
      if (typeof answer !== 'string') return answer;
      if (answer === 'same') bundle = null;
    }
    await objects.put(head.id, bytes, description);
    const descriptor: Descriptor = {
      type: description.type,
      case: description.case,
      number: description.number,
      party: description.party,
      prev: description.prev,
      length: bytes.length,
      running: objects.runningOf(description.party),
      salt: toHex(crypto.getRandomValues(new Uint8Array(16))),
    };
    const time = Math.max(objects.lastTime, Math.floor(this.#now().getTime() / 1000));
    const entry = {
      id: head.id,
      time,
      descriptor: await descriptorDigest(this.#objects.digest ?? head.digest, descriptor),
    };
    const index = await objects.log(entry, descriptor);
    if (bundle) this.#admission.adopt(bundle);
    this.#waiting.delete(head.id);
    await this.#readers.take(objects, objects.get(head.id) as StoredHead, this.#admission.bundle);
    return { id: head.id, index, fresh: true };
  }

  async #bundleOf({ head, description }: Admitted): Promise<ReceivedBundle | null> {
    const contents = new Map<string, Uint8Array>();
    for (const [i, { name }] of head.contents.entries()) {
      const stored = this.#objects.get(description.contents[i]?.digest ?? '');
      if (stored) contents.set(name, await this.#objects.read(stored));
    }
    return bundleIn(await readPackage(writePackageFile(head, contents)));
  }
}
