import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  export interface ProvidedContext {
    appUrl: string;
  }
}

/** Starts the built server as a process of its own. @returns its address and how to end it. */
export async function startServer(
  directory?: string,
  environment: Record<string, string> = {},
): Promise<{
  url: string;
  directory: string;
  process: ChildProcess;
  stop: (signal?: NodeJS.Signals) => Promise<void>;
}> {
  if (!existsSync('dist/endpoint/server.js')) throw new Error('build first: npm run build');
  const data = directory ?? (await mkdtemp(join(tmpdir(), 'cinnabar-')));
  const child = spawn(process.execPath, ['dist/endpoint/server.js'], {
    env: { ...process.env, PORT: '0', DATA_DIR: data, ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout.on('data', (chunk: Buffer) => {
      const found = String(chunk).match(/http:\/\/[\d.]+:\d+\//)?.[0];
      if (found) resolve(found);
    });
    child.on('exit', (code) => reject(new Error(`the server ended with ${code}`)));
  });
  const ended = new Promise<void>((resolve) => child.on('exit', () => resolve()));
  return {
    url,
    directory: data,
    process: child,
    stop: async (signal = 'SIGTERM') => {
      child.kill(signal);
      await ended;
    },
  };
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await startServer();
  project.provide('appUrl', server.url);
  return () => server.stop();
}
