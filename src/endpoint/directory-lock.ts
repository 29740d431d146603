/**
 * One process per data directory. Whoever holds it listens on a Unix socket in it, so that the
 * system itself ends the hold with the process, however that dies. A name is taken by a hard link,
 * which one of two can make; a name whose owner is dead is never taken over, but the next number.
 */
import { randomBytes } from 'node:crypto';
import { link, mkdir, open, readdir, unlink } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { EndpointRefused } from './refused.ts';

const NAME = /^lock-(\d{1,15})$/;
/** `sun_path` holds 104 octets on some systems. */
const MAX_PATH = 100;

/** @throws {EndpointRefused} where another process holds the directory, or none could */
export async function lockDirectory(directory: string): Promise<{ release(): Promise<void> }> {
  await mkdir(directory, { recursive: true });
  const handle = await open(directory, 'r');
  const at = (name: string) => {
    const path = join(directory, name);
    if (Buffer.byteLength(path) <= MAX_PATH) return path;
    if (process.platform === 'linux') return `/proc/self/fd/${handle.fd}/${name}`;
    throw new EndpointRefused(`The path of DATA_DIR is too long: ${directory}`);
  };
  try {
    const own = `lock.${randomBytes(6).toString('hex')}`;
    const server = await listen(at(own));
    try {
      const name = await take(directory, at, own);
      return {
        async release() {
          await unlink(join(directory, name)).catch(() => {});
          await new Promise((closed) => server.close(closed));
          await handle.close();
        },
      };
    } catch (error) {
      server.close();
      throw error;
    } finally {
      await unlink(join(directory, own)).catch(() => {});
    }
  } catch (error) {
    await handle.close();
    throw error;
  }
}

async function take(directory: string, at: (name: string) => string, own: string): Promise<string> {
  for (;;) {
    const highest = (await numbers(directory)).at(-1) ?? 0;
    if (highest > 0 && (await answers(at(`lock-${highest}`)))) throw inUse(directory);
    const name = `lock-${highest + 1}`;
    try {
      await link(join(directory, own), join(directory, name));
    } catch (error) {
      // Somebody else was quicker: look again who holds it now.
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') continue;
      throw error;
    }
    const held = await numbers(directory);
    if ((held.at(-1) ?? 0) > highest + 1) {
      await unlink(join(directory, name)).catch(() => {});
      continue;
    }
    for (const old of held) {
      if (old <= highest) await unlink(join(directory, `lock-${old}`)).catch(() => {});
    }
    return name;
  }
}

async function numbers(directory: string): Promise<number[]> {
  const names = await readdir(directory);
  const digits = names.flatMap((name) => name.match(NAME)?.[1] ?? []);
  return digits.map(Number).sort((a, b) => a - b);
}

function listen(path: string): Promise<Server> {
  const server = createServer((socket) => socket.destroy());
  server.unref();
  return new Promise((resolve, reject) => {
    server.on('error', reject);
    server.listen(path, () => resolve(server));
  });
}

/** Whether a living process listens there. */
function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.on('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', ({ code }: NodeJS.ErrnoException) => {
      resolve(code !== 'ECONNREFUSED' && code !== 'ENOENT');
    });
  });
}

const inUse = (directory: string) =>
  new EndpointRefused(
    `Another process uses the data directory ${directory}. Stop it, or choose another with DATA_DIR=…`,
  );
