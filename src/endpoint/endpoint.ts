/** The storage endpoint's routes (`/v1/…`): heads, contents and an append-only log. */
import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { digest, Malformed, toHex } from '../crypto/index.ts';
import { MAX_CONTENT, MAX_HEAD, readHead } from '../packages/index.ts';
import {
  BATCH_SIZE,
  type Descriptor,
  type HeadBatch,
  MAX_BATCH,
  readHeadBatch,
  writeEntryBundle,
  writeHeadBatch,
} from '../sync/log/index.ts';
import { Access } from './access.ts';
import { Admission, type Refusal } from './admission.ts';
import { answerBytes, answerJson, cors, readBody } from './answer.ts';
import { CheckpointSigner } from './checkpoint-signer.ts';
import { lockDirectory } from './directory-lock.ts';
import { abandon } from './http-server.ts';
import { Intake } from './intake.ts';
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
  const { objects, chain, readers } = await openStore(
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
  const intake = new Intake(objects, admission, readers, now);

  async function putHead(id: string, request: IncomingMessage, response: ServerResponse) {
    const body = await readBody(request, MAX_HEAD);
    if (!body) return tooLarge(response, 'a head holds at most 64 kB');
    const taken = await intake.head(id, body, isLocal(request));
    if ('status' in taken) return refused(response, taken);
    answerJson(response, taken.fresh ? 201 : 200, { id, index: taken.index });
  }

  async function putContent(id: string, request: IncomingMessage, response: ServerResponse) {
    const body = await readBody(request, MAX_CONTENT);
    if (!body) return tooLarge(response, 'a content holds at most 32 MiB');
    const refusal = await intake.content(id, body);
    if (refusal) return refused(response, refusal);
    answerJson(response, 201, { id });
  }

  /** Heads in one request: each is answered by itself. */
  async function postHeads(request: IncomingMessage, response: ServerResponse) {
    const body = await readBody(request, MAX_BATCH);
    if (!body) return tooLarge(response, 'a batch holds at most 4 MiB');
    let batch: HeadBatch;
    try {
      batch = readHeadBatch(body);
    } catch (error) {
      if (!(error instanceof Malformed)) throw error;
      return refuse(response, 422, error.code, error.message);
    }
    const results: unknown[] = [];
    for (const { bytes } of batch.heads) {
      const id = await idOf(bytes);
      const taken = await intake.head(id, bytes, isLocal(request));
      results.push('status' in taken ? { id, ...taken } : { id, index: taken.index });
    }
    answerJson(response, 200, { results });
  }

  async function askerOf(request: IncomingMessage) {
    return access.asker(request, uriOf(request), admission.bundle);
  }

  async function getHead(id: string, request: IncomingMessage, response: ServerResponse) {
    const head = objects.get(id);
    if (!head && objects.isDamaged(id)) return damaged(response);
    if (head?.kind !== 'head' || objects.placeOf(id) === null) return unknown(response);
    const asker = await askerOf(request);
    if (asker === 401) return unsigned(response);
    if (!readers.mayReadHead(head, asker, admission.bundle)) {
      return asker ? notYours(response) : unsigned(response);
    }
    answerBytes(request, response, await objects.read(head), {
      'Content-Type': 'application/vnd.etsi.asic-e+zip',
      'Cache-Control': 'private, no-store',
      ETag: `"${id}"`,
    });
  }

  async function getContent(id: string, request: IncomingMessage, response: ServerResponse) {
    const content = objects.get(id);
    if (!content && objects.isDamaged(id)) return damaged(response);
    const head = content?.kind === 'content' ? objects.get(content.of) : null;
    if (content?.kind !== 'content' || head?.kind !== 'head') return unknown(response);
    const asker = await askerOf(request);
    if (asker === 401) return unsigned(response);
    if (!readers.mayReadContent(content, head, asker, admission.bundle)) {
      return asker ? notYours(response) : unsigned(response);
    }
    answerBytes(request, response, await objects.read(content), {
      'Content-Type': 'application/octet-stream',
      'Cache-Control': content.enveloped ? 'private, no-store' : IMMUTABLE,
      ETag: `"${id}"`,
    });
  }

  /** Heads from an index on that the asker may read, as many as one batch holds. */
  async function getHeads(request: IncomingMessage, response: ServerResponse) {
    const asker = await askerOf(request);
    if (asker === 401) return unsigned(response);
    const batch: HeadBatch = { next: fromOf(request), heads: [] };
    let size = 0;
    for (; batch.next < objects.tree.size; batch.next++) {
      const head = objects.get(objects.idAt(batch.next) ?? '');
      if (head?.kind !== 'head' || !readers.mayReadHead(head, asker, admission.bundle)) continue;
      if (batch.heads.length === BATCH_SIZE || size + head.size > MAX_BATCH - 65_536) break;
      const bytes = await objects.read(head).catch((error: unknown) => {
        if (error instanceof DamagedObject) return null;
        throw error;
      });
      if (!bytes) continue;
      batch.heads.push({ index: batch.next, bytes });
      size += 8 + head.size;
    }
    answerBytes(request, response, writeHeadBatch(batch), {
      'Content-Type': 'application/octet-stream',
      'Cache-Control': 'no-store',
    });
  }

  /** Descriptors of the heads that the asker may read. */
  async function getDescriptors(request: IncomingMessage, response: ServerResponse) {
    const asker = await askerOf(request);
    if (asker === 401) return unsigned(response);
    const list: { index: number; descriptor: Descriptor }[] = [];
    let next = fromOf(request);
    for (; next < objects.tree.size && list.length < 4096; next++) {
      const head = objects.get(objects.idAt(next) ?? '');
      const descriptor = objects.descriptorAt(next);
      if (!descriptor || head?.kind !== 'head') continue;
      if (readers.mayReadHead(head, asker, admission.bundle))
        list.push({ index: next, descriptor });
    }
    answerJson(response, 200, { next, descriptors: list });
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
    const [, kind, id] = pathname.match(/^\/v1\/([hc])\/([0-9a-f]{64})$/) ?? [];
    const ofLog = /^\/v1\/(heads|descriptors|checkpoint|tile\/.*)$/.test(pathname);
    const adding = request.method === 'PUT' && !(id && objects.isDamaged(id));
    if (!objects.logIsWhole && (ofLog || (id && adding))) {
      request.resume();
      return logDamaged(response);
    }
    if (kind && id && request.method === 'PUT') {
      return kind === 'h' ? putHead(id, request, response) : putContent(id, request, response);
    }
    if (kind && id && reading) {
      return kind === 'h' ? getHead(id, request, response) : getContent(id, request, response);
    }
    if (pathname === '/v1/heads' && request.method === 'POST') return postHeads(request, response);
    if (pathname === '/v1/heads' && reading) return getHeads(request, response);
    if (pathname === '/v1/descriptors' && reading) return getDescriptors(request, response);
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
    const known = id || ofLog || /^\/v1\/(tsp|healthz)$/.test(pathname);
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
      await intake.settled();
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

/** Id under which a head in a batch is judged: unreadable ones are refused under their SHA-256. */
async function idOf(bytes: Uint8Array): Promise<string> {
  try {
    return (await readHead(bytes)).id;
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    return toHex(await digest('SHA-256', bytes));
  }
}

/** `from` of the query: an index in the log. */
function fromOf(request: IncomingMessage): number {
  const text = request.url?.match(/[?&]from=(\d{1,9})(&|$)/)?.[1];
  return Number(text ?? 0);
}

function refused(response: ServerResponse, refusal: Refusal): void {
  const { status, code, message, missing } = refusal;
  if (status === 429) response.setHeader('Retry-After', '600');
  answerJson(response, status, { code, message, ...(missing ? { missing } : {}) });
}

function tooLarge(response: ServerResponse, message: string): void {
  response.setHeader('Connection', 'close');
  refuse(response, 413, 'too-large', message);
}

function unknown(response: ServerResponse): void {
  refuse(response, 404, 'unknown', 'no such object');
}

function unsigned(response: ServerResponse): void {
  refuse(response, 401, 'request-signature', 'sign the request');
}

function notYours(response: ServerResponse): void {
  refuse(response, 403, 'readers', 'only for those whom it concerns');
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
