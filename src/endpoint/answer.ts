/** HTTP answers of the endpoint: JSON problems, bodies with limits, CORS for listed origins. */
import type { IncomingMessage, ServerResponse } from 'node:http';

/** Of what never changes under its address. */
export const IMMUTABLE = 'public, max-age=31536000, immutable';

export function answerJson(response: ServerResponse, status: number, value: unknown): void {
  const body = Buffer.from(JSON.stringify(value));
  response.writeHead(status, {
    'Content-Type': 'application/json',
    'Content-Length': body.length,
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
  });
  response.end(body);
}

export function answerBytes(
  request: IncomingMessage,
  response: ServerResponse,
  bytes: Uint8Array,
  headers: Record<string, string>,
): void {
  const etag = headers['ETag'];
  if (etag && request.headers['if-none-match'] === etag) {
    response.writeHead(304, headers).end();
    return;
  }
  response.writeHead(200, {
    'X-Content-Type-Options': 'nosniff',
    ...headers,
    'Content-Length': bytes.length,
  });
  response.end(request.method === 'HEAD' ? undefined : bytes);
}

/** @returns null when the body is larger than `limit`; the rest is not read. */
export async function readBody(request: IncomingMessage, limit: number): Promise<Buffer | null> {
  if (Number(request.headers['content-length'] ?? 0) > limit) return null;
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > limit) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Adds CORS headers for a listed origin. @returns whether the request was a preflight, now answered. */
export function cors(
  request: IncomingMessage,
  response: ServerResponse,
  origins: readonly string[],
): boolean {
  const origin = request.headers.origin;
  if (origin && origins.includes(origin)) {
    response.setHeader('Access-Control-Allow-Origin', origin);
    response.setHeader('Vary', 'Origin');
    response.setHeader('Access-Control-Expose-Headers', 'ETag, Content-Digest');
  }
  if (request.method !== 'OPTIONS') return false;
  response.writeHead(204, {
    'Access-Control-Allow-Methods': 'GET, HEAD, PUT, POST',
    'Access-Control-Allow-Headers':
      'Content-Type, Content-Digest, Cinnabar-Certificates, Signature, Signature-Input, If-None-Match',
    'Access-Control-Max-Age': '600',
  });
  response.end();
  return true;
}
