/** The small XML files that decide a verdict, as trees. */
import { Malformed } from '../crypto/index.ts';
import { xmlText } from './xml-text.ts';
import { walkXml } from './xml-walk.ts';

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
  name: string;
  namespace: string;
  attributes: ReadonlyMap<string, string>;
  children: XmlElement[];
  text: string;
  /** Namespaces by prefix. */
  scope: ReadonlyMap<string, string>;
}

const MAX_BYTES = 4 * 1024 * 1024;
const MAX_ELEMENTS = 100_000;
/** GB/T 33190-2016, the draft that software before it wrote, and files that declare none. */
const NAMESPACE = /^(https?:\/\/www\.ofdspec\.org(\/\w*)?\/?)?$/i;

/** @throws {Malformed} `xml`, `xml-doctype` */
export function readXml(bytes: Uint8Array): XmlElement {
  if (bytes.length > MAX_BYTES) throw new Malformed('xml', 'too large');
  const stack: Open[] = [];
  let root: XmlElement | null = null;
  let elements = 0;
  walkXml(xmlText(bytes), {
    open(tag, attributes) {
      if (++elements > MAX_ELEMENTS) throw new Malformed('xml', 'too many elements');
      stack.push(opened(tag, attributes, stack.at(-1)?.scope ?? new Map()));
    },
    text(value) {
      (stack.at(-1) as Open).text += value;
    },
    close() {
      const { scope: _, ...element } = stack.pop() as Open;
      const done = { ...element, text: element.text.trim() };
      const parent = stack.at(-1);
      if (parent) parent.children.push(done);
      else root = done;
    },
  });
  return root as unknown as XmlElement;
}

function opened(
  tag: string,
  attributes: ReadonlyMap<string, string>,
  outer: ReadonlyMap<string, string>,
): Open {
  let scope = outer;
  for (const [name, value] of attributes) {
    if (name === 'xmlns') scope = new Map(scope).set('', value);
    else if (name.startsWith('xmlns:')) scope = new Map(scope).set(name.slice(6), value);
  }
  const [prefix, name] = tag.includes(':') ? (tag.split(':') as [string, string]) : ['', tag];
  const namespace = scope.get(prefix);
  if (prefix && namespace === undefined) throw new Malformed('xml', `prefix ${prefix} unknown`);
  return { name, namespace: namespace ?? '', attributes, children: [], text: '', scope };
}

/** Whether an element is one of OFD. */
export const isOfd = (element: XmlElement, name: string): boolean =>
  element.name === name && NAMESPACE.test(element.namespace);

/** Children of a name that belong to OFD. */
export const childrenOf = (element: XmlElement, name: string): XmlElement[] =>
  element.children.filter((child) => isOfd(child, name));

/** The one child of a name, or null. @throws {Malformed} `xml` where there are several */
export function childOf(element: XmlElement, name: string): XmlElement | null {
  const [first, second] = childrenOf(element, name);
  if (second) throw new Malformed('xml', `two elements ${name}`);
  return first ?? null;
}
