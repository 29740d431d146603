/** The storage endpoint's routes (`/v1/…`): content-addressed objects and an append-only log. */
import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { isLogEntry, writeEntryBundle } from '../sync/log/index.ts';
import { Access } from './access.ts';
import { Admission, type Refusal } from './admission.ts';
import { answerBytes, answerJson, cors, MAX_OBJECT, readBody } from './answer.ts';
import { CheckpointSigner } from './checkpoint-signer.ts';
import { lockDirectory } from './directory-lock.ts';
import { abandon } from './http-server.ts';
import { DamagedObject } from './objects.ts';
import { openStore } from './open-store.ts';
import { isLocal } from './request-origin.ts';
import { pathOf } from './request-target.ts';
import { MAX_REQUEST, TIME_STAMP_REPLY, TimeStampRelay } from './time-stamp-relay.ts';

export interface EndpointOptions {
  /** Where segments and the checkpoint key live. */
  directory: string;
  /** Other origins whose pages may ask; the app's own needs no entry. */
  origins?: readonly string[];
  now?: () => Date;
  /** Time-stamp authority (RFC 3161 over HTTP) that `/v1/tsp` relays to; absent: none. */
  timeStamps?: string | undefined;
  /** SHA-256 hex of a root certificate of the deployment; absent: the first bundle from loopback settles it. */
  deployment?: string | undefined;
  /** Told of damage and of what else its operator should look at; stderr by default. */
  warn?: (line: string) => void;
}

export interface Endpoint {
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>;
  /** Waits for what is being written, then lets go of the files. */
  close(): Promise<void>;
}

const IMMUTABLE = 'public, max-age=31536000, immutable';

