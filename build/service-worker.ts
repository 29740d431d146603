import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { build, type Plugin, type ResolvedConfig } from 'vite';

/**
 * The stock worker of qr-scanner is emitted and never used (our own engine replaces it); samples are
 * fetched by those who try them.
 */
const UNUSED = /(^sw\.js$|\.map$|qr-scanner-worker|^samples\/)/;

/**
 * Writes `sw.js` after the app: everything the app needs offline, by name and revision, so that one
 * visit is enough. Hashed names under `assets/` are their own revision.
 */
export function serviceWorker(): Plugin {
  let config: ResolvedConfig;
  return {
    name: 'service-worker',
    apply: 'build',
    configResolved(resolved) {
      config = resolved;
    },
    async closeBundle(error?: Error) {
      if (error) return;
      const outDir = join(config.root, config.build.outDir);
      const entries = await precacheEntries(outDir);
      await build({
        configFile: false,
        root: config.root,
        publicDir: false,
        logLevel: 'warn',
        define: {
          __PRECACHE__: JSON.stringify(entries),
          'process.env.NODE_ENV': '"production"',
        },
        build: {
          outDir,
          emptyOutDir: false,
          target: 'es2022',
          rolldownOptions: {
            input: join(config.root, 'src/sw.ts'),
            output: { format: 'iife', entryFileNames: 'sw.js' },
          },
        },
      });
    },
  };
}

async function precacheEntries(
  outDir: string,
): Promise<{ url: string; revision: string | null }[]> {
  const files = await readdir(outDir, { recursive: true, withFileTypes: true });
  const paths = files
    .filter((file) => file.isFile())
    .map((file) => relative(outDir, join(file.parentPath, file.name)).replaceAll('\\', '/'))
    .filter((path) => !UNUSED.test(path))
    .sort();
  return Promise.all(
    paths.map(async (path) => ({
      url: `/${path}`,
      revision: path.startsWith('assets/')
        ? null
        : createHash('sha256')
            .update(await readFile(join(outDir, path)))
            .digest('hex')
            .slice(0, 16),
    })),
  );
}
