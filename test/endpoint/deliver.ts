/** Delivers a package to an endpoint as a device does: the head, the contents that it asks for, the head again. */
import { readPackage } from '../../src/packages/index.ts';

/** @returns status and, where it is refused, code: `201`, `403 deployment` */
export async function deliver(
  url: string,
  bytes: Uint8Array,
  headers: Record<string, string> = {},
): Promise<string> {
  const pkg = await readPackage(bytes);
  const put = async (path: string, body: Uint8Array) => {
    const response = await fetch(`${url}/v1/${path}`, {
      method: 'PUT',
      body: new Uint8Array(body),
      headers,
    });
    const said = (await response.json()) as { code?: string; missing?: string[] };
    return { ...said, status: `${response.status}${said.code ? ` ${said.code}` : ''}` };
  };
  const first = await put(`h/${pkg.id}`, pkg.bytes);
  if (first.code !== 'contents-missing') return first.status;
  for (const { name, digest } of pkg.contents) {
    const content = pkg.present.get(name);
    if (!content || !first.missing?.includes(digest)) continue;
    const { status } = await put(`c/${digest}`, content);
    if (status !== '201') return status;
  }
  return (await put(`h/${pkg.id}`, pkg.bytes)).status;
}