export async function openEndpoint(options: EndpointOptions): Promise<Endpoint> {
  const now = options.now ?? (() => new Date());
  const warn = options.warn ?? ((line: string) => console.error(line));
  const lock = await lockDirectory(options.directory);
  const { objects, chain } = await openStore(
    options.directory,
    options.deployment ?? null,
    warn,
  ).catch(async (error) => {
    await lock.release();
    throw error;
  });
  const signer = await CheckpointSigner.open(options.directory);
  const admission = new Admission(chain, now);
  const access = new Access(now);
  const relay = options.timeStamps ? new TimeStampRelay(options.timeStamps, now) : null;
  let logging: Promise<unknown> = Promise.resolve();
  let adopting: Promise<unknown> = Promise.resolve();

  async function admit(id: string, body: Uint8Array, local: boolean): Promise<Refusal | null> {
    const judged = await admission.judge(body, local);
    if ('status' in judged) return judged;
    const { bundle, ...description } = judged;
    if (!bundle) {
      await objects.put(id, body, description);
      return null;
    }
    // One at a time: each is judged by the trust that the one before left.
    const work = adopting.then(async () => {
      const again = await admission.judge(body, local);
      if ('status' in again) return again;
      await objects.put(id, body, description);
      if (again.bundle) admission.adopt(again.bundle);
      return null;
    });
    adopting = work.catch(() => {});
    return work;
  }

  async function putObject(id: string, request: IncomingMessage, response: ServerResponse) {
    if (objects.get(id)) {
      request.resume();
      return answerJson(response, 200, { sha256: id, index: objects.placeOf(id) });
    }
    if (!objects.logIsWhole && !objects.isDamaged(id)) {
      request.resume();
      return logDamaged(response);
    }
    const body = await readBody(request, MAX_OBJECT);
    if (!body) {
      response.setHeader('Connection', 'close');
      return refuse(response, 413, 'too-large', 'a package holds at most 32 MiB');
    }
    if (createHash('sha256').update(body).digest('hex') !== id) {
      return refuse(response, 422, 'hash', 'the bytes do not have this hash');
    }
    const refusal = await admit(id, body, isLocal(request));
    if (refusal) {
      if (refusal.status === 429) response.setHeader('Retry-After', '600');
      return refuse(response, refusal.status, refusal.code, refusal.message);
    }
    answerJson(response, 201, { sha256: id, index: objects.placeOf(id) });
  }

  async function getObject(id: string, request: IncomingMessage, response: ServerResponse) {
    const object = objects.get(id);
    if (!object && objects.isDamaged(id)) return damaged(response);
    if (!object) return refuse(response, 404, 'unknown', 'no such object');
    const status = await access.mayRead(object, request, uriOf(request), admission.bundle);
    if (status !== 200) return refuse(response, status, 'recipients', 'only for its recipients');
    answerBytes(request, response, await objects.read(object), {
      'Content-Type': 'application/vnd.etsi.asic-e+zip',
      'Cache-Control': object.public ? IMMUTABLE : 'private, no-store',
      ETag: `"${id}"`,
    });
  }

  async function postLog(request: IncomingMessage, response: ServerResponse) {
    const body = await readBody(request, 2 * 1024 * 1024);
    let list: unknown;
    try {
      list = JSON.parse(body?.toString() ?? '');
    } catch {
      list = null;
    }
    if (!Array.isArray(list) || list.length > 256 || !list.every(isLogEntry)) {
      return refuse(response, 422, 'log-entry', 'an array of at most 256 descriptors is expected');
    }
    for (const entry of list) {
      const object = objects.get(entry.sha256);
      if (!object) return refuse(response, 422, 'not-stored', `${entry.sha256} is not stored`);
      const { size, type, signer: by, prev } = object;
      if (
        entry.size !== size ||
        entry.type !== type ||
        entry.signer !== by ||
        `${entry.prev}` !== `${prev}`
      ) {
        return refuse(response, 422, 'descriptor', `${entry.sha256} is described wrongly`);
      }
    }
    // One caller at a time: places are given in order, and a batch stays together.
    const work = logging.then(async () => {
      const indexes: number[] = [];
      for (const entry of list) indexes.push(await objects.log(entry));
      return indexes;
    });
    logging = work.catch(() => {});
    answerJson(response, 200, { indexes: await work, checkpoint: await checkpoint() });
  }

  const checkpoint = () => signer.sign(objects.tree, now());

  async function getCheckpoint(request: IncomingMessage, response: ServerResponse) {
    const note = Buffer.from(await checkpoint());
    const etag = `"${objects.tree.size}-${createHash('sha256').update(note).digest('hex').slice(0, 16)}"`;
    answerBytes(request, response, note, {
      'Content-Type': 'text/plain; charset=utf-8',
      'Cache-Control': 'no-cache',
      ETag: etag,
    });
  }

  function getTile(path: string, request: IncomingMessage, response: ServerResponse) {
    const parts = path.match(/^(entries|\d)\/((?:x\d{3}\/)*\d{3})(?:\.p\/(\d{1,3}))?$/);
    const index = Number(parts?.[2]?.replaceAll(/[x/]/g, '') ?? Number.NaN);
    const width = parts?.[3] === undefined ? 256 : Number(parts[3]);
    let bytes: Uint8Array | null = null;
    if (parts?.[1] === 'entries') {
      const entries = objects.entries.slice(256 * index, 256 * index + width);
      bytes = entries.length === width && width > 0 ? writeEntryBundle(entries) : null;
    } else if (parts) bytes = objects.tree.tile(Number(parts[1]), index, width);
    if (!bytes) return refuse(response, 404, 'unknown', 'no such tile');
    answerBytes(request, response, bytes, {
      'Content-Type': 'application/octet-stream',
      'Cache-Control': IMMUTABLE,
    });
  }

  async function postTimeStamp(request: IncomingMessage, response: ServerResponse) {
    if (!relay) {
      request.resume();
      return refuse(response, 404, 'tsp-none', 'this endpoint knows no time-stamp authority');
    }
    const body = await readBody(request, MAX_REQUEST);
    if (!body) {
      response.setHeader('Connection', 'close');
      return refuse(response, 413, 'too-large', 'not a request for a time stamp');
    }
    const asker = await access.certified(request, uriOf(request), admission.bundle, body);
    if (typeof asker === 'number') {
      return refuse(response, asker, 'certified', 'only for people of this deployment');
    }
    const answer = await relay.ask(asker, request.headers['content-type'] ?? '', body);
    if ('status' in answer) {
      if (answer.status === 429) response.setHeader('Retry-After', '600');
      return refuse(response, answer.status, answer.code, answer.message);
    }
    answerBytes(request, response, answer.reply, {
      'Content-Type': TIME_STAMP_REPLY,
      'Cache-Control': 'no-store',
    });
  }

  async function route(request: IncomingMessage, response: ServerResponse) {
    const pathname = pathOf(request) ?? '';
    const reading = request.method === 'GET' || request.method === 'HEAD';
    const id = pathname.match(/^\/v1\/o\/([0-9a-f]{64})$/)?.[1];
    if (id && request.method === 'PUT') return putObject(id, request, response);
    if (id && reading) return getObject(id, request, response);
    if (!objects.logIsWhole && /^\/v1\/(log|checkpoint|tile\/.*)$/.test(pathname)) {
      request.resume();
      return logDamaged(response);
    }
    if (pathname === '/v1/log' && request.method === 'POST') return postLog(request, response);
    if (pathname === '/v1/tsp' && request.method === 'POST')
      return postTimeStamp(request, response);
    if (pathname === '/v1/checkpoint' && reading) return getCheckpoint(request, response);
    if (pathname.startsWith('/v1/tile/') && reading) {
      return getTile(pathname.slice(9), request, response);
    }
    if (pathname === '/v1/healthz' && reading) {
      return answerJson(response, objects.logIsWhole ? 200 : 503, {
        ok: objects.logIsWhole,
        size: objects.tree.size,
        key: signer.publicKey,
        timeStamps: relay !== null,
        damage: objects.damageNow().slice(0, 100),
      });
    }
    const known = id || /^\/v1\/(log|tsp|checkpoint|healthz|tile\/.*)$/.test(pathname);
    refuse(response, known ? 405 : 404, known ? 'method' : 'unknown', 'no such route');
  }

  return {
    async handle(request, response) {
      try {
        if (!cors(request, response, options.origins ?? [])) await route(request, response);
      } catch (error) {
        if (error instanceof DamagedObject && !response.headersSent) {
          warn(`${error.message}.`);
          return damaged(response);
        }
        const full = (error as NodeJS.ErrnoException).code === 'ENOSPC';
        abandon(response, full ? 507 : 500, full ? 'full' : 'internal');
      }
    },
    async close() {
      await Promise.all([logging, adopting]);
      await objects.close();
      await lock.release();
    },
  };
}

/** The whole address that the asker signed. */
function uriOf({ headers, url }: IncomingMessage): string {
  const protocol = headers['x-forwarded-proto'] === 'https' ? 'https' : 'http';
  return `${protocol}://${headers.host ?? ''}${url}`;
}

/** It was stored, and is not what it was. */
function damaged(response: ServerResponse): void {
  refuse(response, 500, 'damaged', 'the stored object is damaged; who has it may store it again');
}

/** A checkpoint over fewer entries would contradict those that were signed. */
function logDamaged(response: ServerResponse): void {
  refuse(response, 503, 'log-damaged', 'entries of the log are lost');
}

function refuse(response: ServerResponse, status: number, code: string, message: string): void {
  answerJson(response, status, { code, message });
}
