/**
 * Texts that a token in the address may stand for, likeliest first. Base45 has `%`, `/` and spaces,
 * so an address that somebody put together by hand need not be encoded, and one that is may look as if not.
 */
export function tokensOfAddress(hash: string): string[] {
  const raw = hash.replace(/^#?\/?v\//, '');
  const texts = [decoded(raw), raw, ...spacings(raw)];
  // An address loses a space at its end.
  const all = texts.flatMap((text) => (text === null ? [] : [text, `${text} `]));
  const complete = new Set(texts.filter((text) => text !== null));
  return [...complete, ...all.filter((text) => !complete.has(text))];
}

/** Most places of `%20` that are tried both ways: 64 readings. */
const MOST_PLACES = 6;

/** A browser writes a space as `%20`, which base45 may also hold as it stands: every reading of it. */
function spacings(raw: string): string[] {
  const parts = raw.split('%20');
  if (parts.length - 1 > MOST_PLACES) return [raw.replaceAll('%20', ' ')];
  let readings = [parts[0] ?? ''];
  for (const part of parts.slice(1)) {
    readings = readings.flatMap((head) => [`${head} ${part}`, `${head}%20${part}`]);
  }
  return readings;
}

function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}
