import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';
import { contentSecurityPolicyMeta } from './build/content-security-policy.ts';
import { developmentEndpoint } from './build/development-endpoint.ts';
import { serviceWorker } from './build/service-worker.ts';

/**
 * Three outputs of one source (`build/build.mjs` runs them): the app, the library (`--mode lib`)
 * and the programs for Node (`--mode node`): endpoint, sample, benchmarks, conformance.
 */
export default defineConfig(({ mode }) => {
  if (mode === 'lib') {
    return {
      publicDir: false,
      build: {
        outDir: 'dist/lib',
        target: 'es2022',
        chunkSizeWarningLimit: 3000,
        lib: { entry: 'src/index.ts', formats: ['es'], fileName: () => 'cinnabar.js' },
        rolldownOptions: { output: { chunkFileNames: 'chunks/[name]-[hash].js' } },
      },
    };
  }
  if (mode === 'node') {
    return {
      publicDir: false,
      ssr: { noExternal: true },
      build: {
        ssr: true,
        outDir: 'dist/endpoint',
        target: 'node20',
        chunkSizeWarningLimit: 3000,
        rolldownOptions: {
          input: {
            server: 'src/endpoint/server.ts',
            sample: 'scripts/sample.ts',
            samples: 'scripts/samples.ts',
            bench: 'scripts/bench.ts',
            conformance: 'scripts/conformance.ts',
            fuzz: 'scripts/fuzz.ts',
            simulate: 'scripts/simulate.ts',
          },
          output: { entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
        },
      },
    };
  }
  return {
    plugins: [svelte(), contentSecurityPolicyMeta(), serviceWorker(), developmentEndpoint()],
    build: {
      outDir: 'dist/app',
      target: 'es2022',
      chunkSizeWarningLimit: 3000,
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
    },
    worker: { format: 'es' },
    server: { host: '127.0.0.1' },
  };
});
