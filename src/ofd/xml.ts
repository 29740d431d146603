/**
 * XML as signature files of OFD are written: elements, attributes, text. No document type, no
 * entities but the five, no processing instructions, no CDATA: what is not needed is refused.
 */
import { fromUtf8, Malformed } from '../crypto/index.ts';

export interface XmlElement {
  /** Without prefix. */
  readonly name: string;
  readonly namespace: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly XmlElement[];
  /** Its own text, trimmed. */
  readonly text: string;
}

interface Open {
  tag: string;
  name: string;
  namespace: string;
  attributes: Map<string, string>;
  children: XmlElement[];
  text: string;
  /** Namespaces by prefix. */
  scope: ReadonlyMap<string, string>;
}

const MAX_BYTES = 4 * 1024 * 1024;
const MAX_DEPTH = 64;
const MAX_ELEMENTS = 100_000;
const NAME = '[A-Za-z_][A-Za-z0-9_.-]*(?::[A-Za-z_][A-Za-z0-9_.-]*)?';
const TOKEN = new RegExp(
  `<!--(?:(?!--)[^])*-->|</(${NAME})\\s*>|<(${NAME})((?:\\s+${NAME}\\s*=\\s*(?:"[^"<]*"|'[^'<]*'))*)\\s*(/?)>|[^<]+`,
  'y',
);
const ATTRIBUTE = new RegExp(`(${NAME})\\s*=\\s*(?:"([^"<]*)"|'([^'<]*)')`, 'g');

/** @throws {Malformed} `xml` */
export function readXml(bytes: Uint8Array): XmlElement {
  const source = bytes.length <= MAX_BYTES ? fromUtf8(bytes) : null;
  if (source === null) throw new Malformed('xml', 'not UTF-8, or too large');
  const text = source.replace(/^\uFEFF?(<\?xml [^?>]*\?>)?/, '');
  const stack: Open[] = [];
  let root: XmlElement | null = null;
  let elements = 0;
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const at = TOKEN.lastIndex;
    const match = TOKEN.exec(text);
    if (!match) throw new Malformed('xml', 'not well-formed, or more than is read here', at);
    const [token, closes, opens, attributes, empty] = match;
    const top = stack.at(-1);
    if (opens !== undefined) {
      if (stack.length >= MAX_DEPTH || root)
        throw new Malformed('xml', 'too deep, or two roots', at);
      if (++elements > MAX_ELEMENTS) throw new Malformed('xml', 'too many elements', at);
      stack.push(opened(opens, attributes ?? '', top?.scope ?? new Map()));
      if (empty) root = close(stack);
    } else if (closes !== undefined) {
      if (top?.tag !== closes) throw new Malformed('xml', `</${closes}> closes nothing`, at);
      root = close(stack);
    } else if (!token.startsWith('<!--')) {
      if (top) top.text += unescaped(token);
      else if (token.trim() !== '') throw new Malformed('xml', 'text outside the root', at);
    }
  }
  if (!root || stack.length > 0) throw new Malformed('xml', 'ends early');
  return root;
}

function opened(tag: string, source: string, outer: ReadonlyMap<string, string>): Open {
  const attributes = new Map<string, string>();
  const scope = new Map(outer);
  for (const [, name, double, single] of source.matchAll(ATTRIBUTE)) {
    const value = unescaped(double ?? single ?? '');
    if (attributes.has(name as string)) throw new Malformed('xml', `attribute ${name} twice`);
    attributes.set(name as string, value);
    if (name === 'xmlns') scope.set('', value);
    else if (name?.startsWith('xmlns:')) scope.set(name.slice(6), value);
  }
  const [prefix, name] = tag.includes(':') ? (tag.split(':') as [string, string]) : ['', tag];
  const namespace = scope.get(prefix);
  if (prefix && namespace === undefined) throw new Malformed('xml', `prefix ${prefix} unknown`);
  return { tag, name, namespace: namespace ?? '', attributes, children: [], text: '', scope };
}

/** @returns the root once it is closed */
function close(stack: Open[]): XmlElement | null {
  const { name, namespace, attributes, children, text } = stack.pop() as Open;
  const element = { name, namespace, attributes, children, text: text.trim() };
  const parent = stack.at(-1);
  if (!parent) return element;
  parent.children.push(element);
  return null;
}

const ENTITIES = new Map([
  ['amp', '&'],
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['apos', "'"],
]);

function unescaped(text: string): string {
  return text.replace(/&([^;&]*;?)/g, (whole, body: string) => {
    const name = body.slice(0, -1);
    const entity = body.endsWith(';') ? ENTITIES.get(name) : undefined;
    if (entity !== undefined) return entity;
    const code = /^#(?:x([0-9a-fA-F]{1,6})|(\d{1,7}))$/.exec(name);
    const point = code ? Number.parseInt(code[1] ?? code[2] ?? '', code[1] ? 16 : 10) : Number.NaN;
    if (!(point >= 9 && point <= 0x10ffff))
      throw new Malformed('xml', `entity ${whole.slice(0, 20)}`);
    return String.fromCodePoint(point);
  });
}

/** Children of a name in the same namespace. */
export function childrenOf(element: XmlElement, name: string): XmlElement[] {
  return element.children.filter(
    (child) => child.name === name && child.namespace === element.namespace,
  );
}

/** The one child of a name, or null. @throws {Malformed} `xml` where there are several */
export function childOf(element: XmlElement, name: string): XmlElement | null {
  const [first, second] = childrenOf(element, name);
  if (second) throw new Malformed('xml', `two elements ${name}`);
  return first ?? null;
}
