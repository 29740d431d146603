/** Classes of bytes (ISO 32000-2, 7.2.3). */

export const REGULAR = 0;
export const WHITE = 1;
const DELIMITER = 2;
/** Class of each byte (7.2.3). */
export const KIND = new Uint8Array(256);
for (const byte of [0, 9, 10, 12, 13, 32]) KIND[byte] = WHITE;
for (const char of '()<>[]{}/%') KIND[char.charCodeAt(0)] = DELIMITER;

/** Value of a hexadecimal digit, -1 for any other byte. */
export const HEX = new Int8Array(256).fill(-1);
for (let i = 0; i < 10; i++) HEX[48 + i] = i;
for (let i = 0; i < 6; i++) HEX[65 + i] = HEX[97 + i] = 10 + i;

export function isWhite(byte: number | undefined): boolean {
  return byte !== undefined && KIND[byte] === WHITE;
}

/** Value of a hexadecimal digit, or -1. */
export function hexDigit(byte: number | undefined): number {
  return byte === undefined ? -1 : (HEX[byte] as number);
}
