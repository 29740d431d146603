/**
 * The endpoint of a run and the way to it: the project's own endpoint, called without a socket, over
 * a network that loses, delays, doubles and cuts what it carries.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { type Endpoint, openEndpoint } from '../../src/endpoint/index.ts';
import { readPackage } from '../../src/packages/index.ts';
import type { Random } from './random.ts';

export const ORIGIN = 'http://127.0.0.1:4173';

export type Fault =
  | 'lost-request'
  | 'lost-answer'
  | 'late-request'
  | 'doubled'
  | 'cut'
  | 'short'
  | 'gateway';

export const FAULTS: readonly Fault[] = [
  'lost-request',
  'lost-answer',
  'late-request',
  'doubled',
  'cut',
  'short',
  'gateway',
];

/** What happens to the requests of one exchange, by the order in which they leave. */
export type FaultPlan = ReadonlyMap<number, Fault>;

const NOTHING: FaultPlan = new Map();

export function faultPlan(random: Random, faults: readonly Fault[]): FaultPlan {
  const plan = new Map<number, Fault>();
  if (faults.length === 0) return NOTHING;
  for (let left = 1 + random.below(3); left > 0; left--) {
    plan.set(random.below(24), random.pick(faults));
  }
  return plan;
}

interface Answer {
  status: number;
  headers: Record<string, string>;
  body: Uint8Array;
}

export class Network {
  readonly #open: () => Promise<Endpoint>;
  #endpoint: Endpoint;
  /** Requests that reach the endpoint after their sender gave up. */
  #late: (() => Promise<unknown>)[] = [];
  /** Requests at the endpoint, of devices that have died since too. */
  readonly #busy = new Set<Promise<unknown>>();
  /** Heads that the endpoint has acknowledged, with their positions. */
  readonly acknowledged = new Map<string, number>();

  private constructor(open: () => Promise<Endpoint>, endpoint: Endpoint) {
    this.#open = open;
    this.#endpoint = endpoint;
  }

  static async over(directory: string, now: () => Date, warnings: string[]): Promise<Network> {
    const warn = (line: string) => {
      warnings.push(line);
    };
    const open = () => openEndpoint({ directory, now, warn });
    return new Network(open, await open());
  }

  /** The endpoint's process ends and another one takes up its directory. */
  async restart(): Promise<void> {
    await this.close();
    this.#endpoint = await this.#open();
  }

  async close(): Promise<void> {
    await Promise.allSettled(this.#busy);
    await this.#endpoint.close();
  }

  /** What was under way arrives. */
  async deliverLate(): Promise<number> {
    const late = this.#late;
    this.#late = [];
    for (const each of late) await each();
    return late.length;
  }

  /** Somebody sends a package without being asked, as a device would. */
  async push(bytes: Uint8Array): Promise<void> {
    const pkg = await readPackage(bytes);
    const put = (path: string, body: Uint8Array) => this.#ask('PUT', path, {}, body);
    await put(`/v1/h/${pkg.id}`, pkg.bytes);
    for (const { name, digest } of pkg.contents) {
      const content = pkg.present.get(name);
      if (content) await put(`/v1/c/${digest}`, content);
    }
    await put(`/v1/h/${pkg.id}`, pkg.bytes);
  }

  /** @param alive whether the device that asks is still running */
  fetchFor(alive: () => boolean, plan: FaultPlan = NOTHING): typeof fetch {
    let count = 0;
    return async (input, init = {}) => {
      const fault = plan.get(count++);
      const method = init.method ?? 'GET';
      const url = new URL(String(input));
      const headers = Object.fromEntries(new Headers(init.headers));
      const body = init.body ? new Uint8Array(init.body as Uint8Array) : null;
      const ask = () => this.#ask(method, url.pathname + url.search, headers, body);
      if (!alive()) throw new TypeError('the device is off');
      init.signal?.throwIfAborted();
      if (fault === 'late-request') this.#late.push(ask);
      if (fault === 'lost-request' || fault === 'late-request') throw new TypeError('no answer');
      if (fault === 'doubled') await ask();
      const answer = await ask();
      if (!alive()) throw new TypeError('the device is off');
      if (fault === 'lost-answer') throw new TypeError('no answer');
      return responseOf(answer, fault);
    };
  }

  async #ask(
    method: string,
    target: string,
    headers: Record<string, string>,
    body: Uint8Array | null,
  ): Promise<Answer> {
    const carried = carry(this.#endpoint, method, target, headers, body);
    this.#busy.add(carried);
    const answer = await carried.finally(() => this.#busy.delete(carried));
    const [, id] = target.match(/^\/v1\/h\/([0-9a-f]{64})$/) ?? [];
    if (method === 'PUT' && id && (answer.status === 201 || answer.status === 200)) {
      const said = JSON.parse(new TextDecoder().decode(answer.body)) as { index: number };
      this.acknowledged.set(id, said.index);
    }
    if (method === 'POST' && target === '/v1/heads' && answer.status === 200) {
      const { results } = JSON.parse(new TextDecoder().decode(answer.body)) as {
        results: { id: string; index?: number }[];
      };
      for (const { id: logged, index } of results) {
        if (index !== undefined) this.acknowledged.set(logged, index);
      }
    }
    return answer;
  }
}

const GATEWAY = '<html><body><h1>502 Bad Gateway</h1></body></html>';

function responseOf({ status, headers, body }: Answer, fault: Fault | undefined): Response {
  if (fault === 'gateway') {
    return new Response(GATEWAY, { status: 502, headers: { 'Content-Type': 'text/html' } });
  }
  if (status === 204 || status === 304) return new Response(null, { status, headers });
  const bytes = new Uint8Array(body);
  if (fault === 'short') {
    return new Response(bytes.subarray(0, bytes.length >> 1), { status, headers });
  }
  if (fault !== 'cut') return new Response(bytes, { status, headers });
  const stream = new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(bytes.subarray(0, bytes.length >> 1));
      controller.error(new TypeError('terminated'));
    },
  });
  return new Response(stream, { status, headers });
}

/** One request at the endpoint's door, as `node:http` would hand it over. */
async function carry(
  endpoint: Endpoint,
  method: string,
  url: string,
  headers: Record<string, string>,
  body: Uint8Array | null,
): Promise<Answer> {
  const request = Object.assign(Readable.from(body ? [Buffer.from(body)] : []), {
    method,
    url,
    headers: {
      ...headers,
      host: new URL(ORIGIN).host,
      ...(body ? { 'content-length': String(body.length) } : {}),
    },
    socket: { remoteAddress: '127.0.0.1' },
  });
  const answer: Answer = { status: 0, headers: {}, body: new Uint8Array() };
  const response = {
    headersSent: false,
    setHeader(name: string, value: string) {
      answer.headers[name] = value;
    },
    writeHead(status: number, more: Record<string, string | number> = {}) {
      response.headersSent = true;
      answer.status = status;
      for (const [name, value] of Object.entries(more)) answer.headers[name] = String(value);
      return response;
    },
    end(bytes?: Uint8Array) {
      if (bytes) answer.body = new Uint8Array(bytes);
    },
    destroy() {},
  };
  await endpoint.handle(
    request as unknown as IncomingMessage,
    response as unknown as ServerResponse,
  );
  if (answer.status === 0) throw new Error(`${method} ${url} was not answered`);
  return answer;
}
