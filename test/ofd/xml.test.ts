import { describe, expect, it } from 'vitest';
import { Malformed, utf8 } from '../../src/crypto/index.ts';
import { readXml } from '../../src/ofd/xml.ts';

describe('XML, the little that is needed', () => {
  it.each([
    ['a document type', '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'],
    ['a document type behind a comment', '<!-- x --><!doctype a><a/>'],
    ['an unknown entity', '<a>&b;</a>'],
    ['an attribute twice', '<a b="1" b="2"/>'],
    ['CDATA outside the root', '<![CDATA[x]]><a/>'],
    ['two roots', '<a/><a/>'],
    ['text outside the root', '<a/>x'],
    ['crossed elements', '<a><b></a></b>'],
    ['an unbound prefix', '<x:a/>'],
    ['a declaration inside', '<a><?xml version="1.0"?></a>'],
    ['a comment that readers end differently', '<a><!-- -- --></a>'],
    ['an attribute without quotes', '<a b=1/>'],
    ['nothing', ''],
    ['an open element', '<a><b></b>'],
  ])('refuses %s', (_, text) => {
    expect(() => readXml(utf8(text))).toThrow(Malformed);
  });

  it('reads names, attributes, text, CDATA and entities', () => {
    const xml = readXml(
      utf8('<a xmlns="n" b=\'1 &amp; 2\'>x&#65;<!-- c --><?p i?><![CDATA[<&]]><c/></a>'),
    );
    expect(xml).toMatchObject({ name: 'a', namespace: 'n', text: 'xA<&' });
    expect(xml.attributes.get('b')).toBe('1 & 2');
    expect(xml.children[0]?.namespace).toBe('n');
  });

  it('reads Chinese names', () => {
    expect(readXml(utf8('<发票 金额="1"/>')).attributes.get('金额')).toBe('1');
  });

  it('is quick with long tags, comments and depths', () => {
    const many = Array.from({ length: 20_000 }, (_, i) => ` a${i}="1"`).join('');
    expect(readXml(utf8(`<a${many}/>`)).attributes.size).toBe(20_000);
    expect(() => readXml(utf8(`<a>${'<!-- '.repeat(100_000)}</a>`))).toThrow(Malformed);
    expect(() => readXml(utf8('<a>'.repeat(100_000)))).toThrow(Malformed);
  });
});
