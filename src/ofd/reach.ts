/**
 * Which files a document shows: from OFD.xml through everything that any of them names. Wider than
 * the standard on purpose, since readers differ: whatever a text or an attribute could name counts.
 */
import { latin1, Malformed } from '../crypto/index.ts';
import type { OfdFiles } from './ofd-files.ts';
import { xmlText } from './xml-text.ts';
import { walkXml } from './xml-walk.ts';

export interface Reach {
  readonly reached: ReadonlySet<string>;
  /** Locations that the document gives for what is seen, where no file is. */
  readonly missing: readonly string[];
  /** The same for lists of resources, fonts and data, which much software names and never writes. */
  readonly dangling: readonly string[];
  /** Parts whose text does not stand in them alone: document types, entities. */
  readonly unsafe: readonly string[];
}

/** Octets of XML that are walked over for one document. */
const MAX_XML = 24 * 1024 * 1024;
/** Elements whose text is the location of something seen (GB/T 33190-2016 7 and 8). */
const SEEN = new Set(['DocRoot', 'Annotations', 'Attachments', 'FileLoc', 'MediaFile']);
const UNSEEN = new Set([
  'PublicRes',
  'DocumentRes',
  'PageRes',
  'FontFile',
  'CustomTags',
  'Extensions',
]);
/** Elements whose attribute BaseLoc is one. */
const BASES = new Set(['Page', 'TemplatePage']);
/** Read by their name, whether named or not. */
const ROOTS = ['OFD.xml', 'Encryptions.xml'];

export function reach(files: OfdFiles): Reach {
  const reached = new Set<string>();
  const missing = { seen: new Set<string>(), unseen: new Set<string>() };
  const unsafe: string[] = [];
  const queue: string[] = [];
  let left = MAX_XML;
  let opaque = false;
  const take = (path: string) => {
    if (reached.has(path)) return;
    reached.add(path);
    queue.push(path);
  };
  const follow = () => {
    for (let path = queue.pop(); path !== undefined; path = queue.pop()) {
      const bytes = files.get(path) as Uint8Array;
      if (!looksXml(bytes)) continue;
      left -= bytes.length;
      if (left < 0) {
        opaque = true;
        return;
      }
      try {
        namesIn(bytes, files, take, (location, kind) => missing[kind].add(location));
      } catch (error) {
        if (!(error instanceof Malformed)) throw error;
        // What another reader makes of this part is not known: all that could belong to it does.
        if (!isPart(path, bytes)) continue;
        opaque = true;
        if (error.code === 'xml-doctype') unsafe.push(path);
      }
    }
  };
  for (const name of ROOTS) {
    const path = files.locate('', name);
    if (path) take(path);
  }
  follow();
  // Parts of OFD that nothing names: readers that go by the usual names find them all the same.
  for (const [path, bytes] of files.all) {
    if (opaque || (looksXml(bytes) && isPart(path, bytes))) take(path);
  }
  follow();
  if (opaque) for (const path of files.all.keys()) reached.add(path);
  return { reached, missing: [...missing.seen], dangling: [...missing.unseen], unsafe };
}

function namesIn(
  bytes: Uint8Array,
  files: OfdFiles,
  take: (path: string) => void,
  miss: (location: string, kind: 'seen' | 'unseen') => void,
): void {
  const texts: string[] = [];
  const tags: string[] = [];
  const named = (value: string) => {
    const found = files.named(value);
    for (const path of found) take(path);
    return found.length > 0;
  };
  walkXml(xmlText(bytes), {
    open(tag, attributes) {
      const name = tag.slice(tag.indexOf(':') + 1);
      tags.push(name);
      texts.push('');
      for (const [key, value] of attributes) {
        if (!named(value) && key === 'BaseLoc' && BASES.has(name)) miss(value, 'seen');
      }
    },
    text(value) {
      // A location is short; what is longer is kept short enough to say so.
      const before = texts[texts.length - 1] as string;
      if (before.length <= 2048) texts[texts.length - 1] = before + value;
    },
    close() {
      const text = (texts.pop() as string).trim();
      const name = tags.pop() as string;
      if (text === '' || named(text)) return;
      if (SEEN.has(name)) miss(text.slice(0, 200), 'seen');
      else if (UNSEEN.has(name)) miss(text.slice(0, 200), 'unseen');
    },
  });
}

function looksXml(bytes: Uint8Array): boolean {
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)) {
    return true;
  }
  return /^(?:\u00ef\u00bb\u00bf)?\s*</.test(latin1(bytes, 0, Math.min(64, bytes.length)));
}

/** Whether it says that it belongs to OFD, in either byte order. */
function isPart(path: string, bytes: Uint8Array): boolean {
  const head = latin1(bytes, 0, Math.min(65_536, bytes.length)).replaceAll('\0', '');
  return /ofdspec\.org|<ofd:/i.test(head) || path.toLowerCase() === 'ofd.xml';
}
