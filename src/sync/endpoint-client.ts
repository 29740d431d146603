/** One request to the endpoint, with its refusals told apart; every request has a time limit. */
import { Malformed, type Suite } from '../crypto/index.ts';
import { type ExchangeOptions, ExchangeRefusal } from './exchange-options.ts';
import { type HeadBatch, readHeadBatch, writeHeadBatch } from './log/index.ts';
import { signRequest } from './request-signature.ts';

const TIME_LIMIT = 30_000;
/** Milliseconds by which clocks may differ before a request is dated by the endpoint's. */
const CLOCKS_APART = 30_000;

export class EndpointClient {
  readonly #options: ExchangeOptions;
  /** Milliseconds by which the clock here is ahead of the endpoint's, as far as it has said. */
  ahead = 0;

  constructor(options: ExchangeOptions) {
    this.#options = options;
  }

  async bytes(path: string): Promise<Uint8Array> {
    const response = await this.#get(path);
    if (!response.ok) throw refusal(response, await answerOf(response));
    return bodyOf(response);
  }

  /** Heads from an index of the log on, as many as the endpoint gives at once. */
  async heads(from: number): Promise<HeadBatch> {
    const path = `/v1/heads?from=${from}`;
    const response = await this.#get(path, true);
    if (!response.ok) throw refusal(response, await answerOf(response));
    const body = await bodyOf(response);
    try {
      return readHeadBatch(body);
    } catch (cause) {
      if (!(cause instanceof Malformed)) throw cause;
      throw new ExchangeRefusal('bad-answer', cause.message, { cause });
    }
  }

  /** @returns why not, where the endpoint gives it only to its readers, or its copy is damaged */
  async content(digest: string): Promise<Uint8Array | 'withheld' | 'damaged'> {
    const path = `/v1/c/${digest}`;
    const response = await this.#get(path, true);
    // A signature that was not taken says nothing of what its holder may read.
    const stranger = response.status === 401 && !this.#options.signer;
    if (stranger || response.status === 403) return 'withheld';
    if (response.ok) return bodyOf(response);
    const said = await answerOf(response);
    if (said?.code === 'damaged' || response.status === 404) return 'damaged';
    throw refusal(response, said);
  }

  /**
   * What only reads is asked once more, under a signature of its own: a connection kept from before may
   * be dead, and a request that arrived although its answer was lost is not taken twice.
   */
  async #get(path: string, signed = false): Promise<Response> {
    const ask = async (corrected = true) =>
      this.#send(
        'GET',
        path,
        signed ? { headers: await this.#signed('GET', path, corrected) } : {},
      );
    try {
      const response = await ask();
      if (response.status !== 401 || !signed || !this.#options.signer) return response;
      // What the endpoint said of the time may be wrong itself.
      return ask(Math.abs(this.ahead) < CLOCKS_APART);
    } catch (error) {
      const cut = error instanceof ExchangeRefusal && error.cause instanceof TypeError;
      if (!cut) throw error;
      return ask();
    }
  }

  /**
   * Notes the endpoint's time. It dates requests and nothing else: neither what is written here nor a
   * verdict (design, section 5).
   * @param time ISO 8601, of a checkpoint signed just now
   */
  noteTime(time: string): void {
    this.ahead = this.#options.now().getTime() - Date.parse(time);
  }

