/**
 * Texts that a token in the address may stand for, likeliest first. Base45 has `%`, `/` and spaces,
 * so an address that somebody put together by hand need not be encoded, and one that is may look as if not.
 */
export function tokensOfAddress(hash: string): string[] {
  const raw = hash.replace(/^#?\/?v\//, '');
  const texts = [decoded(raw), raw, raw.replaceAll('%20', ' ')];
  return [...new Set(texts.filter((text) => text !== null))];
}

function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}
