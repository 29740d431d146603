/** Routes of heads, contents and descriptors: what is put in, and what each asker is given. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { digest, Malformed, toHex } from '../crypto/index.ts';
import { MAX_HEAD, readHead } from '../packages/index.ts';
import {
  BATCH_SIZE,
  type Descriptor,
  type HeadBatch,
  MAX_BATCH,
  readHeadBatch,
  writeHeadBatch,
} from '../sync/log/index.ts';
import type { Access } from './access.ts';
import type { Admission } from './admission.ts';
import { answerBytes, answerJson, IMMUTABLE, readBody } from './answer.ts';
import type { Intake } from './intake.ts';
import { DamagedObject, type Objects } from './objects.ts';
import type { Readers } from './readers.ts';
import { damaged, notYours, refuse, refused, tooLarge, unknown, unsigned } from './refusing.ts';
import { isLocal, uriOf } from './request-origin.ts';

export interface PackageRouteOptions {
  objects: Objects;
  readers: Readers;
  intake: Intake;
  access: Access;
  admission: Admission;
}

export function packageRoutes({
  objects,
  readers,
  intake,
  access,
  admission,
}: PackageRouteOptions) {
  async function putHead(id: string, request: IncomingMessage, response: ServerResponse) {
    const body = await readBody(request, MAX_HEAD);
    if (!body) return tooLarge(response, 'a head holds at most 64 kB');
    const taken = await intake.head(id, body, isLocal(request));
    if ('status' in taken) return refused(response, taken);
    answerJson(response, taken.fresh ? 201 : 200, { id, index: taken.index });
  }

  async function putContent(id: string, request: IncomingMessage, response: ServerResponse) {
    if (objects.get(id)) {
      request.resume();
      return answerJson(response, 200, { id });
    }
    // Nothing is read into memory that no head names, nor more of it than the head says.
    const length = intake.lengthOf(id);
    const body = length === null ? null : await readBody(request, length);
    if (!body) {
      response.setHeader('Connection', 'close');
      return length === null
        ? refuse(response, 409, 'content-unexpected', 'send the head first')
        : refuse(response, 413, 'too-large', 'longer than the head says');
    }
    const refusal = await intake.content(id, body);
    if (refusal) return refused(response, refusal);
    answerJson(response, 201, { id });
  }

  /**
   * Heads in one request: each is answered by itself. After one that lacks contents nothing is logged, so
   * that the log takes them in the order of their sender, who offers them again.
   */
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
    let waits = false;
    for (const { bytes } of batch.heads) {
      const id = await idOf(bytes);
      const taken = await intake.head(id, bytes, isLocal(request), waits);
      waits ||= 'status' in taken && taken.code === 'contents-missing';
      results.push('status' in taken ? { id, ...taken } : { id, index: taken.index });
    }
    answerJson(response, 200, { results });
  }

  async function askerOf(request: IncomingMessage) {
    const { bundle } = admission;
    const trust = bundle && (await readers.revocations.over(bundle));
    return access.asker(request, uriOf(request), trust);
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

  return { putHead, putContent, postHeads, getHead, getContent, getHeads, getDescriptors };
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
