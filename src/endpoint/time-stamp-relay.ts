/**
 * Time stamps for pages, which may reach no host but their own: requests (RFC 3161 3.4) are relayed
 * to the one authority that the operator named. What goes out is read strictly first; what comes back
 * is judged by the asker, who need not trust the endpoint.
 */
import { readTimeStampRequest } from '../cms/index.ts';
import { type Bytes, Malformed } from '../crypto/index.ts';

export const TIME_STAMP_REPLY = 'application/timestamp-reply';
/** Octets of a request: a digest, an OID and a nonce are far fewer. */
export const MAX_REQUEST = 1024;
const MAX_REPLY = 256 * 1024;
const PATIENCE = 9_000;
const PER_HOUR = 2000;
const AT_ONCE = 16;

export type RelayAnswer = { reply: Uint8Array } | RelayRefusal;

export interface RelayRefusal {
  status: 415 | 422 | 429 | 502 | 503 | 504;
  code: string;
  message: string;
}

/** Whether an address may be an authority's: http or https, without credentials. */
export function isAuthority(address: string): boolean {
  const url = URL.canParse(address) ? new URL(address) : null;
  return url !== null && /^https?:$/.test(url.protocol) && url.username === '' && !url.password;
}

export class TimeStampRelay {
  readonly #authority: string;
  readonly #now: () => Date;
  /** When each certificate asked in the last hour, by its SHA-256. */
  readonly #asked = new Map<string, number[]>();
  #open = 0;

  /** @throws {Malformed} `tsp-address` */
  constructor(authority: string, now: () => Date) {
    if (!isAuthority(authority)) throw new Malformed('tsp-address', 'not an http or https address');
    this.#authority = authority;
    this.#now = now;
  }

  /** @param asker SHA-256 of a certificate of the deployment, proven by its signature */
  async ask(asker: string, type: string, body: Uint8Array): Promise<RelayAnswer> {
    if (type.split(';')[0]?.trim() !== 'application/timestamp-query') {
      return { status: 415, code: 'type', message: 'application/timestamp-query is expected' };
    }
    try {
      readTimeStampRequest(body);
    } catch (error) {
      if (!(error instanceof Malformed)) throw error;
      return { status: 422, code: error.code, message: error.message };
    }
    if (!this.#count(asker)) {
      return { status: 429, code: 'tsp-many', message: 'too many time stamps, try later' };
    }
    if (this.#open >= AT_ONCE) {
      return { status: 503, code: 'tsp-busy', message: 'too many at once, try again' };
    }
    this.#open++;
    try {
      return await this.#relay(new Uint8Array(body));
    } finally {
      this.#open--;
    }
  }

  async #relay(body: Bytes): Promise<RelayAnswer> {
    try {
      const answer = await fetch(this.#authority, {
        method: 'POST',
        headers: { 'Content-Type': 'application/timestamp-query', Accept: TIME_STAMP_REPLY },
        body,
        redirect: 'error',
        signal: AbortSignal.timeout(PATIENCE),
      });
      const type = answer.headers.get('content-type')?.split(';')[0]?.trim();
      const reply = answer.ok && type === TIME_STAMP_REPLY ? await bounded(answer) : null;
      if (reply) return { reply };
      await answer.body?.cancel().catch(() => {});
      const message = `the time-stamp authority answered ${answer.status}`;
      return { status: 502, code: 'tsp-answer', message };
    } catch {
      const message = 'the time-stamp authority does not answer';
      return { status: 504, code: 'tsp-unreachable', message };
    }
  }

  #count(asker: string): boolean {
    const now = this.#now().getTime();
    for (const [each, times] of this.#asked) {
      const recent = times.filter((time) => now - time < 3_600_000);
      if (recent.length > 0) this.#asked.set(each, recent);
      else this.#asked.delete(each);
    }
    const times = this.#asked.get(asker) ?? [];
    if (times.length >= PER_HOUR) return false;
    this.#asked.set(asker, [...times, now]);
    return true;
  }
}

/** @returns null past the limit; the rest is not read */
async function bounded({ body }: Response): Promise<Uint8Array | null> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of (body ?? []) as AsyncIterable<Uint8Array>) {
    size += chunk.length;
    if (size > MAX_REPLY) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
