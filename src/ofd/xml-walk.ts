/**
 * Walking over XML: elements, attributes, text and CDATA, each told once. No document type, hence
 * no entities but the five: what a file shows must stand in the file.
 */
import { Malformed } from '../crypto/index.ts';

export interface XmlVisitor {
  open(tag: string, attributes: ReadonlyMap<string, string>, depth: number): void;
  /** Text directly inside the element that is open. */
  text(value: string): void;
  close(): void;
}

const MAX_DEPTH = 64;
const NAME = /[^\s<>/=!?"'&;:0-9.\u00b7-][^\s<>/=!?"'&;:]*(?::[^\s<>/=!?"'&;:]+)?/.source;
const OPEN = new RegExp(`<(${NAME})`, 'y');
const CLOSE = new RegExp(`</(${NAME})\\s*>`, 'y');
const ATTRIBUTE = new RegExp(`\\s+(${NAME})\\s*=\\s*(?:"([^"<]*)"|'([^'<]*)')`, 'y');
const END = /\s*(\/?)>/y;

/** @throws {Malformed} `xml`; `xml-doctype` for a document type */
export function walkXml(text: string, visitor: XmlVisitor): void {
  const open: string[] = [];
  let roots = 0;
  let at = 0;
  const fail = (message: string) => new Malformed('xml', message, at);
  const past = (end: string, from: number) => {
    const to = text.indexOf(end, from);
    if (to < 0) throw fail('ends early');
    return to;
  };
  const take = (pattern: RegExp) => {
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (match) at = pattern.lastIndex;
    return match;
  };
  const said = (value: string) => {
    if (open.length > 0) visitor.text(value);
    else if (value.trim() !== '') throw fail('text outside the root');
  };
  while (at < text.length) {
    if (text[at] !== '<') {
      const next = text.indexOf('<', at);
      const end = next < 0 ? text.length : next;
      said(unescaped(text.slice(at, end)));
      at = end;
    } else if (text.startsWith('<!--', at)) {
      const end = past('--', at + 4);
      if (text[end + 2] !== '>') throw fail('comment');
      at = end + 3;
    } else if (text.startsWith('<![CDATA[', at)) {
      if (open.length === 0) throw fail('text outside the root');
      const end = past(']]>', at + 9);
      said(text.slice(at + 9, end));
      at = end + 3;
    } else if (text.startsWith('<?', at)) {
      if (/^<\?xml\s/i.test(text.slice(at, at + 6))) throw fail('declaration inside');
      at = past('?>', at + 2) + 2;
    } else if (text.startsWith('<!', at)) {
      throw new Malformed('xml-doctype', 'document type', at);
    } else if (text.startsWith('</', at)) {
      const match = take(CLOSE);
      if (!match || open.pop() !== match[1]) throw fail('an end tag closes nothing');
      visitor.close();
    } else {
      const tag = take(OPEN)?.[1];
      if (!tag || open.length >= MAX_DEPTH) throw fail('not well-formed, or too deep');
      if (open.length === 0 && roots++ > 0) throw fail('two roots');
      const attributes = new Map<string, string>();
      for (let match = take(ATTRIBUTE); match; match = take(ATTRIBUTE)) {
        const [, name, double, single] = match as unknown as [string, string, string, string];
        if (attributes.has(name)) throw fail(`attribute ${name} twice`);
        attributes.set(name, unescaped(double ?? single));
      }
      const end = take(END);
      if (!end) throw fail('not well-formed');
      visitor.open(tag, attributes, open.length);
      if (end[1]) visitor.close();
      else open.push(tag);
    }
  }
  if (roots === 0 || open.length > 0) throw fail('ends early');
}

const ENTITIES = new Map([
  ['amp', '&'],
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['apos', "'"],
]);

function unescaped(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(/&([^;&]{0,12};?)/g, (whole, body: string) => {
    const name = body.slice(0, -1);
    const entity = body.endsWith(';') ? ENTITIES.get(name) : undefined;
    if (entity !== undefined) return entity;
    const code = /^#(?:x([0-9a-fA-F]{1,6})|(\d{1,7}))$/.exec(name);
    const point = code ? Number.parseInt(code[1] ?? code[2] ?? '', code[1] ? 16 : 10) : Number.NaN;
    if (!(body.endsWith(';') && point >= 9 && point <= 0x10ffff)) {
      throw new Malformed('xml', `entity ${whole}`);
    }
    return String.fromCodePoint(point);
  });
}