  /** @param corrected dated by the endpoint's clock, where the one here is off */
  async #signed(method: string, path: string, corrected: boolean): Promise<Record<string, string>> {
    const { signer, encryptionCertificate = null, now } = this.#options;
    if (!signer) return {};
    const uri = this.#uri(path);
    const off = corrected && Math.abs(this.ahead) >= CLOCKS_APART ? this.ahead : 0;
    const time = new Date(now().getTime() - off);
    return signRequest({ method, uri, signer, encryptionCertificate, now: time });
  }

  /** What the endpoint says of itself. */
  async health(): Promise<{ keys?: Partial<Record<Suite, unknown>>; damage?: unknown }> {
    const said = new TextDecoder().decode(await this.bytes('/v1/healthz'));
    try {
      return JSON.parse(said) as object;
    } catch (cause) {
      throw new ExchangeRefusal('bad-answer', 'the endpoint does not say what it is', { cause });
    }
  }

  /**
   * Offers a head.
   * @returns digests of the contents that the endpoint wants first; empty when it is logged
   */
  async putHead(id: string, bytes: Uint8Array): Promise<string[]> {
    const response = await this.#send('PUT', `/v1/h/${id}`, {
      body: bytes as Uint8Array<ArrayBuffer>,
      headers: { 'Content-Type': 'application/vnd.etsi.asic-e+zip' },
    });
    if (response.ok) return [];
    const said = await answerOf(response);
    if (said?.code === 'contents-missing' && Array.isArray(said.missing)) return said.missing;
    throw refusal(response, said);
  }

  /**
   * Offers heads in one request, which are logged in their order.
   * @returns for each what became of it
   * @throws {ExchangeRefusal}
   */
  async postHeads(heads: readonly Uint8Array[]): Promise<Offered[]> {
    const batch = { next: 0, heads: heads.map((bytes, index) => ({ index, bytes })) };
    const response = await this.#send('POST', '/v1/heads', {
      body: writeHeadBatch(batch) as Uint8Array<ArrayBuffer>,
      headers: { 'Content-Type': 'application/octet-stream' },
    });
    if (!response.ok) throw refusal(response, await answerOf(response));
    const results = ((await answerOf(response)) as { results?: unknown } | null)?.results;
    if (!Array.isArray(results) || results.length !== heads.length) {
      throw new ExchangeRefusal('bad-answer', 'not an answer for each head');
    }
    return results.map(offered);
  }

  async putContent(digest: string, bytes: Uint8Array): Promise<void> {
    const response = await this.#send('PUT', `/v1/c/${digest}`, {
      body: bytes as Uint8Array<ArrayBuffer>,
      headers: { 'Content-Type': 'application/octet-stream' },
    });
    if (!response.ok) throw refusal(response, await answerOf(response));
  }

  #uri(path: string): string {
    return new URL(path, this.#options.endpoint).href;
  }

  async #send(method: string, path: string, init: RequestInit = {}): Promise<Response> {
    this.#options.signal?.throwIfAborted();
    const limits = [AbortSignal.timeout(TIME_LIMIT)];
    if (this.#options.signal) limits.push(this.#options.signal);
    try {
      return await this.#options.fetch(this.#uri(path), {
        ...init,
        method,
        signal: AbortSignal.any(limits),
        cache: 'no-store',
        credentials: 'omit',
        redirect: 'error',
      });
    } catch (cause) {
      this.#options.signal?.throwIfAborted();
      throw offline(cause);
    }
  }
}

/** What became of a head that was offered: logged, to be offered again after these contents, or refused. */
export type Offered =
  | { logged: true }
  | { logged: false; missing: string[] }
  | { logged: false; refusal: ExchangeRefusal };

/** @throws {ExchangeRefusal} `bad-answer` */
function offered(result: unknown): Offered {
  const said = (result ?? {}) as Said & { index?: unknown; status?: unknown };
  if (Number.isInteger(said.index)) return { logged: true };
  const { status, code, missing } = said;
  if (code === 'contents-missing' && Array.isArray(missing)) return { logged: false, missing };
  if (typeof status !== 'number' || typeof code !== 'string') {
    throw new ExchangeRefusal('bad-answer', 'not an answer to a head');
  }
  return { logged: false, refusal: refusal({ status }, said) };
}

const offline = (cause: unknown) =>
  new ExchangeRefusal('offline', 'the endpoint does not answer', { cause });

/** @throws {ExchangeRefusal} `offline` where the answer breaks off */
async function bodyOf(response: Response): Promise<Uint8Array> {
  try {
    return new Uint8Array(await response.arrayBuffer());
  } catch (cause) {
    throw offline(cause);
  }
}

interface Said {
  code?: string;
  message?: string;
  missing?: string[];
}

const answerOf = (response: Response): Promise<Said | null> =>
  response.json().catch(() => null) as Promise<Said | null>;

function refusal(response: Pick<Response, 'status'>, said: Said | null): ExchangeRefusal {
  const words = `${response.status} ${said?.code ?? ''} ${said?.message ?? ''}`.trim();
  const given = { answer: said?.code ?? '' };
  switch (response.status) {
    case 413:
      return new ExchangeRefusal('too-large', words, given);
    case 429:
    case 503:
      return new ExchangeRefusal('busy', words, given);
    case 507:
      return new ExchangeRefusal('full', words, given);
    case 401:
    case 403:
    case 409:
    case 422:
      return new ExchangeRefusal('refused', words, given);
    default:
      return new ExchangeRefusal('bad-answer', words, given);
  }
}
