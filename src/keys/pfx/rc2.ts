/** RC2, decrypting only (RFC 2268): the 40-bit cipher around certificates in old PKCS #12 files. */
import { type Bytes, fromHex } from '../../crypto/index.ts';
import { type BlockDecrypt, cbcDecrypt } from './cbc.ts';

const PITABLE = fromHex(
  'd978f9c419ddb5ed28e9fd794aa0d89dc67e37832b76538e624c6488448bfba2' +
    '179a59f587b34f1361456d8d09817d32bd8f40eb86b77b0bf09521225c6b4e82' +
    '54d66593ce60b21c7356c014a78cf1dc1275ca1f3bbee4d1423dd430a33cb626' +
    '6fbf0eda4669075727f21d9bbc944303f811c7f690ef3ee706c3d52fc8661ed7' +
    '08e8eade8052eef784aa72ac354d6a2a961ad2715a1549744b9fd05e0418a4ec' +
    'c2e0416e0f51cbcc2491af50a1f47039997c3a8523b8b47afc02365b25559731' +
    '2d5dfa98e38a92ae05df2910676cbac9d300e6cfe19ea82c6316013f58e289a9' +
    '0d38341bab33ffb0bb480c5fb9b1cd2ec5f3db47e5a59c770aa62068fe7fc1ad',
) as Bytes;

const SHIFTS = [1, 2, 3, 5] as const;

/** Key expansion (section 2); the effective length is that of the key. */
function expand(key: Uint8Array): Uint16Array {
  const size = key.length;
  const octets = new Uint8Array(128);
  octets.set(key);
  const pi = (i: number) => PITABLE[i & 0xff] as number;
  for (let i = size; i < 128; i++) {
    octets[i] = pi((octets[i - 1] as number) + (octets[i - size] as number));
  }
  octets[128 - size] = pi(octets[128 - size] as number);
  for (let i = 127 - size; i >= 0; i--) {
    octets[i] = pi((octets[i + 1] as number) ^ (octets[i + size] as number));
  }
  return Uint16Array.from({ length: 64 }, (_, i) => octets[2 * i]! | (octets[2 * i + 1]! << 8));
}

function blockDecrypt(key: Uint8Array): BlockDecrypt {
  const k = expand(key);
  return (block) => {
    const r = Uint16Array.from({ length: 4 }, (_, i) => block[2 * i]! | (block[2 * i + 1]! << 8));
    let j = 63;
    const word = (i: number) => r[i & 3] as number;
    const mix = () => {
      for (let i = 3; i >= 0; i--) {
        const by = SHIFTS[i] as number;
        const turned = (word(i) >>> by) | (word(i) << (16 - by));
        const [a, b, c] = [word(i + 3), word(i + 2), word(i + 1)];
        r[i] = turned - (k[j--] as number) - (a & b) - (~a & c);
      }
    };
    const mash = () => {
      for (let i = 3; i >= 0; i--) r[i] = word(i) - (k[word(i + 3) & 63] as number);
    };
    for (let n = 0; n < 16; n++) {
      if (n === 5 || n === 11) mash();
      mix();
    }
    return Uint8Array.from({ length: 8 }, (_, i) => (word(i >> 1) >> (8 * (i & 1))) & 0xff);
  };
}

/** @param key 5 or 16 octets. @throws {Malformed} `pfx-padding` */
export const rc2Cbc = (key: Uint8Array, iv: Uint8Array, data: Uint8Array): Uint8Array =>
  cbcDecrypt(blockDecrypt(key), iv, data);
