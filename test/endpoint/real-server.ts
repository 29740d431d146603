/** The built server as a process of its own, with what it says on stderr and how it ends. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface RealServer {
  /** Null where it ended before it listened. */
  url: string | null;
  directory: string;
  stderr: () => string;
  /** Exit code once it has ended; null while it runs and after a signal. */
  code: () => number | null;
  running: () => boolean;
  stop: (signal?: NodeJS.Signals) => Promise<void>;
}

export async function realServer(
  directory?: string,
  environment: Record<string, string> = {},
): Promise<RealServer> {
  if (!existsSync('dist/endpoint/server.js')) throw new Error('build first: npm run build');
  const data = directory ?? (await mkdtemp(join(tmpdir(), 'real-server-')));
  const child = spawn(process.execPath, ['dist/endpoint/server.js'], {
    env: { ...process.env, PORT: '0', DATA_DIR: data, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk;
  });
  const ended = new Promise<void>((resolve) => child.on('close', () => resolve()));
  const listening = new Promise<string>((resolve) => {
    let said = '';
    child.stdout.on('data', (chunk: Buffer) => {
      said += chunk;
      const found = said.match(/http:\/\/[\d.]+:\d+(?=\/)/)?.[0];
      if (found) resolve(found);
    });
  });
  return {
    url: await Promise.race([listening, ended.then(() => null)]),
    directory: data,
    stderr: () => stderr,
    code: () => child.exitCode,
    running: () => child.exitCode === null && child.signalCode === null,
    stop: async (signal = 'SIGTERM') => {
      child.kill(signal);
      await ended;
    },
  };
}

export const healthOf = async (server: RealServer) =>
  (await (await fetch(`${server.url}/v1/healthz`)).json()) as Record<string, unknown>;
