/** Many packages as one file to carry: a plain ZIP, opened again with limits. */
const MOST_FILES = 5000;
const MOST_BYTES = 512 * 1024 * 1024;

interface Named {
  name: string;
  bytes: Uint8Array;
}

export const archiveName = (now = new Date()): string =>
  `cinnabar-${now.toISOString().slice(0, 16).replace(/[-:]/g, '').replace('T', '-')}.zip`;

export async function packed(packages: readonly Named[]): Promise<Uint8Array> {
  const { zipSync } = await import('fflate');
  const files = Object.fromEntries(packages.map(({ name, bytes }) => [name, bytes]));
  return zipSync(files, { level: 0 });
}

/** Archives among the files give their packages; a file that is none stays itself, to be refused by name. */
export async function unpacked(files: readonly Named[]): Promise<Named[]> {
  const out: Named[] = [];
  for (const file of files) {
    const inside = file.name.toLowerCase().endsWith('.zip') ? await open(file.bytes) : null;
    out.push(...(inside ?? [file]));
  }
  return out;
}

async function open(bytes: Uint8Array): Promise<Named[] | null> {
  const { unzipSync } = await import('fflate');
  let count = 0;
  let size = 0;
  try {
    const entries = unzipSync(bytes, {
      filter: ({ name, originalSize }) => {
        count++;
        size += originalSize;
        return name.endsWith('.asice') && count <= MOST_FILES && size <= MOST_BYTES;
      },
    });
    return Object.entries(entries).map(([name, inner]) => ({ name, bytes: inner }));
  } catch {
    return null;
  }
}
