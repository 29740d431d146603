/** Files in and out of the page. */
export interface GivenFile {
  name: string;
  bytes: Uint8Array;
  type: string;
}

export async function readFile(file: File): Promise<GivenFile> {
  return { name: file.name, type: file.type, bytes: new Uint8Array(await file.arrayBuffer()) };
}

const blobOf = (bytes: Uint8Array | string, type: string): Blob =>
  new Blob([bytes as BlobPart], { type });

export function saveFile(name: string, bytes: Uint8Array | string, type: string): void {
  const url = URL.createObjectURL(blobOf(bytes, type));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

export function openPdf(bytes: Uint8Array): void {
  const url = URL.createObjectURL(blobOf(bytes, 'application/pdf'));
  open(url, '_blank', 'noopener');
  setTimeout(() => URL.revokeObjectURL(url), 300_000);
}
