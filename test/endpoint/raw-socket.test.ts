/**
 * Requests that no client library would write, sent to the built server over a bare socket. A few
 * hundred by default; `FUZZ_REQUESTS=20000 FUZZ_SEED=7 npx vitest run test/endpoint/raw-socket.test.ts`
 * sends more, and others.
 */
import { readdir, stat } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { healthOf, type RealServer, realServer } from './real-server.ts';

const REQUESTS = Number(process.env['FUZZ_REQUESTS'] ?? 400);
const SEED = Number(process.env['FUZZ_SEED'] ?? 20_261_201);
const HASH = 'ab'.repeat(32);

let server: RealServer;
beforeAll(async () => {
  server = await realServer();
});
afterAll(() => server.stop());

/** Sends octets, in pieces where several are given. @returns what came back, '' where nothing did */
function send(pieces: readonly string[], abort = false): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(Number(new URL(server.url as string).port), '127.0.0.1');
    let answer = '';
    const done = () => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(3000, done);
    socket.on('data', (chunk) => {
      answer += chunk.toString('latin1');
    });
    socket.on('error', done);
    socket.on('close', done);
    socket.on('connect', async () => {
      for (const piece of pieces) {
        socket.write(piece, 'latin1');
        if (pieces.length > 1) await new Promise((go) => setImmediate(go));
      }
      if (abort) socket.resetAndDestroy();
      else socket.end();
    });
  });
}

const statusOf = (answer: string): number => Number(answer.match(/^HTTP\/1\.1 (\d{3}) /)?.[1] ?? 0);

async function alive(): Promise<void> {
  expect(server.running(), server.stderr()).toBe(true);
  expect(await healthOf(server)).toMatchObject({ ok: true, size: 0 });
  const segments = join(server.directory, 'segments');
  for (const name of await readdir(segments)) {
    expect((await stat(join(segments, name))).size).toBe(0);
  }
}

