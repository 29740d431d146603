/** Pictures that a foreign seal may carry: none may make a page decode what it cannot bear. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { utf8 } from '../../src/crypto/index.ts';
import { encodePng, isShowable } from '../../src/seal/index.ts';

const png = encodePng({ width: 4, height: 4, data: new Uint8ClampedArray(64) });
const jpeg = (width: number, height: number) =>
  Uint8Array.from([
    ...[0xff, 0xd8, 0xff, 0xe0, 0, 4, 0, 0],
    ...[0xff, 0xc2, 0, 11, 8, height >> 8, height & 255, width >> 8, width & 255, 1, 1, 17, 0],
  ]);
const gif = (width: number, height: number) =>
  Uint8Array.from([
    ...utf8('GIF89a'),
    ...[width & 255, width >> 8, height & 255, height >> 8, 0, 0, 0],
  ]);

describe('a picture is shown when it is what it says, and small', () => {
  test.each([
    ['PNG', png, true],
    ['png', png, true],
    ['JPG', jpeg(472, 472), true],
    ['GIF', gif(472, 472), true],
    ['a JPEG of 65 535 by 65 535', jpeg(65535, 65535), false],
    ['a GIF of 65 535 by 65 535', gif(65535, 65535), false],
    ['a PNG of 30 000 by 30 000', png.with(18, 0x75).with(22, 0x75), false],
    ['a PNG without height', png.with(23, 0), false],
    [
      'a PNG that is a page',
      utf8('<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>'),
      false,
    ],
    [
      'an SVG with a script',
      utf8('<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>'),
      false,
    ],
    ['ofd', utf8('PK'), false],
  ])('%s', (name, data, shown) => {
    const type = /(PNG|png|JPG|JPEG|GIF|SVG|ofd)/.exec(name)?.[0] ?? '';
    expect(isShowable({ type, data })).toBe(shown);
  });

  test('whatever the bytes are, it answers', () => {
    const types = fc.constantFrom('PNG', 'JPG', 'GIF', 'BMP', 'SVG', '');
    const starts = fc.constantFrom(png, jpeg(1, 1), gif(1, 1), utf8('BM'), new Uint8Array());
    fc.assert(
      fc.property(types, starts, fc.uint8Array({ maxLength: 80 }), (type, head, tail) => {
        const data = Uint8Array.from([...head.subarray(0, 12), ...tail]);
        expect(typeof isShowable({ type, data })).toBe('boolean');
      }),
      { numRuns: 400 },
    );
  });
});
