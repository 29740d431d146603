/** The endpoint behind this very page, where there is one: its address and the key of its log. */
export async function ownEndpoint(): Promise<{ url: string; key: string } | null> {
  try {
    const response = await fetch('/v1/healthz');
    const { key } = (await response.json()) as { key?: unknown };
    return typeof key === 'string' ? { url: location.origin, key } : null;
  } catch {
    return null;
  }
}
