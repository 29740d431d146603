/**
 * Getting a time stamp (RFC 3161 2.2): ask, and believe nothing of the answer that does not fit the
 * question. Where the request goes is passed in; in a page it goes to the own endpoint, which
 * relays it, because the page may reach no other host.
 */
import { type Bytes, type DigestName, Malformed } from '../crypto/index.ts';
import { type Content, digestContent } from './content.ts';
import { readTimeStampToken } from './time-stamp.ts';
import { createTimeStampRequest, readTimeStampResponse } from './time-stamp-protocol.ts';

/** Takes a TimeStampReq and gives the TimeStampResp, DER both. May throw: then there is no stamp. */
export type TimeStampSource = (request: Bytes) => Promise<Uint8Array>;

export interface AskOptions {
  readonly source: TimeStampSource;
  /** Of the imprint; default SHA-256, which every authority takes. */
  readonly hash?: DigestName | undefined;
  /** Default: 64 random bits. */
  readonly nonce?: bigint | undefined;
}

/**
 * A token over the data.
 * @throws {Malformed} `tsp-rejected`, `tsp-form`, `tsp-nonce` for an answer to another question,
 * `tst-imprint` for a stamp of other data, or what is wrong with the token's signature
 */
export async function askTimeStamp(data: Content, options: AskOptions): Promise<Uint8Array> {
  const { source, hash = 'SHA-256', nonce = randomNonce() } = options;
  const imprint = { hash, value: await digestContent(hash, data) };
  const token = readTimeStampResponse(await source(createTimeStampRequest(imprint, nonce)));
  const same = { digest: async () => imprint.value };
  const stamp = await readTimeStampToken(token, { data: same, allowBer: true });
  if (!stamp.ok || !stamp.info) {
    throw new Malformed(stamp.code, 'the time stamp that came back is not in order');
  }
  if (stamp.info.imprint.hash !== hash) throw new Malformed('tst-imprint', 'another digest');
  if (stamp.info.nonce !== nonce) throw new Malformed('tsp-nonce', 'an answer to another request');
  return token;
}

function randomNonce(): bigint {
  const [high = 0, low = 0] = crypto.getRandomValues(new Uint32Array(2));
  return ((BigInt(high) << 32n) | BigInt(low)) + 1n;
}

/** A token is of a few kilobytes; what is longer is none. */
const MAX_ANSWER = 256 * 1024;

const REFUSED: Record<number, string> = {
  401: 'tsp-refused',
  403: 'tsp-refused',
  404: 'tsp-none',
  429: 'tsp-busy',
  503: 'tsp-busy',
  504: 'tsp-unreachable',
};

/**
 * An authority that is reached over HTTP (RFC 3161 3.4).
 * @throws {Malformed} from the source: `tsp-unreachable` (also 504); `tsp-none` (404), `tsp-refused` (401, 403),
 * `tsp-busy` (429, 503); `tsp-answer` for any other answer that is none
 */
export function requestTimeStamp(options: {
  readonly address: string;
  readonly fetch: typeof fetch;
  /** Milliseconds that signing waits; default ten seconds. */
  readonly patience?: number;
}): TimeStampSource {
  const { address, patience = 10_000 } = options;
  return async (request) => {
    let answer: Response;
    let body: Uint8Array;
    try {
      answer = await options.fetch(address, {
        method: 'POST',
        headers: { 'Content-Type': 'application/timestamp-query' },
        body: request,
        signal: AbortSignal.timeout(patience),
      });
      body = new Uint8Array(await answer.arrayBuffer());
    } catch (error) {
      const why = error instanceof Error ? error.message : 'no answer';
      throw new Malformed('tsp-unreachable', `the time-stamp authority did not answer: ${why}`);
    }
    const type = answer.headers.get('content-type') ?? '';
    const refused = REFUSED[answer.status];
    if (refused) throw new Malformed(refused, `no time stamp: status ${answer.status}`);
    if (!answer.ok || !type.startsWith('application/timestamp-reply') || body.length > MAX_ANSWER) {
      throw new Malformed('tsp-answer', `the time-stamp authority answered ${answer.status}`);
    }
    return body;
  };
}
