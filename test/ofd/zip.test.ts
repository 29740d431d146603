/** ZIP: what transports and Chinese software do to it is read, what has two readings is not. */
import fc from 'fast-check';
import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { concat, indexOf, Malformed, utf8 } from '../../src/crypto/index.ts';
import { readZip } from '../../src/ofd/zip.ts';

const one = zipSync({ 'a/b.xml': utf8('hello'), 'a/c.bin': new Uint8Array(300) });
const names = (bytes: Uint8Array) => [...readZip(bytes).files.keys()];
/** Every place of a name in the file, written over by octets of the same length. */
function renamed(bytes: Uint8Array, from: string, to: Uint8Array, which?: number): Uint8Array {
  const out = bytes.slice();
  const places: number[] = [];
  for (let at = indexOf(out, utf8(from)); at >= 0; at = indexOf(out, utf8(from), at + 1)) {
    places.push(at);
  }
  for (const [i, at] of places.entries()) if (which === undefined || which === i) out.set(to, at);
  return out;
}

describe('read all the same', () => {
  it('bytes before and after the archive', () => {
    const around = concat(utf8('\r\n--boundary\r\n'), one, new Uint8Array(70));
    expect(readZip(around)).toMatchObject({ around: 84 });
    expect(names(around)).toEqual(['a/b.xml', 'a/c.bin']);
    expect(readZip(one).around).toBe(0);
  });

  it('names in GBK, with backslashes, with a leading slash or a dot; folders', () => {
    expect(names(renamed(one, 'b.xml', new Uint8Array([0xb7, 0xa2, 0xc6, 0xb1, 0x31])))).toEqual([
      'a/发票1',
      'a/c.bin',
    ]);
    expect(names(renamed(one, 'a/b', utf8('a\\b')))).toEqual(['a/b.xml', 'a/c.bin']);
    const odd = zipSync({ '/x/y': utf8('1'), './z': utf8('2'), 'f/': new Uint8Array() });
    expect(names(odd)).toEqual(['x/y', 'z']);
  });
});

describe('refused', () => {
  const flip = (bytes: Uint8Array, at: number, value: number) => {
    const out = bytes.slice();
    out[at] = value;
    return out;
  };
  const directory = new DataView(one.buffer).getUint32(one.length - 6, true);

  it.each<[string, () => Uint8Array]>([
    ['a name that climbs', () => zipSync({ '../a': new Uint8Array(1) })],
    ['a name that climbs by backslashes', () => zipSync({ 'x\\..\\..\\a': new Uint8Array(1) })],
    ['one name twice', () => renamed(one, 'c.bin', utf8('b.xml'))],
    ['one name twice by case', () => renamed(one, 'c.bin', utf8('B.XML'))],
    ['one name twice by the slash', () => zipSync({ 'a/b': utf8('1'), 'a\\b': utf8('2') })],
    ['one name twice by a trailing dot', () => zipSync({ 'a/b': utf8('1'), 'a/b.': utf8('2') })],
    ['another name in the local header', () => renamed(one, 'b.xml', utf8('x.xml'), 0)],
    ['another method in the local header', () => flip(one, 8, one[8] === 0 ? 8 : 0)],
    ['another checksum in the local header', () => flip(one, 14, (one[14] as number) ^ 1)],
    ['another size in the local header', () => flip(one, 22, 9)],
    ['an encrypted entry', () => flip(one, directory + 8, 1)],
    ['an unknown method', () => flip(flip(one, 8, 9), directory + 10, 9)],
    ['an archive before the archive', () => concat(zipSync({ a: utf8('1') }), one)],
    ['an archive behind the archive', () => concat(one, zipSync({ a: utf8('1') }))],
    ['a hidden entry before the first', () => concat(one.subarray(0, 60), one)],
    ['an end cut off', () => one.subarray(0, one.length - 1)],
    ['nothing', () => new Uint8Array()],
  ])('%s', (_, make) => {
    expect(() => readZip(make())).toThrow(Malformed);
  });

  it('two names in one entry: the Unicode path of Info-ZIP', () => {
    const extra = { 28789: concat(new Uint8Array([1]), new Uint8Array(4), utf8('other')) };
    expect(names(zipSync({ a: [utf8('1'), { extra }] }))).toEqual(['a']);
    const crc = new Uint8Array([0x43, 0xbe, 0xb7, 0xe8]);
    const true_ = { 28789: concat(new Uint8Array([1]), crc, utf8('other')) };
    expect(() => readZip(zipSync({ a: [utf8('1'), { extra: true_ }] }))).toThrow(Malformed);
  });

  it('a bomb, at the size that its header claims', () => {
    const bytes = zipSync({ a: new Uint8Array(1_000_000) }, { level: 9 });
    const view = new DataView(bytes.buffer);
    const at = view.getUint32(bytes.length - 6, true);
    view.setUint32(at + 24, 10, true);
    view.setUint32(22, 10, true);
    expect(() => readZip(bytes)).toThrow(Malformed);
  });

  it('never throws anything but Malformed', () => {
    const octet = fc.integer({ min: 0, max: 255 });
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(one.length - 1), octet), { maxLength: 4 }), (edits) => {
        const bad = one.slice();
        for (const [at, value] of edits) bad[at] = value;
        try {
          readZip(bad);
        } catch (error) {
          if (!(error instanceof Malformed)) throw error;
        }
      }),
      { numRuns: 2000 },
    );
  });
});
