/** The value of a certificate extension in words. */
import type { ExtensionDescription, Plain } from '../../../../pki/index.ts';
import { wordOf, words } from './words.ts';

type Fields = { [key: string]: Plain };

/** Lines to show; raw octets where the extension is not read here. */
export function extensionText({ key, value, hex, code }: ExtensionDescription): string[] {
  if (code) return [words.broken, hex];
  if (value === null) return [`${words.notRead}: ${hex.slice(0, 128)}`];
  if (key === 'keyUsage')
    return [
      list(value)
        .map((bit) => wordOf(words.keyUsage, text(bit)))
        .join(', '),
    ];
  if (key === 'extendedKeyUsage') {
    return list(value).map((each) => {
      const purpose = each as Fields;
      return purpose['key'] ? wordOf(words.purposes, text(purpose['key'])) : text(purpose['oid']);
    });
  }
  if (key === 'basicConstraints') {
    const { ca, pathLen } = value as Fields;
    if (!ca) return [words.notCa];
    return [words.isCa(typeof pathLen === 'number' ? words.pathLimit(pathLen) : '')];
  }
  return lines(value);
}

/** Nested plain values, a line each, leaves joined. */
function lines(value: Plain | undefined): string[] {
  if (value === null || value === undefined) return [];
  if (Array.isArray(value)) return value.flatMap(lines);
  if (typeof value !== 'object') return [String(value)];
  const { kind, text: name } = value;
  if (kind !== undefined && name !== undefined) return [`${text(kind)}: ${text(name)}`];
  return Object.entries(value).flatMap(([field, inner]) => {
    const below = lines(inner);
    return below.length > 0 ? [`${field}: ${below.join(', ')}`] : [];
  });
}

const list = (value: Plain): readonly Plain[] => (Array.isArray(value) ? value : []);
const text = (value: Plain | undefined): string => String(value ?? '');
