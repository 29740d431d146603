/** The strings that a content stream shows (ISO 32000-2, 9.4.3), byte for byte, in their order. */

const TOKEN =
  /\/[^\s/()<>[\]]*|\((?:[^\\()]|\\[\s\S]|\((?:[^\\()]|\\[\s\S])*\))*\)|<[0-9a-fA-F\s]*>|\[|\]|[A-Za-z'"*][\w'"*]*|[^\s]/g;
const ESCAPES: Record<string, string> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f' };

/** @returns null where a token is not understood well enough, e.g. an inline image. */
export function showOperators(content: string): string | null {
  let out = '';
  let strings: string[] = [];
  for (const [token] of content.matchAll(TOKEN)) {
    const first = token[0] as string;
    if (first === '(' && token.length > 1) strings.push(literal(token.slice(1, -1)));
    else if (first === '<' && token.length > 1) strings.push(hexadecimal(token.slice(1, -1)));
    else if (token === 'BI' || first === '(' || first === ')') return null;
    else if (token === 'Tj' || token === 'TJ' || token === "'" || token === '"') {
      out += strings.join('');
      strings = [];
    } else if (/^[A-Za-z]/.test(token)) strings = [];
  }
  return out;
}

/** Operators that paint more than text and lines: areas, images, objects (ISO 32000-2, 8.5.3). */
const FILLS = new Set(['f', 'F', 'f*', 'B', 'B*', 'b', 'b*', 'sh', 'Do', 'BI']);

/** Whether the stream fills an area or shows an image. */
export function fillsAreas(content: string): boolean {
  for (const [token] of content.matchAll(TOKEN)) if (FILLS.has(token)) return true;
  return false;
}

function literal(text: string): string {
  return text.replace(/\\(?:([0-7]{1,3})|(\r\n|[\s\S]))/g, (_, octal?: string, char?: string) => {
    if (octal) return String.fromCharCode(Number.parseInt(octal, 8) & 255);
    if (char === '\n' || char === '\r' || char === '\r\n') return '';
    return ESCAPES[char as string] ?? (char as string);
  });
}

function hexadecimal(text: string): string {
  const digits = text.replace(/\s+/g, '');
  return (digits.match(/..?/g) ?? [])
    .map((pair) => String.fromCharCode(Number.parseInt(pair.padEnd(2, '0'), 16)))
    .join('');
}
