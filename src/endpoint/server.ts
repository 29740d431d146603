/** `npm start`: the app and the endpoint from one process, on loopback. */
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openEndpoint } from './endpoint.ts';
import { createHttpServer } from './http-server.ts';
import { EndpointRefused } from './refused.ts';
import { staticFiles } from './static-files.ts';
import { isAuthority } from './time-stamp-relay.ts';

const port = Number(process.env['PORT'] ?? 4173);
const host = process.env['HOST'] ?? '127.0.0.1';
const here = dirname(fileURLToPath(import.meta.url));
const timeStamps = process.env['TSA_URL'] ?? '';
if (timeStamps !== '' && !isAuthority(timeStamps)) {
  console.error('TSA_URL is not an http or https address without user and password.');
  process.exit(1);
}
const deployment = (process.env['DEPLOYMENT'] ?? '').replaceAll(/[\s:]/g, '').toLowerCase();
if (!/^([0-9a-f]{64})?$/.test(deployment)) {
  console.error(
    'DEPLOYMENT is not a fingerprint: 64 hexadecimal digits, as people compare on joining.',
  );
  process.exit(1);
}
const endpoint = await openEndpoint({
  directory: resolve(process.env['DATA_DIR'] ?? 'data'),
  origins: (process.env['ORIGINS'] ?? '').split(',').filter(Boolean),
  timeStamps,
  deployment: deployment || undefined,
}).catch((error: unknown) => {
  if (!(error instanceof EndpointRefused)) throw error;
  console.error(error.message);
  process.exit(1);
});
const files = staticFiles(process.env['APP_DIR'] ?? join(here, '../app'));

const server = createHttpServer(endpoint.handle, files);
server.on('error', (error: NodeJS.ErrnoException) => {
  console.error(
    error.code === 'EADDRINUSE'
      ? `Port ${port} is taken. Choose another with PORT=…`
      : `The server stopped: ${error.message}`,
  );
  process.exit(1);
});
server.listen(port, host, () => {
  const address = server.address();
  const bound = typeof address === 'object' && address ? address.port : port;
  console.log(`Cinnabar 朱砂  http://${host}:${bound}/`);
});

let ending = false;
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.on(signal, () => {
    if (ending) return;
    ending = true;
    server.close(() => void endpoint.close().then(() => process.exit(0)));
    server.closeIdleConnections();
    setTimeout(() => server.closeAllConnections(), 5000).unref();
  });
}
