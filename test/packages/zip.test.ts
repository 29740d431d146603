import { crc32 as peerCrc } from 'node:zlib';
import fc from 'fast-check';
import { unzipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { Malformed, utf8 } from '../../src/crypto/index.ts';
import { crc32 } from '../../src/packages/crc32.ts';
import { type Entry, LIMITS, readZip, writeZip } from '../../src/packages/zip.ts';
import { at, put, run } from '../cms/peers.ts';

const entries: Entry[] = [
  { name: 'mimetype', bytes: utf8('application/vnd.etsi.asic-e+zip') },
  { name: 'record.json', bytes: utf8('{}') },
  { name: 'files/a.bin', bytes: new Uint8Array([1, 2, 3, 0, 255]) },
];
const zip = writeZip(entries);
const code = (bytes: Uint8Array) => {
  try {
    readZip(bytes);
    return 'ok';
  } catch (error) {
    if (error instanceof Malformed) return error.code;
    throw error;
  }
};

describe('ZIP as packages use it', () => {
  it('reads what it writes', () => expect(readZip(zip)).toEqual(entries));

  it('CRC-32 check value and a peer', () => {
    expect(crc32(utf8('123456789'))).toBe(0xcbf43926);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 70 }), (bytes) => {
        if (peerCrc) expect(crc32(bytes)).toBe(peerCrc(bytes));
      }),
    );
  });

  it('unzip -t finds no fault, and fflate reads the same files', () => {
    put('t.zip', zip);
    expect(run('unzip', '-t', at('t.zip'))).toContain('No errors detected');
    expect(Object.keys(unzipSync(zip))).toEqual(entries.map((e) => e.name));
  });

  it('the type is readable at its fixed place (EN 319 162-1 A.1)', () => {
    expect(Buffer.from(zip.subarray(30, 69)).toString()).toBe(
      'mimetypeapplication/vnd.etsi.asic-e+zip',
    );
  });

  it('every byte flipped is refused, but in the content, which CRC finds', () => {
    for (let i = 0; i < zip.length; i++) {
      for (const bit of [1, 0x20, 0x80]) {
        const bad = zip.slice();
        bad[i] = (bad[i] as number) ^ bit;
        expect(code(bad), `byte ${i}`).not.toBe('ok');
      }
    }
  });

  it('every truncation, every trailing and every leading byte is refused', () => {
    for (let n = 0; n < zip.length; n++) expect(code(zip.subarray(0, n))).not.toBe('ok');
    expect(code(new Uint8Array([...zip, 0]))).toBe('zip-trailing');
    expect(code(new Uint8Array([0, ...zip]))).not.toBe('ok');
  });

  it.each([
    ['zip-duplicate', ['a', 'b', 'a']],
    ['zip-duplicate', ['a', 'A']],
    ['zip-name', ['../a']],
    ['zip-name', ['/a']],
    ['zip-name', ['a//b']],
    ['zip-name', ['a\\b']],
    ['zip-name', ['folder/']],
    ['zip-name', ['']],
    ['zip-name', ['é']],
    ['zip-name', ['.hidden']],
    ['zip-name', ['a..b']],
    ['zip-name', ['x'.repeat(LIMITS.name + 1)]],
    ['zip-entries', Array.from({ length: 65 }, (_, i) => `f${i}`)],
  ])('%s: %j', (expected, names) => {
    const list = names.map((name) => ({ name, bytes: new Uint8Array() }));
    expect(() => writeZip(list)).toThrowError(expect.objectContaining({ code: expected }));
  });

  it('a duplicate name smuggled into both headers is refused on reading', () => {
    const two = writeZip([
      { name: 'aa', bytes: utf8('1') },
      { name: 'ab', bytes: utf8('2') },
    ]);
    const bad = two.slice();
    for (let i = 0; i + 1 < bad.length; i++) {
      if (bad[i] === 0x61 && bad[i + 1] === 0x62) bad[i + 1] = 0x61;
    }
    expect(code(bad)).toBe('zip-duplicate');
  });

  it('random edits get a code', () =>
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(zip.length - 1), fc.nat(255)), { minLength: 1, maxLength: 6 }),
        (edits) => {
          const bad = zip.slice();
          for (const [i, byte] of edits) bad[i] = byte;
          const changed = Buffer.compare(bad, zip) !== 0;
          expect(code(bad) === 'ok').toBe(!changed);
        },
      ),
    ));
});
