/** The storage endpoint's routes (`/v1/…`): heads, contents and an append-only log. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { TileTree, writeEntryBundle } from '../sync/log/index.ts';
import { Access } from './access.ts';
import { Admission } from './admission.ts';
import { answerBytes, answerJson, cors, IMMUTABLE, readBody } from './answer.ts';
import { CheckpointSigner } from './checkpoint-signer.ts';
import { lockDirectory } from './directory-lock.ts';
import { abandon } from './http-server.ts';
import { Intake } from './intake.ts';
import { DamagedObject } from './objects.ts';
import { openStore } from './open-store.ts';
import { packageRoutes } from './package-routes.ts';
import { damaged, logDamaged, refuse, stopped } from './refusing.ts';
import { uriOf } from './request-origin.ts';
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

  const packages = packageRoutes({ objects, readers, intake, access, admission });

  async function getCheckpoint(request: IncomingMessage, response: ServerResponse) {
    // An empty log belongs to no suite yet: who asks names his.
    const empty = objects.digest === null && request.url?.endsWith('?suite=SM2');
    const note = Buffer.from(await signer.sign(empty ? new TileTree('SM3') : objects.tree, now()));
    const etag = `"${objects.tree.size}-${note.subarray(-24, -2).toString('hex')}"`;
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
      return kind === 'h'
        ? packages.putHead(id, request, response)
        : packages.putContent(id, request, response);
    }
    if (kind && id && reading) {
      return kind === 'h'
        ? packages.getHead(id, request, response)
        : packages.getContent(id, request, response);
    }
    if (pathname === '/v1/heads' && request.method === 'POST')
      return packages.postHeads(request, response);
    if (pathname === '/v1/heads' && reading) return packages.getHeads(request, response);
    if (pathname === '/v1/descriptors' && reading)
      return packages.getDescriptors(request, response);
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
        key: signer.publicKey(objects.tree.digest),
        keys: { 'P-256': signer.publicKey('SHA-256'), SM2: signer.publicKey('SM3') },
        timeStamps: relay !== null,
        damage: objects.damageNow().slice(0, 100),
      });
    }
    const known = id || ofLog || /^\/v1\/(tsp|healthz)$/.test(pathname);
    refuse(response, known ? 405 : 404, known ? 'method' : 'unknown', 'no such route');
  }

  let stopping = false;
  return {
    async handle(request, response) {
      try {
        if (stopping) {
          request.resume();
          return stopped(response);
        }
        if (!cors(request, response, options.origins ?? [])) await route(request, response);
      } catch (error) {
        if (stopping && !response.headersSent) return stopped(response);
        if (error instanceof DamagedObject && !response.headersSent) {
          warn(`${error.message}.`);
          return damaged(response);
        }
        const full = (error as NodeJS.ErrnoException).code === 'ENOSPC';
        abandon(response, full ? 507 : 500, full ? 'full' : 'internal');
      }
    },
    async close() {
      stopping = true;
      await intake.settled();
      await objects.close();
      await lock.release();
    },
  };
}