describe('the raw socket', () => {
  test.each([
    ['an empty authority', 'GET // HTTP/1.1\r\nHost: a\r\n\r\n'],
    ['an authority that is no address', 'GET //[ HTTP/1.1\r\nHost: a\r\n\r\n'],
    ['a bare scheme', 'GET http:// HTTP/1.1\r\nHost: a\r\n\r\n'],
    ['a scheme with half an address', 'GET http://[::1 HTTP/1.1\r\nHost: a\r\n\r\n'],
    ['a port out of range', 'GET http://a:99999/ HTTP/1.1\r\nHost: a\r\n\r\n'],
    ['an empty authority under /v1/', 'GET /v1/// HTTP/1.1\r\nHost: a\r\n\r\n'],
    ['broken percent encoding', 'GET /%E0%A4%A HTTP/1.1\r\nHost: a\r\n\r\n'],
    ['an encoded NUL', 'GET /%00.js HTTP/1.1\r\nHost: a\r\n\r\n'],
    ['encoded steps upwards', 'GET /%2e%2e/%2e%2e/package.json HTTP/1.1\r\nHost: a\r\n\r\n'],
    ['asterisk form', 'OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n'],
    ['asterisk form with GET', 'GET * HTTP/1.1\r\nHost: a\r\n\r\n'],
    ['authority form', 'CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n'],
    [
      'an upgrade',
      'GET / HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n',
    ],
    ['HTTP/2 without asking', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
    ['no HTTP', '\x16\x03\x01\x02\x00\x01'],
    [
      'two lengths',
      'POST /v1/heads HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nx',
    ],
    [
      'length and chunks',
      'POST /v1/heads HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    ],
    [
      'a chunk of no size',
      'POST /v1/heads HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n',
    ],
    ['a header that never ends', `GET / HTTP/1.1\r\nHost: a\r\nX: ${'y'.repeat(100_000)}`],
    ['an expectation', 'PUT /v1/heads HTTP/1.1\r\nHost: a\r\nExpect: 200-maybe\r\n\r\n'],
    [
      'an origin with control characters',
      'GET /v1/healthz HTTP/1.1\r\nHost: a\r\nOrigin: \x01\x7f\r\n\r\n',
    ],
    [
      'a range that is none',
      'GET / HTTP/1.1\r\nHost: a\r\nRange: bytes=9-1\r\nIf-None-Match: "\r\n\r\n',
    ],
  ])('%s does not end the process', async (_, request) => {
    const status = statusOf(await send([request]));
    expect(status === 0 || (status >= 200 && status < 500) || status === 501).toBe(true);
    await alive();
  });

  test('absolute form names the same path as origin form (RFC 9112 3.2.2)', async () => {
    const answer = await send(['GET http://a/v1/healthz?x HTTP/1.1\r\nHost: a\r\n\r\n']);
    expect(statusOf(answer)).toBe(200);
    expect(answer).toContain('"ok":true');
    expect(statusOf(await send(['GET //v1/healthz HTTP/1.1\r\nHost: a\r\n\r\n']))).not.toBe(500);
  });

  test('a body broken off, at any point, is nothing stored and nobody hurt', async () => {
    const head = `PUT /v1/h/${HASH} HTTP/1.1\r\nHost: a\r\nContent-Length: 4000\r\n\r\n`;
    for (const sent of [0, 1, 1000, 3999]) {
      await send([head, 'x'.repeat(sent)], true);
      await send([head, 'x'.repeat(sent)]);
    }
    await alive();
  });

  test(`${REQUESTS} requests of any shape (seed ${SEED})`, async () => {
    const requests = fc.sample(request, { seed: SEED, numRuns: REQUESTS });
    for (let at = 0; at < requests.length; at += 32) {
      const batch = requests.slice(at, at + 32);
      const answers = await Promise.all(batch.map(({ pieces, abort }) => send(pieces, abort)));
      for (const [i, answer] of answers.entries()) {
        expect(statusOf(answer), JSON.stringify(batch[i])).not.toBe(500);
      }
      expect(server.running(), JSON.stringify(batch)).toBe(true);
    }
    await alive();
  }, 600_000);
});

const octets = (max: number) =>
  fc
    .array(fc.integer({ min: 0, max: 255 }), { maxLength: max })
    .map((codes) => String.fromCharCode(...codes));
const oneOf = (...words: string[]) => fc.constantFrom(...words);

const method = oneOf(
  'GET',
  'HEAD',
  'PUT',
  'POST',
  'OPTIONS',
  'DELETE',
  'CONNECT',
  'TRACE',
  'get',
  'G=T',
  '',
);
const segment = fc.oneof(
  oneOf(
    '',
    '/',
    '//',
    '.',
    '..',
    '%2e%2e',
    '%',
    '%00',
    '%ff',
    '[',
    ']',
    '@',
    ':',
    '\\',
    '?',
    '#',
    ' ',
    'x:y',
  ),
  oneOf(
    'v1',
    'o',
    'log',
    'tsp',
    'tile',
    'entries',
    '000',
    'x001',
    '0',
    '000.p',
    '255',
    '999',
    HASH,
  ),
  oneOf('healthz', 'checkpoint', 'index.html', 'assets', 'constructor', '__proto__'),
  octets(6),
);
const path = fc.array(segment, { maxLength: 6 }).map((parts) => `/${parts.join('/')}`);
const target = fc.oneof(
  { weight: 4, arbitrary: path },
  fc
    .tuple(oneOf('http://', 'https://', 'ftp://', 'http:', '//', 'http://a', 'http://[::1]'), path)
    .map((each) => each.join('')),
  oneOf(
    '*',
    '',
    'http://',
    '//[',
    '//',
    'a:1',
    '/v1/h/',
    `/v1/h/${HASH}`,
    '/v1/heads',
    '/v1/tile/entries/000',
  ),
);
const certificates = oneOf(':MAA=:', ':AA==:, :AA==:', ':', ':MIIBAA==:', 'x');
const signed = `sig1=("@method" "@target-uri" "cinnabar-certificates");created=1790000000;keyid="${HASH}";alg="ed25519";nonce="${'A'.repeat(16)}"`;
const header = fc.oneof(
  fc
    .tuple(
      oneOf('Content-Length', 'Content-length '),
      oneOf('0', '5', '-1', '1e3', '99999999999', '5, 5'),
    )
    .map((each) => each.join(': ')),
  oneOf(
    'Transfer-Encoding: chunked',
    'Transfer-Encoding: gzip',
    'Connection: upgrade',
    'Upgrade: h2c',
  ),
  oneOf(
    'Expect: 100-continue',
    'Origin: null',
    'Host: ',
    'Host: [',
    'Host: a:b',
    'X-Forwarded-Proto: https',
  ),
  oneOf(
    'Accept-Encoding: gzip',
    'If-None-Match: *',
    'Range: bytes=0-',
    'Content-Type: application/timestamp-query',
  ),
  certificates.map((each) => `Cinnabar-Certificates: ${each}`),
  oneOf(
    `Signature-Input: ${signed}`,
    'Signature-Input: sig1=()',
    'Signature: sig1=:AAAA:',
    'Signature: ::',
  ),
  fc.tuple(octets(8), octets(20)).map((each) => each.join(':')),
);
const body = fc.oneof(
  oneOf(
    '',
    '[]',
    '{}',
    '[null]',
    '5\r\nhello\r\n0\r\n\r\n',
    'ffffffffffffffff\r\n',
    'PK\x03\x04',
    'x'.repeat(3000),
  ),
  octets(64),
);
const request = fc
  .record({
    method,
    target,
    version: oneOf('HTTP/1.1', 'HTTP/1.1', 'HTTP/1.1', 'HTTP/1.0', 'HTTP/9.9', ''),
    headers: fc.array(header, { maxLength: 5 }),
    body,
    end: oneOf('\r\n', '\r\n', '\r\n', '\n', '\r', ''),
    cut: fc.option(fc.nat(200)),
    abort: fc.boolean(),
  })
  .map((each) => {
    const line = `${each.method} ${each.target} ${each.version}`;
    const text = [line, 'Host: a', ...each.headers, '', each.body].join(each.end);
    const pieces = each.cut === null ? [text] : [text.slice(0, each.cut), text.slice(each.cut)];
    return { pieces, abort: each.abort && each.cut !== null };
  });
