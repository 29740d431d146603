/**
 * Serves the built app: one policy on every answer, long life for hashed names, the compiled
 * right of WebAssembly for the one worker that decodes QR codes.
 */
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { extname, join, normalize, resolve, sep } from 'node:path';
import { pipeline } from 'node:stream';
import { createGzip } from 'node:zlib';
import { contentSecurityPolicy } from '../../build/content-security-policy.ts';
import { pathOf } from './request-target.ts';

const TYPES: Record<string, string> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.mjs': 'text/javascript; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.ttf': 'font/ttf',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json',
};
const COMPRESSED = new Set([
  '.css',
  '.html',
  '.js',
  '.json',
  '.mjs',
  '.svg',
  '.ttf',
  '.txt',
  '.wasm',
  '.webmanifest',
]);

function headersFor(path: string): Record<string, string> {
  const policy = /worker/.test(path)
    ? contentSecurityPolicy.replace("script-src 'self'", "script-src 'self' 'wasm-unsafe-eval'")
    : contentSecurityPolicy;
  return {
    'Content-Type': TYPES[extname(path)] ?? 'application/octet-stream',
    'Cache-Control': path.startsWith('/assets/')
      ? 'public, max-age=31536000, immutable'
      : 'no-cache',
    'Content-Security-Policy': `${policy}; frame-ancestors 'none'`,
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'no-referrer',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Permissions-Policy': 'camera=(self), microphone=(), geolocation=()',
  };
}

/** Answers from `root`; unknown paths without an extension get the page (its routes are hashes). */
export function staticFiles(directory: string) {
  const root = resolve(directory);
  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.writeHead(405, { Allow: 'GET, HEAD' }).end();
      return;
    }
    const target = pathOf(request);
    const wanted = target === null ? null : decoded(target);
    const path = wanted !== null && extname(wanted) === '' ? '/index.html' : wanted;
    const file = path === null ? null : join(root, normalize(path));
    const info = file?.startsWith(root + sep) ? await stat(file).catch(() => null) : null;
    if (!path || !file || !info?.isFile()) {
      response.writeHead(404, { 'Content-Type': 'text/plain' }).end('not found');
      return;
    }
    const etag = `"${info.size.toString(16)}-${Math.floor(info.mtimeMs).toString(16)}"`;
    const headers = { ...headersFor(path), ETag: etag, Vary: 'Accept-Encoding' };
    if (request.headers['if-none-match'] === etag) {
      response.writeHead(304, headers).end();
      return;
    }
    const gzip =
      COMPRESSED.has(extname(path)) && /\bgzip\b/.test(String(request.headers['accept-encoding']));
    response.writeHead(
      200,
      gzip
        ? { ...headers, 'Content-Encoding': 'gzip' }
        : { ...headers, 'Content-Length': info.size },
    );
    if (request.method === 'HEAD') response.end();
    else if (gzip) pipeline(createReadStream(file), createGzip(), response, () => {});
    else pipeline(createReadStream(file), response, () => {});
  };
}

function decoded(path: string): string | null {
  try {
    const text = decodeURIComponent(path);
    return text.includes('\0') ? null : text;
  } catch {
    return null;
  }
}
