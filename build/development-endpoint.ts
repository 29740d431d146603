import type { Plugin } from 'vite';

/** `npm run dev`: the endpoint's routes answer beside Vite's own, from `./data`. */
export function developmentEndpoint(): Plugin {
  return {
    name: 'development-endpoint',
    apply: 'serve',
    async configureServer(server) {
      const { openEndpoint } = (await server.ssrLoadModule(
        '/src/endpoint/index.ts',
      )) as typeof import('../src/endpoint/index.ts');
      const endpoint = await openEndpoint({
        directory: process.env['DATA_DIR'] ?? 'data',
        timeStamps: process.env['TSA_URL'],
      });
      server.middlewares.use((request, response, next) => {
        if (request.url?.startsWith('/v1/')) void endpoint.handle(request, response);
        else next();
      });
      server.httpServer?.on('close', () => void endpoint.close());
    },
  };
}
