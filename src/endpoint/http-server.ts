/**
 * The server of app and endpoint. Whatever a request looks like, it is answered or its connection
 * is ended; nothing that it makes anybody throw reaches the process.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { answerJson } from './answer.ts';
import { pathOf } from './request-target.ts';

export type Handler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/** @param api answers paths under `/v1/`; @param files everything else */
export function createHttpServer(api: Handler, files: Handler): Server {
  const server = createServer((request, response) => {
    // A connection that breaks is the peer's affair; without a listener it would be everybody's.
    request.on('error', () => {});
    response.on('error', () => {});
    void carryOut(pathOf(request)?.startsWith('/v1/') ? api : files, request, response);
  });
  server.requestTimeout = 120_000;
  return server;
}

async function carryOut(
  handler: Handler,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  try {
    await handler(request, response);
  } catch (error) {
    if (!request.destroyed) console.error('A request was not carried out:', error);
    abandon(response);
  }
}

/** Ends a request that failed: by an answer, or by the connection where one has begun. */
export function abandon(response: ServerResponse, status = 500, code = 'internal'): void {
  try {
    if (response.headersSent) response.destroy();
    else answerJson(response, status, { code, message: 'the request was not carried out' });
  } catch {
    response.destroy();
  }
}
