/** Pictures of seals that other makers write as GIF or BMP; the files were made by netpbm. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Malformed } from '../../src/crypto/index.ts';
import { decodePicture, sealPictureOperators } from '../../src/seal/index.ts';

/** 23 by 17 pixels of four colours. */
const FILES = {
  plain: [
    'GIF',
    'R0lGODdhFwARAJEAAAAAANwUFP///wrIHiwAAAAAFwARAAACZYyMp8k3YQQA48VZoZAT9vCFgDcaDyWZ4JAKJzs+cjDX9C3HB+DqYE/biUhEUKmzgVQmSdqAeXCOFtSG1bLBYDmZy9BY/LpWrVeZHMOpbWwf7xn8wVnGoz18by550b0eXhVodVAAADs=',
  ],
  interlaced: [
    'GIF',
    'R0lGODdhFwARAJEAAAAAANwUFP///wrIHiwAAAAAFwARAEACZ4yMp8nXv2KAVIZxM966Yw9yYgBMQEmip6m27JvCqxvXq03fuvsJwjno/QDBie8kwBB/BuWAmSQ9iaUnKVk9ALAXrW8SRDrC2/GAaBwWDWoh0gmFl6JLavd6vm/z1jL47HcB+CUIUAAAOw==',
  ],
  transparent: [
    'GIF',
    'R0lGODlhFwARAJEAAAAAANwUFP///wrIHiH5BAEAAAIALAAAAAAXABEAAAJljIynyTdhBADjxVmhkBP28IWANxoPJZngkAonOz5yMNf0LccH4OpgT9uJSERQqbOBVCZJ2oB5cI4W1IbVssFgOZnL0Fj8ulatV5kcw6ltbB/vGfzBWcajPXxvLnnRvR5eFWh1UAAAOw==',
  ],
  'two bits a pixel': [
    'BMP',
    'Qk1CAQAAAAAAAHYAAAAoAAAAFwAAABEAAAABAAQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAP///wAeyAoAFBTcAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAADExMTExMTExMTExMBEzIgARMyIAETMiAAAzADMAMwAzADMAMCAyEwEgMhMBIDITADIyMjIyMjIyMjIyMBIwIQMSMCEDEjAhAAMwAzADMAMwAzADMCMxEAIjMRACIzEQADExMTExMTExMTExMBEzIgARMyIAETMiAAAzADMAMwAzADMAMCAyEwEgMhMBIDITADIyMjIyMjIyMjIyMBIwIQMSMCEDEjAhAAMwAzADMAMwAzADMCMxEAIjMRACIzEQADExMTExMTExMTExMA==',
  ],
  'eight bits a pixel': [
    'BMP',
    'Qk3OBQAAAAAAADYEAAAoAAAAFwAAABEAAAABAAgAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAP///wAeyAoAFBTcAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAMBAwEDAQMBAwEDAQMBAwEDAQMBAwEDAAEBAwMCAgAAAQEDAwICAAABAQMDAgIAAAAAAwMAAAMDAAADAwAAAwMAAAMDAAADAAIAAwIBAwABAgADAgEDAAECAAMCAQMAAAMCAwIDAgMCAwIDAgMCAwIDAgMCAwIDAAECAwACAQADAQIDAAIBAAMBAgMAAgEAAAADAwAAAwMAAAMDAAADAwAAAwMAAAMDAAIDAwEBAAACAgMDAQEAAAICAwMBAQAAAAMBAwEDAQMBAwEDAQMBAwEDAQMBAwEDAAEBAwMCAgAAAQEDAwICAAABAQMDAgIAAAAAAwMAAAMDAAADAwAAAwMAAAMDAAADAAIAAwIBAwABAgADAgEDAAECAAMCAQMAAAMCAwIDAgMCAwIDAgMCAwIDAgMCAwIDAAECAwACAQADAQIDAAIBAAMBAgMAAgEAAAADAwAAAwMAAAMDAAADAwAAAwMAAAMDAAIDAwEBAAACAgMDAQEAAAICAwMBAQAAAAMBAwEDAQMBAwEDAQMBAwEDAQMBAwEDAA==',
  ],
} as const;
const [WIDTH, HEIGHT] = [23, 17];
const COLOURS = [
  [220, 20, 20],
  [255, 255, 255],
  [0, 0, 0],
  [10, 200, 30],
] as const;

const bytesOf = (base64: string): Uint8Array =>
  Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
const picture = (type: string, data: Uint8Array) => ({ type, data, widthMm: 40, heightMm: 40 });

/** The pixels that the files were made of. */
function expected(transparent: boolean): Uint8ClampedArray {
  const out = new Uint8ClampedArray(4 * WIDTH * HEIGHT);
  for (let y = 0; y < HEIGHT; y++) {
    for (let x = 0; x < WIDTH; x++) {
      const colour = COLOURS[(x * x + 3 * y + ((x * y) >> 1)) % 4] as readonly number[];
      if (transparent && colour === COLOURS[1]) continue;
      out.set([...colour, 255], 4 * (y * WIDTH + x));
    }
  }
  return out;
}

describe.each(Object.entries(FILES))('%s', (name, [type, base64]) => {
  const bytes = bytesOf(base64);

  test('reads as the pixels it was made of', () => {
    const raster = decodePicture(picture(type, bytes));
    expect(raster).toMatchObject({ width: WIDTH, height: HEIGHT });
    expect(raster?.data).toEqual(expected(name === 'transparent'));
  });

  test('is drawn on a page as those pixels', () => {
    const drawing = sealPictureOperators(picture(type, bytes));
    if (drawing?.kind !== 'image') throw new Error('no image');
    expect(decodePicture(picture('PNG', drawing.data))?.data).toEqual(
      expected(name === 'transparent'),
    );
  });

  test('cut short or changed: read, or refused with its code', () => {
    const read = (data: Uint8Array): void => {
      try {
        decodePicture(picture(type, data));
      } catch (error) {
        expect(error).toBeInstanceOf(Malformed);
        expect((error as Malformed).code).toBe(type.toLowerCase());
      }
    };
    for (let end = 0; end < bytes.length; end++) read(bytes.subarray(0, end));
    expect(() => decodePicture(picture(type, bytes.subarray(0, -2)))).toThrow(Malformed);
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.nat(255), (at, value) => {
        read(bytes.with(at, value));
      }),
      { numRuns: 300 },
    );
  });
});

test('a second frame is refused: a seal does not move', () => {
  const gif = bytesOf(FILES.plain[1]);
  const frame = gif.indexOf(0x2c, 13);
  const twice = [...gif.subarray(0, -1), ...gif.subarray(frame)];
  expect(() => decodePicture(picture('GIF', Uint8Array.from(twice)))).toThrow(/frame/);
});
